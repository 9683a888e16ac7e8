import {
  AlwaysDepth,
  Color,
  DoubleSide,
  DynamicDrawUsage,
  GLSL3,
  Group,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  LessEqualDepth,
  Mesh,
  NormalBlending,
  RawShaderMaterial,
  Vector2,
  type WebGLRenderer,
} from 'three';
import { HEADER, MAX_PERSONS, PERSON, type Frame } from '../core/frame';
import type { CameraControl } from './camera';
import { LabelMesh } from './label_mesh';
import { PLACE_SIZE } from './label_place';
import { markGeometry } from './people_geometry';
import { FRAGMENT, VERTEX } from './people_shader';

/** Somebody whose marks are drawn when a frame has their record. */
export interface Person {
  readonly seat: number;
  readonly name: string;
  /** `#rrggbb`. */
  readonly colour: string;
}

/** Heads that stand in for marks. */
export interface StandIns {
  /**
   * Says where somebody is.
   *
   * @param at of their eye and then of the point they look at, in `places`; world, m. The eye may be moved: people who
   *   are at the same place stand side by side
   * @returns how far above the eye their name has room, m; -1 when there is nothing in place of their mark
   */
  stand(seat: number, places: Float32Array, at: number): number;
}

/** Updates come 10 to 20 times a second; the marks have gone two thirds of the way to the newest after this, ms. */
const SMOOTHING_MS = 70;
/** What is closer to its target than this part of the model's extent stands still. */
const STILL = 1e-4;
/** A mark this near to one's own eye is not seen, and one this far is seen wholly, in model extents. */
const FADE = [0.04, 0.15] as const;
/** Behind other things a mark still shows, this strongly. */
const HIDDEN_ALPHA = 0.3;
/** How far above the eye the name hangs, CSS px. */
const LIFT_PX = 16;

/** Floats per person as the graphics card gets them; the eye and then the point looked at are as {@link StandIns} has them. */
const RECORD = { eye: 0, lookat: 3, hit: 6, colour: 9, strength: 12, mark: 14, stride: 15 } as const;
/** Floats per person that move: eye, point looked at, point hit, and how strongly they point. */
const MOVING = { eye: 0, lookat: 3, hit: 6, pointing: 9, stride: 10 } as const;

/**
 * Where everybody else is and what they point at: two draw calls for the marks, one for the names, none when alone.
 *
 * Marks move towards the newest record of each person without ever overshooting it, and nothing is allocated for it.
 */
export class People {
  readonly object = new Group();
  private readonly marks = new Group();
  private readonly names = new LabelMesh(LIFT_PX);
  private readonly geometry = markGeometry();
  private readonly values = new Float32Array(RECORD.stride * MAX_PERSONS);
  private readonly records = new InstancedInterleavedBuffer(this.values, RECORD.stride);
  private readonly shared = { viewport: { value: new Vector2(1, 1) }, pixelRatio: { value: 1 } };
  private readonly materials: readonly RawShaderMaterial[];
  private people: readonly Person[] = [];
  /** Three floats for each of `people`. */
  private colours = new Float32Array(0);
  /** Seat in each place of `moving`, or -1; and the last turn in which it had a record. */
  private readonly seats = new Int32Array(MAX_PERSONS).fill(-1);
  private readonly seen = new Int32Array(MAX_PERSONS);
  private readonly moving = new Float32Array(MOVING.stride * MAX_PERSONS);
  private turn = 0;
  private last = 0;
  private extent = 1;

