import { Color, Vector3, type Camera, type Object3D } from 'three';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { CHANNELS } from '../face/frame';
import type { HeadColours, StyleName } from '../face/head/style';
import { coloursOf } from '../face/look';
import { SHAPES } from '../face/names';
import type { CameraControl } from './camera';
import type { GlbKind } from './glb_head';
import { GlbHeads } from './glb_heads';
import { HeadKinds } from './head_kinds';
import { HeadLoader } from './head_loader';
import { aside, centre, look, multiply, nod } from './head_pose';
import { MAX_HEADS } from './head_slots';
import { Heads, type HeadState } from './heads';
import { brightnessOf } from './lights';
import { bodyPoint } from './quat';
import { ReadyHeads } from './ready_heads';
import type { SceneHead } from './scene_head';
import type { Stage } from './stage';

/** A person's head has a person's size where the model is as large, and a part of smaller models' extent. */
const SIZE = { most: 0.3, ofExtent: 0.12 } as const;
/** It is never lower than this, CSS px: from afar one still sees who it is, and who speaks. */
const LEAST_PX = 44;
/** A head this near to one's own eye is not seen, and one this far is seen wholly, in heights of the head. */
const FADE = [1.5, 3] as const;
/** People with the same view stand side by side: the distance of their eyes, in heights of a head. */
const APART = 0.8;
/** Where a name hangs above a head, from between the eyes, in heights of the head. */
const ABOVE = 0.5;

/** A face has moved when something of it did so by this, device pixels. */
const VISIBLE_PX = 0.25;
/** How far a shape of weight 1 and a turn of 1 rad move what moves most, in heights of the head. */
const REACH = { shape: 0.12, turn: 0.5 } as const;

/** What a person has told their system. */
export const REDUCED_MOTION = window.matchMedia('(prefers-reduced-motion: reduce)');

/** How large the picture is: CSS px high, and device pixels for each of them. */
export interface PictureSize {
  readonly height: number;
  readonly pixelRatio: number;
}

/** A head as it stands in the picture. */
class Placed implements HeadState {
  readonly style: StyleName;
  readonly colours: HeadColours;
  readonly position = new Float32Array(3);
  readonly quaternion = new Float32Array(4);
  readonly weights: Float32Array;
  readonly casts: boolean;
  size = 0;
  opacity = 0;
  /** Whether it has its place in this picture. */
  stands = false;
  /** Height in device pixels, in the last picture; 0 out of sight. */
  pixels = 0;
  /** The face of the last picture. */
  readonly shown = new Float32Array(CHANNELS);

  constructor(readonly head: SceneHead) {
    const colour = new Color().setStyle(head.colour, '');
    this.style = head.look.style;
    this.colours = coloursOf(head.look, [colour.r, colour.g, colour.b]);
    this.weights = head.face;
    this.casts = head.on !== 'person';
  }
}

/** One that is somebody's own. */
class PlacedGlb extends Placed {
  constructor(
    head: SceneHead,
    readonly glb: GlbKind,
  ) {
    super(head);
  }
}

/**
 * Everybody's heads in the scene: where people are, and on bodies and sites.
 *
 * For a picture: {@link begin}, then {@link stand} for each person who is there, then {@link end}.
 */
export class Faces {
  /** Styles of heads, for whoever else draws them. */
  readonly kinds = new HeadKinds();
  readonly loader = new HeadLoader(this.kinds);
  private readonly heads: Heads;
  private readonly glbs: GlbHeads;
  private readonly ready: ReadyHeads;
  private list: readonly Placed[] = [];
  private readonly people = new Map<number, Placed>();
  private model: ModelCopy | null = null;
  private camera: CameraControl | null = null;
  private picture: PictureSize = { height: 1, pixelRatio: 1 };
  private withPeople = true;
  private changed = false;
  private readonly point = new Vector3();

