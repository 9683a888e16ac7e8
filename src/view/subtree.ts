import type { Vector3 } from 'three';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { rotateByQuat } from './quat';

/** A body with all its descendants, and where their common centre of mass is (`subtree_com`). */
export class Subtree {
  private readonly bodies: readonly number[];
  private readonly mass: number;

  constructor(
    private readonly model: ModelCopy,
    readonly body: number,
  ) {
    const inside = new Set([body]);
    // Parents come before their children.
    for (let id = body + 1; id < model.nbody; id++) {
      if (inside.has(model.body_parentid[id] ?? 0)) inside.add(id);
    }
    this.bodies = [...inside];
    this.mass = this.bodies.reduce((sum, id) => sum + (model.body_mass[id] ?? 0), 0);
  }

  /** World, m; of a subtree without mass, the body's own position. */
  centerOfMass(frame: Frame, out: Vector3): void {
    if (!(this.mass > 0)) {
      out.fromArray(frame.xpos, 3 * this.body);
      return;
    }
    let x = 0;
    let y = 0;
    let z = 0;
    for (const id of this.bodies) {
      const mass = this.model.body_mass[id] ?? 0;
      rotateByQuat(frame.xquat, 4 * id, this.model.body_ipos, 3 * id, out);
      x += mass * (out.x + (frame.xpos[3 * id] ?? 0));
      y += mass * (out.y + (frame.xpos[3 * id + 1] ?? 0));
      z += mass * (out.z + (frame.xpos[3 * id + 2] ?? 0));
    }
    out.set(x / this.mass, y / this.mass, z / this.mass);
  }
}
