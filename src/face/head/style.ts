import type { Lump, Point } from './field';

/** sRGB, 0..1. */
export type Rgb = readonly [number, number, number];

export const STYLE_NAMES = ['android', 'human', 'robot'] as const;
export type StyleName = (typeof STYLE_NAMES)[number];

/**
 * The form of a head. Head frame: x forward, y to the head's own left, z up; the origin midway between the centres of
 * the eyes' openings. Metres and radians.
 */
export interface HeadShape {
  readonly lumps: readonly Lump[];
  readonly eye: {
    /** Centre of the left eyeball. */
    readonly at: Point;
    readonly radius: number;
    /** Thickness of the lids. */
    readonly lid: number;
    /** How softly the lids melt into the face. */
    readonly blend: number;
    /** Half width of the opening, and how far it reaches above and below, as angles at the eye's centre. */
    readonly width: number;
    readonly upper: number;
    readonly lower: number;
    /** How much higher the outer corner is than the middle. */
    readonly tilt: number;
    /** Its outline: 0.5 is an oval, more is pointed at the corners. */
    readonly almond: number;
    /** Half angles of iris and pupil. */
    readonly iris: number;
    readonly pupil: number;
    /** How heavy the line of the lashes is: 0 is none; from 0.76 on it has a wing. */
    readonly lashes: number;
  };
  readonly mouth: {
    /** Height of its middle, half its width, how much higher its corners are, depth of the bow of the upper lip. */
    readonly z: number;
    readonly width: number;
    readonly curve: number;
    readonly bow: number;
    /** Height of the red of each lip, and how far the lips stand out. */
    readonly upper: number;
    readonly lower: number;
    readonly puff: number;
  };
  readonly brow: {
    /** Height of its inner end, its arch and its outer end. */
    readonly inner: Point2;
    readonly arch: Point2;
    readonly outer: Point2;
    readonly height: number;
    readonly thickness: number;
    /** 0 tapers to a point at the outer end, 1 keeps its height. */
    readonly bluntness: number;
  };
  readonly ear: {
    readonly kind: 'ear' | 'pod';
    readonly at: Point;
    /** Half length along x and z, and how far it stands out. */
    readonly size: Point;
  };
  readonly hair: { readonly thickness: number; readonly front: number } | null;
  readonly neck: { readonly from: number; readonly to: number };
  readonly jaw: {
    /** A point of the hinge's axis, which is along y. */
    readonly hinge: Point;
    /** Turn at jawOpen = 1. */
    readonly open: number;
  };
}

/** y and z. */
export type Point2 = readonly [number, number];

/** The colours a person chooses. */
export interface HeadColours {
  readonly skin: Rgb;
  /** Panels, ear pods, collar. */
  readonly accent: Rgb;
  /** Hair and brows. */
  readonly hair: Rgb;
  readonly iris: Rgb;
  readonly lips: Rgb;
}

const ANDROID: readonly Lump[] = [
  // Skull, then the mask of the face, then jaw and chin.
  { at: [-0.06, 0, 0.03], radii: [0.093, 0.078, 0.09], blend: 0 },
  { at: [-0.034, 0, -0.03], radii: [0.063, 0.068, 0.07], blend: 0.03 },
  { at: [-0.012, 0, -0.074], radii: [0.034, 0.036, 0.026], blend: 0.034 },
  { at: [0.012, 0, -0.088], radii: [0.012, 0.016, 0.012], blend: 0.024 },
  // Cheeks.
  { at: [-0.001, 0.041, -0.04], radii: [0.024, 0.023, 0.02], blend: 0.026 },
  // The round in front of the teeth.
  { at: [0.002, 0, -0.064], radii: [0.022, 0.03, 0.02], blend: 0.02 },
  // Brow.
  { from: [0.006, 0.012, 0.031], to: [-0.004, 0.05, 0.029], radius: [0.014, 0.012], blend: 0.024 },
  // Nose: bridge, tip, wings.
  { from: [0.014, 0, 0.008], to: [0.0285, 0, -0.03], radius: [0.006, 0.0065], blend: 0.018 },
  { at: [0.0325, 0, -0.034], radii: [0.0075, 0.0075, 0.0065], blend: 0.009 },
  { at: [0.0255, 0.0078, -0.0365], radii: [0.0065, 0.005, 0.0045], blend: 0.008 },
  // Neck.
  { from: [-0.068, 0, -0.06], to: [-0.068, 0, -0.3], radius: [0.035, 0.035], blend: 0.02 },
];

