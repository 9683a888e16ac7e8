import type { Ray, Vec3 } from '../core/vec';
import { doubles, ints } from './heap';
import type { Sim } from './sim';

/** What a ray hits. */
export interface Pick {
  readonly body: number;
  /** Geom id, or -1 when a flex was hit. */
  readonly geom: number;
  /** World, m. */
  readonly point: Vec3;
  /** In the body's frame, m. */
  readonly local: Vec3;
}

/** The body, and the vertex's body of a flex, that a ray meets first among visible groups; null when it meets none. */
export function pick(sim: Sim, ray: Ray, geomGroups: readonly boolean[]): Pick | null {
  const { mujoco, model, data } = sim;
  const origin = [...ray.origin];
  const direction = [...ray.direction];
  const groups = Array.from({ length: 6 }, (_, i) => (geomGroups[i] === false ? 0 : 1));
  const id = new mujoco.IntBuffer(1);
  const normal = new mujoco.DoubleBuffer(3);
  try {
    let distance = mujoco.mj_ray(model, data, origin, direction, groups, true, -1, id, normal);
    let geom = ints(id.GetView())[0] ?? -1;
    let body = geom >= 0 ? (ints(model.geom_bodyid)[geom] ?? 0) : -1;
    for (let flex = 0; flex < model.nflex; flex++) {
      const toFlex = mujoco.mj_rayFlex(
        model,
        data,
        0,
        false,
        false,
        true,
        true,
        flex,
        origin,
        direction,
        id,
        normal,
      );
      const vertex = ints(id.GetView())[0] ?? -1;
      if (toFlex < 0 || vertex < 0 || (distance >= 0 && toFlex >= distance)) continue;
      const start = ints(model.flex_vertadr)[flex] ?? 0;
      distance = toFlex;
      geom = -1;
      // A flex of trilinear cells has no body per vertex: its vertices say -1.
      body = Math.max(0, ints(model.flex_vertbodyid)[start + vertex] ?? 0);
    }
    if (distance < 0 || body < 0) return null;
    const point: Vec3 = [
      ray.origin[0] + distance * ray.direction[0],
      ray.origin[1] + distance * ray.direction[1],
      ray.origin[2] + distance * ray.direction[2],
    ];
    return { body, geom, point, local: toLocal(sim, body, point) };
  } finally {
    id.delete();
    normal.delete();
  }
}

/** A world point in a body's frame, m. */
function toLocal(sim: Sim, body: number, point: Vec3): Vec3 {
  const xpos = doubles(sim.data.xpos);
  const xmat = doubles(sim.data.xmat);
  const [dx, dy, dz] = [0, 1, 2].map((i) => (point[i] ?? 0) - (xpos[3 * body + i] ?? 0)) as [
    number,
    number,
    number,
  ];
  const column = (i: number): number =>
    (xmat[9 * body + i] ?? 0) * dx + (xmat[9 * body + 3 + i] ?? 0) * dy + (xmat[9 * body + 6 + i] ?? 0) * dz;
  return [column(0), column(1), column(2)];
}
