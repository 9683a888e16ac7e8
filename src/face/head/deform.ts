import type { HeadModel } from './head';
import { TURNED_BY } from './head';
import { TURN, type Pose } from './rig';

/**
 * Vertices of a posed head, as the graphics card computes them: displacements, the jaw's turn, then the lids' or the
 * eyes'; a lid never comes closer to its eye than `lidRadius`. For tests and for pictures without a graphics card.
 *
 * @param out 3 numbers a vertex, head frame, m
 */
export function deform(head: HeadModel, { turns, weights }: Pose, out: Float32Array): Float32Array {
  const { positions, first, shapes, deltas, rig, shape, lidRadius } = head;
  const [hx, , hz] = shape.jaw.hinge;
  const [ex, ey, ez] = shape.eye.at;
  for (let i = 0; i < head.vertices; i++) {
    let x = positions[3 * i] ?? 0;
    let y = positions[3 * i + 1] ?? 0;
    let z = positions[3 * i + 2] ?? 0;
    for (let k = first[i] ?? 0; k < (first[i + 1] ?? 0); k++) {
      const w = weights[shapes[k] ?? 0] ?? 0;
      x += w * (deltas[6 * k] ?? 0);
      y += w * (deltas[6 * k + 1] ?? 0);
      z += w * (deltas[6 * k + 2] ?? 0);
    }
    const sealed = turns[TURN.sealed] ?? 0;
    const jaw = (turns[TURN.jaw] ?? 0) * ((rig[4 * i] ?? 0) * (1 - sealed) + (rig[4 * i + 1] ?? 0) * sealed);
    if (jaw !== 0) {
      const [c, s] = [Math.cos(jaw), Math.sin(jaw)];
      const [dx, dz] = [x - hx, z - hz];
      x = hx + c * dx + s * dz;
      z = hz - s * dx + c * dz;
    }
    let by = rig[4 * i + 3] ?? 0;
    const right = by > TURNED_BY.right ? 1 : 0;
    by -= right * TURNED_BY.right;
    if (by > 0) {
      const cy = right === 1 ? -ey : ey;
      let [dx, dy, dz] = [x - ex, y - cy, z - ez];
      const isEye = by === TURNED_BY.eye;
      const pitch = isEye
        ? (turns[TURN.pitchLeft + 2 * right] ?? 0)
        : (turns[TURN.upperLeft + 2 * right + by - 1] ?? 0) * (rig[4 * i + 2] ?? 0);
      const [c, s] = [Math.cos(pitch), Math.sin(pitch)];
      [dx, dz] = [c * dx + s * dz, c * dz - s * dx];
      if (isEye) {
        const yaw = turns[TURN.yawLeft + 2 * right] ?? 0;
        const [cz, sz] = [Math.cos(yaw), Math.sin(yaw)];
        [dx, dy] = [cz * dx - sz * dy, sz * dx + cz * dy];
      } else {
        const far = Math.hypot(dx, dy, dz);
        if (far < lidRadius) {
          dx *= lidRadius / far;
          dy *= lidRadius / far;
          dz *= lidRadius / far;
        }
      }
      x = ex + dx;
      y = cy + dy;
      z = ez + dz;
    }
    out[3 * i] = x;
    out[3 * i + 1] = y;
    out[3 * i + 2] = z;
  }
  return out;
}