  /**
   * @param compile makes the programs for an object, so that drawing it first does not wait for them
   * @param reducedMotion whether heads at rest keep still
   */
  constructor(
    stage: Pick<Stage, 'solid' | 'mirroredSolid' | 'casters' | 'mirror' | 'materials'>,
    compile: (object: Object3D) => Promise<unknown>,
    private readonly reducedMotion: { readonly matches: boolean } = REDUCED_MOTION,
  ) {
    const around = { mirror: stage.mirror, uniforms: stage.materials.uniforms };
    const heads = new Heads(this.kinds, around);
    const glbs = new GlbHeads(around);
    this.heads = heads;
    this.glbs = glbs;
    this.ready = new ReadyHeads(
      this.loader,
      {
        prepare: (what) => {
          if (typeof what === 'string') heads.prepare(what);
          else glbs.prepare(what);
          const { object, mirrored, casters } = typeof what === 'string' ? heads : glbs;
          // Programs for a mirror are made where there is one.
          return stage.mirroredSolid.visible ? [object, mirrored, casters] : [object, casters];
        },
      },
      compile,
      () => {
        this.changed = true;
      },
    );
    stage.solid.add(heads.object, glbs.object);
    stage.mirroredSolid.add(heads.mirrored, glbs.mirrored);
    stage.casters.add(heads.casters, glbs.casters);
  }

  setModel(model: ModelCopy): void {
    this.model = model;
    this.heads.brightness = this.glbs.brightness = brightnessOf(model);
  }

  /** Says which heads there are; they show when their style is here. */
  setHeads(heads: readonly SceneHead[]): void {
    this.list = heads
      .slice(0, MAX_HEADS)
      .map((head) => (head.glb === null ? new Placed(head) : new PlacedGlb(head, head.glb)));
    this.people.clear();
    for (const placed of this.list)
      if (placed.head.on === 'person') this.people.set(placed.head.seat, placed);
    for (let slot = 0; slot < MAX_HEADS; slot++) this.remove(slot);
    for (const { head } of this.list) this.ready.has(head);
    this.changed = true;
  }

  /**
   * Begins a picture with the heads on bodies and sites. The camera is in place already.
   *
   * @param withPeople without, people's own heads are left out
   */
  begin(frame: Frame, camera: CameraControl, picture: PictureSize, withPeople: boolean): void {
    this.camera = camera;
    this.picture = picture;
    this.withPeople = withPeople;
    for (const placed of this.list) {
      placed.opacity = 0;
      placed.stands = false;
      if (placed.head.on !== 'person' && this.ready.has(placed.head))
        this.carry(placed, placed.head.on, frame);
    }
  }

  /**
   * Puts a person's head where they are, or beside those who are there already.
   *
   * @param at of their eye and then of the point they look at, in `places`; the eye is moved with the head
   * @returns how far above the eye their name has room, m; -1 when there is no head of theirs
   */
  stand(seat: number, places: Float32Array, at: number): number {
    const { camera, model } = this;
    const placed = this.people.get(seat);
    if (placed === undefined || camera === null || model === null || !this.ready.has(placed.head)) return -1;
    const { position, quaternion } = placed;
    for (let i = 0; i < 3; i++) position[i] = places[at + i] ?? 0;
    look(
      quaternion,
      (places[at + 3] ?? 0) - (places[at] ?? 0),
      (places[at + 4] ?? 0) - (places[at + 1] ?? 0),
      (places[at + 5] ?? 0) - (places[at + 2] ?? 0),
    );
    const { extent } = model.stat;
    placed.size = placed.head.size ?? Math.min(SIZE.most, SIZE.ofExtent * extent);
    placed.size = Math.max(placed.size, LEAST_PX * this.pixel(position));
    // Who is at one's own eye is not seen beside it either.
    let distance = this.distance(position);
    this.makeWay(placed);
    distance = Math.min(distance, this.distance(position)) / placed.size;
    const opacity = Math.min(1, Math.max(0, (distance - FADE[0]) / (FADE[1] - FADE[0])));
    placed.opacity = this.withPeople ? opacity : 0;
    nod(quaternion, placed.weights, this.reducedMotion.matches);
    places.set(position, at);
    return ABOVE * placed.size;
  }

  /** Makes the picture's heads ready to be drawn from this camera, whose matrices are up to date. */
  end(camera: Camera): void {
    const { heads, glbs, list } = this;
    for (let slot = 0; slot < list.length; slot++) {
      const placed = list[slot];
      if (placed !== undefined && placed.opacity > 0) this.put(slot, placed);
      else this.remove(slot);
    }
    heads.update(camera);
    glbs.update(camera);
    for (let slot = 0; slot < list.length; slot++) {
      const placed = list[slot];
      if (placed === undefined) continue;
      const seen = heads.sees(slot) || glbs.sees(slot);
      placed.pixels = seen
        ? (this.picture.pixelRatio * placed.size) / Math.max(this.pixel(placed.position), 1e-9)
        : 0;
      if (seen) placed.shown.set(placed.weights);
    }
    // What people's heads are left out of is not the picture that stays on the screen: that one is drawn anew.
    this.changed = !this.withPeople;
  }

