import { type Frame, HEADER, PERSON } from '../../core/frame';
import type { Vec3 } from '../../core/vec';
import type { CameraControl } from '../../view/camera';
import type { Pick } from '../api';
import type { EngineClient } from '../engine_client';

/** Where one looks is told so often, ms, while it changes: others see it move smoothly. */
const PRESENCE_MS = 50;

/** When there is nobody to tell just now, ms. */
const RETRY_MS = 500;

const DEGREES = 180 / Math.PI;

/**
 * Tells the room where one looks and points, and looks where others do.
 */
export class Presence {
  private readonly person = new Float32Array(PERSON.stride);
  private readonly sent = new Float32Array(PERSON.stride);
  private at: { readonly x: number; readonly y: number } | null = null;
  private picking = false;
  private moved = false;
  private timer: ReturnType<typeof setTimeout> | undefined;
  private sentAt = -Infinity;
  private inRoom = false;

  /** @param pick what lies under a place on the view */
  constructor(
    private readonly engine: EngineClient,
    private readonly camera: CameraControl,
    private readonly pick: (ndcX: number, ndcY: number) => Promise<Pick | null>,
  ) {}

  /** A room was entered or left: who has just come is seen at once. */
  setInRoom(inRoom: boolean): void {
    if (inRoom === this.inRoom) return;
    this.inRoom = inRoom;
    this.at = null;
    this.sent.fill(NaN);
    if (inRoom) this.update();
    else clearTimeout(this.timer);
  }

  /** Points at what lies under a place on the view, or not any more. */
  point(at: { readonly x: number; readonly y: number } | null): void {
    this.at = at;
    this.moved = true;
    this.update();
  }

  /** Once per picture: what is pointed at may have moved, or the camera. */
  drawn(): void {
    this.moved = true;
    this.update();
  }

  /** Tells what has changed, in its time. */
  private update(): void {
    if (!this.inRoom) return;
    const wait = this.sentAt + PRESENCE_MS - performance.now();
    if (wait <= 0) {
      this.tell();
      return;
    }
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.tell(), wait);
  }

  /** Puts the camera where somebody's is. */
  lookAs(seat: number, { header, persons }: Frame): void {
    const count = header[HEADER.personCount] ?? 0;
    for (let i = 0; i < count; i++) {
      const at = i * PERSON.stride;
      if (persons[at + PERSON.seat] !== seat) continue;
      this.look(vector(persons, at + PERSON.eye), vector(persons, at + PERSON.lookat));
      return;
    }
  }

  dispose(): void {
    clearTimeout(this.timer);
  }

  private look(eye: Vec3, lookat: Vec3): void {
    const [dx, dy, dz] = [lookat[0] - eye[0], lookat[1] - eye[1], lookat[2] - eye[2]];
    const distance = Math.hypot(dx, dy, dz);
    if (!(distance > 0)) return;
    this.camera.set({
      lookat,
      distance,
      azimuth: Math.atan2(dy, dx) * DEGREES,
      elevation: Math.asin(dz / distance) * DEGREES,
    });
  }

  private tell(): void {
    clearTimeout(this.timer);
    if (!this.inRoom) return;
    const { person, sent, camera } = this;
    const { eye, forward } = camera;
    const { distance } = camera.get();
    person[PERSON.eye] = eye.x;
    person[PERSON.eye + 1] = eye.y;
    person[PERSON.eye + 2] = eye.z;
    person[PERSON.lookat] = eye.x + forward.x * distance;
    person[PERSON.lookat + 1] = eye.y + forward.y * distance;
    person[PERSON.lookat + 2] = eye.z + forward.z * distance;
    if (this.at === null) {
      person.fill(0, PERSON.pointing);
    } else if (this.moved) {
      void this.aim(this.at.x, this.at.y);
    }
    if (person.every((value, i) => value === sent[i])) return;
    sent.set(person);
    this.sentAt = performance.now();
    this.engine
      .ask((service) => service.present(person.slice()))
      .catch(() => {
        // The room is still being opened, or has just ended.
        sent.fill(NaN);
        clearTimeout(this.timer);
        this.timer = setTimeout(() => this.tell(), RETRY_MS);
      });
  }

  /** Finds the point that is pointed at; one ray at a time. */
  private async aim(x: number, y: number): Promise<void> {
    if (this.picking) return;
    this.picking = true;
    this.moved = false;
    const { origin, direction } = this.camera.ray(x, y);
    try {
      const hit = await this.pick(x, y);
      if (this.at === null) return;
      // Towards the sky one points as far as one looks.
      const { distance } = this.camera.get();
      const point: Vec3 = hit?.point ?? [
        origin[0] + direction[0] * distance,
        origin[1] + direction[1] * distance,
        origin[2] + direction[2] * distance,
      ];
      this.person[PERSON.pointing] = 1;
      this.person.set(point, PERSON.hit);
    } catch {
      // The engine is being restarted: the next move points again.
      this.moved = true;
    } finally {
      this.picking = false;
    }
    this.update();
  }
}

function vector(values: Float32Array, at: number): Vec3 {
  return [values[at] ?? 0, values[at + 1] ?? 0, values[at + 2] ?? 0];
}