  /** @param reducedMotion whether marks jump instead of moving */
  constructor(
    private readonly reducedMotion: { readonly matches: boolean } = window.matchMedia(
      '(prefers-reduced-motion: reduce)',
    ),
  ) {
    const { geometry, records } = this;
    records.setUsage(DynamicDrawUsage);
    for (const [name, size, offset] of [
      ['eye', 3, RECORD.eye],
      ['lookat', 3, RECORD.lookat],
      ['hit', 3, RECORD.hit],
      ['color', 3, RECORD.colour],
      ['strength', 2, RECORD.strength],
      ['mark', 1, RECORD.mark],
    ] as const)
      geometry.setAttribute(name, new InterleavedBufferAttribute(records, size, offset));
    geometry.instanceCount = 0;
    // Faintly through everything, then fully where nothing is in front.
    this.materials = [this.material(HIDDEN_ALPHA, false), this.material(1, true)];
    for (const material of this.materials) {
      const mesh = new Mesh(geometry, material);
      mesh.frustumCulled = false;
      mesh.onBeforeRender = (renderer) => this.measure(renderer);
      this.marks.add(mesh);
    }
    this.names.object.visible = true;
    this.object.add(this.marks, this.names.object);
    this.object.visible = false;
  }

  /** @param extent of the model, m */
  setExtent(extent: number): void {
    this.extent = extent;
  }

  /**
   * Says who is who. Somebody who is not told of has no mark.
   *
   * @param pixelRatio device pixels per CSS pixel, for the names
   */
  setPeople(people: readonly Person[], pixelRatio: number): void {
    this.people = people;
    this.colours = new Float32Array(3 * people.length);
    const colour = new Color();
    // Exactly this colour, with no conversion, as everything in this view is drawn.
    people.forEach((person, i) => colour.setStyle(person.colour, '').toArray(this.colours, 3 * i));
    this.names.setTexts(
      people.map(({ name }) => name),
      pixelRatio,
      people.map((person) => person.colour),
    );
  }

  /**
   * Moves everything on to a picture at `nowMs`. The camera is in place already.
   *
   * @param standIns what shows people otherwise than by marks; rays and names are drawn all the same
   * @returns whether something has still a way to go, so that another picture is worth drawing
   */
  update(
    { header, persons }: Frame,
    camera: CameraControl,
    nowMs: number,
    standIns: StandIns | null = null,
  ): boolean {
    const count = Math.min(header[HEADER.personCount] ?? 0, MAX_PERSONS);
    this.object.visible = count > 0 && this.people.length > 0;
    this.turn++;
    if (!this.object.visible) {
      this.seats.fill(-1);
      return false;
    }
    const part = this.reducedMotion.matches
      ? 1
      : 1 - Math.exp(-Math.max(0, nowMs - this.last) / SMOOTHING_MS);
    this.last = nowMs;
    const { places } = this.names;
    for (let i = 3; i < places.length; i += PLACE_SIZE) places[i] = 0;
    let drawn = 0;
    let restless = false;
    for (let i = 0; i < count; i++) {
      const at = PERSON.stride * i;
      const who = this.indexOf(persons[at + PERSON.seat] ?? -1);
      if (who < 0) continue;
      const place = this.placeOf(persons, at);
      if (place < 0) continue;
      if (this.approach(persons, at, place, part)) restless = true;
      this.write(drawn++, who, place, camera, standIns);
    }
    for (let place = 0; place < MAX_PERSONS; place++)
      if (this.seen[place] !== this.turn) this.seats[place] = -1;
    this.geometry.instanceCount = drawn;
    this.records.needsUpdate = true;
    this.names.arrange(camera);
    return restless;
  }

  dispose(): void {
    this.object.removeFromParent();
    this.geometry.dispose();
    this.names.dispose();
    for (const material of this.materials) material.dispose();
  }

  private indexOf(seat: number): number {
    for (let i = 0; i < this.people.length; i++) if (this.people[i]?.seat === seat) return i;
    return -1;
  }

  /** The place of a record's seat in `moving`; somebody new stands at once where they are. */
  private placeOf(persons: Float32Array, at: number): number {
    const seat = persons[at + PERSON.seat] ?? -1;
    let place = this.seats.indexOf(seat);
    if (place < 0) {
      place = this.seats.indexOf(-1);
      if (place < 0) return -1;
      this.seats[place] = seat;
      this.jump(persons, at, place, MOVING.eye, PERSON.eye, 6);
      this.moving[MOVING.stride * place + MOVING.pointing] = 0;
    }
    this.seen[place] = this.turn;
    return place;
  }