  /** Whether a face in sight has moved since the last picture, or there is another one: another picture is worth it. */
  get moved(): boolean {
    if (this.changed) return true;
    for (const placed of this.list)
      if (placed.pixels > 0 && hasMoved(placed.weights, placed.shown, placed.pixels)) return true;
    return false;
  }

  /** Largest height of a person's heads in the last picture, device pixels; 0 out of sight. */
  pixels(seat: number): number {
    let most = 0;
    for (const { head, pixels } of this.list) if (head.seat === seat) most = Math.max(most, pixels);
    return most;
  }

  dispose(): void {
    this.heads.dispose();
    this.glbs.dispose();
    this.loader.dispose();
    this.kinds.dispose();
  }

  private remove(slot: number): void {
    this.heads.remove(slot);
    this.glbs.remove(slot);
  }

  /** Puts a head into the picture: somebody's own, if it can be drawn, else one of their style. */
  private put(slot: number, placed: Placed): void {
    const isOwn = placed instanceof PlacedGlb && this.ready.hasGlb(placed.glb) && this.glbs.set(slot, placed);
    if (isOwn) this.heads.remove(slot);
    else if (this.ready.hasStyle(placed.style)) this.heads.set(slot, placed);
  }

  /** Moves a person's head beside those who stand already; it still looks as it did. */
  private makeWay(placed: Placed): void {
    const { position, quaternion, head } = placed;
    // To both sides of who was there first.
    const side = head.seat % 2 === 0 ? 1 : -1;
    for (const other of this.list)
      if (other.stands)
        aside(position, quaternion, other.position, side, APART * Math.max(placed.size, other.size));
    placed.stands = true;
  }

  private distance(position: Float32Array): number {
    return this.camera === null ? 0 : this.point.fromArray(position).distanceTo(this.camera.eye);
  }

  /** On a body or site: the head's middle is where the object is. */
  private carry(placed: Placed, on: Exclude<SceneHead['on'], 'person'>, frame: Frame): void {
    const { model } = this;
    if (model === null) return;
    const site = 'site' in on ? on.site : -1;
    const body = 'body' in on ? on.body : (model.site_bodyid[site] ?? -1);
    // Of another model than this one: the list of heads is about to change too.
    if (body < 0 || body >= model.nbody) return;
    const { xpos, xquat } = frame;
    const { position, quaternion } = placed;
    for (let i = 0; i < 4; i++) quaternion[i] = xquat[4 * body + i] ?? 0;
    for (let i = 0; i < 3; i++) position[i] = xpos[3 * body + i] ?? 0;
    if (site >= 0) {
      bodyPoint(xpos, xquat, body, model.site_pos, 3 * site, this.point).toArray(position);
      multiply(quaternion, model.site_quat, 4 * site);
    }
    nod(quaternion, placed.weights, this.reducedMotion.matches);
    placed.size = placed.head.size ?? Math.min(SIZE.most, SIZE.ofExtent * model.stat.extent);
    centre(position, quaternion, placed.size);
    placed.opacity = 1;
  }

  /** Size of a CSS pixel at a point, m; tiny behind the eye. */
  private pixel(position: Float32Array): number {
    const { camera } = this;
    if (camera === null) return 0;
    const depth = this.point.fromArray(position).sub(camera.eye).dot(camera.forward);
    return camera.lens.heightAt(Math.max(depth, camera.lens.near)) / this.picture.height;
  }
}

/** Whether a face looks different from how it was drawn, at so many pixels. */
export function hasMoved(face: Float32Array, drawn: Float32Array, pixels: number): boolean {
  const shape = VISIBLE_PX / (REACH.shape * pixels);
  const angle = VISIBLE_PX / (REACH.turn * pixels);
  for (let i = 0; i < CHANNELS; i++)
    if (Math.abs((face[i] ?? 0) - (drawn[i] ?? 0)) > (i < SHAPES ? shape : angle)) return true;
  return false;
}
