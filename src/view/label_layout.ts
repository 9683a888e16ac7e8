import { Vector3 } from 'three';
import type { CameraControl } from './camera';
import { SIZE_SIZE } from './label_atlas';
import { PLACE_SIZE } from './label_place';

/** Names may overlap by so much, CSS px: their halo. */
const OVERLAP_PX = 3;

/**
 * Keeps names from covering each other: where two would, one waits until there is room, as on a map.
 *
 * What was shown in the last picture goes first, so that names do not flicker while things move; otherwise the order
 * of the model decides.
 */
export class LabelLayout {
  private readonly shown: Uint8Array;
  /** Middle of each name on the screen, CSS px. */
  private readonly middles: Float32Array;
  private readonly placed: Int32Array;
  private readonly seen = new Vector3();

  /** @param sizes width and height of each name, CSS px */
  constructor(private readonly sizes: Float32Array) {
    const count = sizes.length / SIZE_SIZE;
    this.shown = new Uint8Array(count);
    this.middles = new Float32Array(2 * count);
    this.placed = new Int32Array(count);
  }

  /**
   * Hides (w = 0 in `places`) what has no room.
   *
   * @param width of the view, CSS px
   * @param height of the view, CSS px
   */
  arrange(places: Float32Array, camera: CameraControl, width: number, height: number): void {
    const { shown, middles, seen } = this;
    const count = shown.length;
    for (let i = 0; i < count; i++) {
      const at = PLACE_SIZE * i;
      camera.project(seen.fromArray(places, at), seen);
      // Out of sight it takes no room, and is clipped anyway.
      if (seen.z <= 0 || Math.abs(seen.x) > 1 || Math.abs(seen.y) > 1) places[at + 3] = 0;
      middles[2 * i] = (seen.x * width) / 2;
      middles[2 * i + 1] = (seen.y * height) / 2;
    }
    let placed = this.fill(places, 0, 1);
    placed = this.fill(places, placed, 0);
    shown.fill(0);
    for (let k = 0; k < placed; k++) shown[this.placed[k] ?? 0] = 1;
    for (let i = 0; i < count; i++) if (shown[i] === 0) places[PLACE_SIZE * i + 3] = 0;
  }

  /** Places those that were (1) or were not (0) shown before, where there is room; returns how many are now placed. */
  private fill(places: Float32Array, placed: number, before: number): number {
    let count = placed;
    for (let i = 0; i < this.shown.length; i++) {
      if (this.shown[i] !== before || places[PLACE_SIZE * i + 3] === 0 || !this.hasRoom(i, count)) continue;
      this.placed[count++] = i;
    }
    return count;
  }

  private hasRoom(i: number, placed: number): boolean {
    const { middles, sizes } = this;
    for (let k = 0; k < placed; k++) {
      const j = this.placed[k] ?? 0;
      const dx = Math.abs((middles[2 * i] ?? 0) - (middles[2 * j] ?? 0));
      const dy = Math.abs((middles[2 * i + 1] ?? 0) - (middles[2 * j + 1] ?? 0));
      const wide = ((sizes[2 * i] ?? 0) + (sizes[2 * j] ?? 0)) / 2 - OVERLAP_PX;
      const high = ((sizes[2 * i + 1] ?? 0) + (sizes[2 * j + 1] ?? 0)) / 2 - OVERLAP_PX;
      if (dx < wide && dy < high) return false;
    }
    return true;
  }
}