  /** Goes a part of the way to a record; true while there is more to go. */
  private approach(persons: Float32Array, at: number, place: number, part: number): boolean {
    const { moving } = this;
    const to = MOVING.stride * place;
    const pointing = persons[at + PERSON.pointing] === 1 ? 1 : 0;
    // A ray that appears does so where it points.
    if (pointing === 1 && (moving[to + MOVING.pointing] ?? 0) < STILL)
      this.jump(persons, at, place, MOVING.hit, PERSON.hit, 3);
    let most = this.go(to + MOVING.pointing, pointing, part) * this.extent;
    for (let k = 0; k < 3; k++) {
      most = Math.max(most, this.go(to + MOVING.eye + k, persons[at + PERSON.eye + k] ?? 0, part));
      most = Math.max(most, this.go(to + MOVING.lookat + k, persons[at + PERSON.lookat + k] ?? 0, part));
      if (pointing === 1)
        most = Math.max(most, this.go(to + MOVING.hit + k, persons[at + PERSON.hit + k] ?? 0, part));
    }
    return most > STILL * this.extent;
  }

  /** Returns how far one number still has to go. */
  private go(index: number, target: number, part: number): number {
    const now = this.moving[index] ?? 0;
    const next = now + (target - now) * part;
    this.moving[index] = next;
    return Math.abs(target - next);
  }

  private jump(
    persons: Float32Array,
    at: number,
    place: number,
    to: number,
    from: number,
    length: number,
  ): void {
    for (let k = 0; k < length; k++)
      this.moving[MOVING.stride * place + to + k] = persons[at + from + k] ?? 0;
  }

  private write(
    record: number,
    who: number,
    place: number,
    { eye, up }: CameraControl,
    standIns: StandIns | null,
  ): void {
    const { moving, colours, values } = this;
    const { places } = this.names;
    const from = MOVING.stride * place;
    const to = RECORD.stride * record;
    for (let k = 0; k < 9; k++) values[to + RECORD.eye + k] = moving[from + MOVING.eye + k] ?? 0;
    for (let k = 0; k < 3; k++) values[to + RECORD.colour + k] = colours[3 * who + k] ?? 0;
    const x = moving[from] ?? 0;
    const y = moving[from + 1] ?? 0;
    const z = moving[from + 2] ?? 0;
    const distance = Math.hypot(x - eye.x, y - eye.y, z - eye.z) / this.extent;
    const strength = Math.min(1, Math.max(0, (distance - FADE[0]) / (FADE[1] - FADE[0])));
    const room = standIns?.stand(this.seats[place] ?? -1, values, to + RECORD.eye) ?? -1;
    values[to + RECORD.strength] = strength;
    values[to + RECORD.mark] = room < 0 ? 1 : 0;
    values[to + RECORD.strength + 1] = moving[from + MOVING.pointing] ?? 0;
    const label = PLACE_SIZE * who;
    const lift = Math.max(0, room);
    places[label] = (values[to + RECORD.eye] ?? 0) + lift * up.x;
    places[label + 1] = (values[to + RECORD.eye + 1] ?? 0) + lift * up.y;
    places[label + 2] = (values[to + RECORD.eye + 2] ?? 0) + lift * up.z;
    places[label + 3] = strength;
  }

  private material(alpha: number, tested: boolean): RawShaderMaterial {
    return new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...this.shared, alpha: { value: alpha } },
      depthFunc: tested ? LessEqualDepth : AlwaysDepth,
      depthWrite: false,
      // A frustum's face is seen from both sides.
      side: DoubleSide,
      transparent: true,
      blending: NormalBlending,
    });
  }

  private measure(renderer: WebGLRenderer): void {
    renderer.getDrawingBufferSize(this.shared.viewport.value);
    this.shared.pixelRatio.value = renderer.getPixelRatio();
  }
}
