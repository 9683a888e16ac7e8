import type { StyleName } from '../../../src/face/head/style';
import type { ArkitName } from '../../../src/face/names';
import type { Bump } from './warp';

/** What the fake camera shows, scene after scene, over and over. */

/** Of the picture, pixels. */
export const WIDTH = 480;
export const HEIGHT = 360;
/** Few, so that the film is small; the tracker keeps up with more. */
export const FRAMES_PER_SECOND = 5;
/** Frames that an expression stays, and a face at rest, whose calibration takes a second and eight frames. */
const SHORT = 8;
const LONG = 20;

export interface Scene {
  readonly name: string;
  readonly frames: number;
  readonly picture: HeadPicture | PhotoPicture | null;
}

/** One of our own heads. */
export interface HeadPicture {
  readonly style: StyleName;
  readonly weights: Readonly<Partial<Record<ArkitName, number>>>;
  /** Turn about an axis of the head's frame (x forward, y to its left, z up), rad. */
  readonly turn?: readonly [x: number, y: number, z: number, angle: number];
}

/** The sample photograph of `@vladmandic/human`, parts of which are moved. */
export interface PhotoPicture {
  readonly bumps: readonly Bump[];
  /** Part of the light that is missing. */
  readonly dark?: number;
  /** A dark mouth. */
  readonly mouth?: { readonly x: number; readonly y: number; readonly rx: number; readonly ry: number };
}

function head(name: string, weights: HeadPicture['weights'], turn?: HeadPicture['turn']): Scene {
  const frames = name === 'head' ? LONG : SHORT;
  return { name, frames, picture: { style: 'human', weights, ...(turn === undefined ? {} : { turn }) } };
}

function photo(name: string, bumps: readonly Bump[], mouth?: PhotoPicture['mouth']): Scene {
  const frames = name === 'photo' ? LONG : SHORT;
  return { name, frames, picture: { bumps, ...(mouth === undefined ? {} : { mouth }) } };
}

function bump(x: number, y: number, rx: number, ry: number, dx: number, dy: number): Bump {
  return { x, y, rx, ry, dx, dy };
}

export const FILM: readonly Scene[] = [
  { name: 'nobody', frames: SHORT, picture: null },
  // Brows of our heads are so high that the network takes raised ones for something else: they begin lowered.
  head('head', { browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head jaw', { jawOpen: 0.8, browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head blink', { eyeBlinkLeft: 1, eyeBlinkRight: 1, browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head wink', { eyeBlinkLeft: 1, browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head smile', { mouthSmileLeft: 0.8, mouthSmileRight: 0.8, browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head smirk', { mouthSmileLeft: 1, browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head pucker', { mouthPucker: 0.9, browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head frown', { mouthFrownLeft: 1, mouthFrownRight: 1, browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head brow', { browInnerUp: 0.2 }),
  head('head look', { eyeLookOutLeft: 1, eyeLookInRight: 1, browDownLeft: 0.8, browDownRight: 0.8 }),
  head('head turn', { browDownLeft: 0.8, browDownRight: 0.8 }, [0, 0, 1, -0.35]),
  head('head bow', { browDownLeft: 0.8, browDownRight: 0.8 }, [0, 1, 0, 0.3]),
  head('head lean', { browDownLeft: 0.8, browDownRight: 0.8 }, [1, 0, 0, -0.3]),
  photo('photo', []),
  photo('photo jaw', [bump(237, 275, 75, 45, 0, 18)], { x: 237, y: 249, rx: 24, ry: 11 }),
  photo('photo smile', [bump(204, 240, 30, 30, -10, -9), bump(270, 238, 30, 30, 10, -9)]),
  photo('photo squint', [bump(183, 150, 30, 15, 0, -6), bump(285, 147, 30, 15, 0, -6)]),
  photo('photo brow', [bump(182, 117, 48, 30, 0, -11), bump(282, 112, 48, 30, 0, -11)]),
  { name: 'photo dark', frames: SHORT, picture: { bumps: [], dark: 0.85 } },
];