const HUMAN: readonly Lump[] = [
  { at: [-0.058, 0, 0.028], radii: [0.09, 0.079, 0.086], blend: 0 },
  { at: [-0.034, 0, -0.034], radii: [0.062, 0.071, 0.066], blend: 0.03 },
  { at: [-0.012, 0, -0.074], radii: [0.035, 0.042, 0.026], blend: 0.034 },
  { at: [0.01, 0, -0.087], radii: [0.014, 0.02, 0.012], blend: 0.024 },
  { at: [0, 0.043, -0.042], radii: [0.025, 0.025, 0.022], blend: 0.026 },
  { at: [0.002, 0, -0.064], radii: [0.022, 0.032, 0.02], blend: 0.02 },
  { from: [0.007, 0.012, 0.031], to: [-0.004, 0.05, 0.029], radius: [0.014, 0.012], blend: 0.024 },
  { from: [0.012, 0, 0.004], to: [0.028, 0, -0.028], radius: [0.006, 0.008], blend: 0.02 },
  { at: [0.0345, 0, -0.0335], radii: [0.0105, 0.0115, 0.0095], blend: 0.009 },
  { at: [0.025, 0.0115, -0.037], radii: [0.008, 0.0066, 0.006], blend: 0.008 },
  { from: [-0.068, 0, -0.06], to: [-0.068, 0, -0.3], radius: [0.036, 0.037], blend: 0.022 },
];

const ROBOT: readonly Lump[] = [
  { at: [-0.06, 0, 0.022], radii: [0.086, 0.083, 0.08], blend: 0, power: 3.4 },
  { at: [-0.034, 0, -0.036], radii: [0.062, 0.078, 0.06], blend: 0.02, power: 3.2 },
  { at: [-0.012, 0, -0.072], radii: [0.036, 0.05, 0.024], blend: 0.03, power: 2.6 },
  { at: [0.0, 0, -0.064], radii: [0.022, 0.036, 0.018], blend: 0.02 },
  // The ledge that carries the visor.
  { from: [0.016, 0, 0.044], to: [-0.004, 0.062, 0.04], radius: [0.009, 0.008], blend: 0.012 },
  { at: [0.02, 0, -0.033], radii: [0.012, 0.011, 0.008], blend: 0.014 },
  { from: [-0.066, 0, -0.06], to: [-0.066, 0, -0.3], radius: [0.031, 0.031], blend: 0.01 },
];

export const SHAPES_OF: Readonly<Record<StyleName, HeadShape>> = {
  android: {
    lumps: ANDROID,
    eye: {
      at: [-0.0045, 0.0365, 0],
      radius: 0.0262,
      lid: 0.0018,
      blend: 0.016,
      width: 0.8,
      upper: 0.5,
      lower: 0.42,
      tilt: 0.06,
      almond: 0.7,
      iris: 0.54,
      pupil: 0.25,
      lashes: 0.79,
    },
    mouth: {
      z: -0.0665,
      width: 0.0245,
      curve: 0.003,
      bow: 0.0008,
      upper: 0.0048,
      lower: 0.006,
      puff: 0.0028,
    },
    brow: {
      inner: [0.0155, 0.036],
      arch: [0.038, 0.0402],
      outer: [0.061, 0.029],
      height: 0.0056,
      thickness: 0.0022,
      bluntness: 0.15,
    },
    ear: { kind: 'pod', at: [-0.058, 0.071, -0.008], size: [0.021, 0.021, 0.012] },
    hair: null,
    neck: { from: -0.124, to: -0.158 },
    jaw: { hinge: [-0.062, 0, -0.03], open: 0.36 },
  },
  human: {
    lumps: HUMAN,
    eye: {
      at: [-0.0045, 0.0365, 0],
      radius: 0.0258,
      lid: 0.0019,
      blend: 0.017,
      width: 0.78,
      upper: 0.52,
      lower: 0.44,
      tilt: 0.02,
      almond: 0.64,
      iris: 0.54,
      pupil: 0.26,
      lashes: 0.75,
    },
    mouth: { z: -0.067, width: 0.027, curve: 0.004, bow: 0.0006, upper: 0.0042, lower: 0.0056, puff: 0.0026 },
    brow: {
      inner: [0.0155, 0.0375],
      arch: [0.038, 0.0415],
      outer: [0.06, 0.032],
      height: 0.0085,
      thickness: 0.0034,
      bluntness: 0.4,
    },
    ear: { kind: 'ear', at: [-0.06, 0.073, -0.012], size: [0.018, 0.028, 0.014] },
    hair: { thickness: 0.014, front: 0.068 },
    neck: { from: -0.124, to: -0.158 },
    jaw: { hinge: [-0.062, 0, -0.03], open: 0.36 },
  },
  robot: {
    lumps: ROBOT,
    eye: {
      at: [-0.009, 0.0385, 0.002],
      radius: 0.0305,
      lid: 0.0026,
      blend: 0.005,
      width: 0.74,
      upper: 0.68,
      lower: 0.62,
      tilt: 0,
      almond: 0.5,
      iris: 0.58,
      pupil: 0.2,
      lashes: 0.56,
    },
    mouth: { z: -0.068, width: 0.031, curve: 0.0035, bow: 0, upper: 0.0034, lower: 0.0036, puff: 0.0024 },
    brow: {
      inner: [0.007, 0.042],
      arch: [0.036, 0.0435],
      outer: [0.068, 0.0385],
      height: 0.0135,
      thickness: 0.007,
      bluntness: 1,
    },
    ear: { kind: 'pod', at: [-0.056, 0.079, 0], size: [0.027, 0.027, 0.016] },
    hair: null,
    neck: { from: -0.124, to: -0.158 },
    jaw: { hinge: [-0.062, 0, -0.03], open: 0.32 },
  },
};
