import { describe, expect, it } from 'vitest';
import { ARKIT_NAMES, MIRRORED, SHAPE, SHAPES, type ArkitName } from '../names';
import { Random } from '../../core/random';
import { deform } from './deform';
import { buildHead, TURNED_BY, type HeadModel } from './head';
import { PART } from './mesh';
import { makePose, poseOf, TURN } from './rig';
import { STYLE_NAMES } from './style';

const MM = 1e-3;
/** As many as there is room for, with what else a head has, in 16-bit indices several times over. */
const SKIN_BUDGET = 4096;

const heads = new Map(STYLE_NAMES.map((name) => [name, buildHead(name)]));

function headOf(name: (typeof STYLE_NAMES)[number]): HeadModel {
  const head = heads.get(name);
  if (!head) throw new Error(`no head ${name}`);
  return head;
}

function weightsOf(values: Partial<Record<ArkitName, number>>): Float32Array {
  const weights = new Float32Array(SHAPES);
  for (const name of ARKIT_NAMES) weights[SHAPE[name]] = values[name] ?? 0;
  return weights;
}

function both(values: Record<string, number>): Partial<Record<ArkitName, number>> {
  return Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) =>
      (ARKIT_NAMES as readonly string[]).includes(name)
        ? [[name, value]]
        : [
            [`${name}Left`, value],
            [`${name}Right`, value],
          ],
    ),
  );
}

function posed(head: HeadModel, weights: Float32Array): Float32Array {
  return deform(head, poseOf(weights, head.joints, makePose()), new Float32Array(3 * head.vertices));
}

function at(values: ArrayLike<number>, vertex: number): [number, number, number] {
  return [values[3 * vertex] ?? 0, values[3 * vertex + 1] ?? 0, values[3 * vertex + 2] ?? 0];
}

function apart(a: readonly number[], b: readonly number[]): number {
  return Math.hypot((a[0] ?? 0) - (b[0] ?? 0), (a[1] ?? 0) - (b[1] ?? 0), (a[2] ?? 0) - (b[2] ?? 0));
}

/** The vertices of the upper lip's line with those of the lower lip's that lie at the same place at rest. */
function lipPairs(head: HeadModel): [number, number][] {
  const seen = new Map<string, number>();
  const pairs: [number, number][] = [];
  for (let i = 0; i < head.vertices; i++) {
    if (head.looks[4 * i] !== PART.skin || (head.looks[4 * i + 3] ?? 9) > 1) continue;
    const key = at(head.positions, i).join();
    const other = seen.get(key);
    if (other === undefined) seen.set(key, i);
    else pairs.push([other, i]);
  }
  return pairs;
}

/** Triangles of the skin with all that hangs together with it. */
function skinTriangles(head: HeadModel): number[][] {
  const triangles: number[][] = [];
  for (let i = 0; i < head.indices.length; i += 3) triangles.push([...head.indices.subarray(i, i + 3)]);
  const group = Int32Array.from({ length: head.vertices }, (_, i) => i);
  const root = (i: number): number => {
    while (group[i] !== i) i = group[i] = group[group[i] ?? i] ?? i;
    return i;
  };
  for (const [a = 0, b = 0, c = 0] of triangles) {
    group[root(a)] = root(b);
    group[root(b)] = root(c);
  }
  return triangles.filter(([a = 0]) => root(a) === root(0));
}

describe.each(STYLE_NAMES)('the %s head', (name) => {
  const head = headOf(name);
  const neutral = posed(head, new Float32Array(SHAPES));

  it('is finite, of head size and within its budget of vertices', () => {
    expect(head.skinVertices).toBeLessThanOrEqual(SKIN_BUDGET);
    expect(head.vertices).toBeLessThan(8192);
    for (const values of [head.positions, head.normals, head.rig, head.looks, head.deltas])
      expect(values.every(Number.isFinite)).toBe(true);
    const z = Array.from({ length: head.vertices }, (_, i) => head.positions[3 * i + 2] ?? 0);
    const height = Math.max(...z) - Math.min(...z);
    expect(height).toBeGreaterThan(0.22);
    expect(height).toBeLessThan(0.31);
  });

  it('has a skin that is closed but for the two eyes', () => {
    const edges = new Map<string, number>();
    for (const triangle of skinTriangles(head))
      for (let k = 0; k < 3; k++) {
        const key = `${triangle[k]},${triangle[(k + 1) % 3]}`;
        edges.set(key, (edges.get(key) ?? 0) + 1);
      }
    const open: [number, number][] = [];
    for (const [key, count] of edges) {
      expect(count).toBe(1);
      const [a = 0, b = 0] = key.split(',').map(Number);
      if (!edges.has(`${b},${a}`)) open.push([a, b]);
    }
    const { at: eye, radius } = head.shape.eye;
    const left = open.filter(([a]) => (head.positions[3 * a + 1] ?? 0) > 0);
    expect(left.length).toBe(open.length / 2);
    for (const [a] of left) expect(apart(at(head.positions, a), eye) - radius).toBeLessThan(MM);
    // One loop: every vertex of it is left once.
    const next = new Map(left);
    expect(next.size).toBe(left.length);
    let [vertex, steps] = [left[0]?.[0] ?? 0, 0];
    do vertex = next.get(vertex) ?? -1;
    while (++steps < left.length && vertex !== left[0]?.[0]);
    expect(steps).toBe(left.length);
  });

  it('is its own mirror image, in every shape', () => {
    const compare = (mine: Float32Array, other: Float32Array): number => {
      let worst = 0;
      for (let i = 0; i < head.vertices; i++) {
        const [x, y, z] = at(other, head.mirror[i] ?? 0);
        worst = Math.max(worst, apart(at(mine, i), [x, -y, z]));
      }
      return worst;
    };
    expect(compare(head.positions, head.positions)).toBe(0);
    for (let s = 0; s < SHAPES; s++) {
      const weights = new Float32Array(SHAPES);
      weights[s] = 1;
      const mirrored = new Float32Array(SHAPES);
      mirrored[MIRRORED[s] ?? s] = 1;
      expect(compare(posed(head, weights), posed(head, mirrored)), ARKIT_NAMES[s]).toBeLessThan(1e-6);
    }
  });

  it.each(ARKIT_NAMES)('moves visibly with %s', (shape) => {
    const moved = posed(head, weightsOf({ [shape]: 1 }));
    let most = 0;
    for (let i = 0; i < head.vertices; i++) most = Math.max(most, apart(at(moved, i), at(neutral, i)));
    expect(most).toBeGreaterThan(MM);
    expect(most).toBeLessThan(80 * MM);
  });

  it('opens its mouth, and keeps its lips sealed where mouthClose equals jawOpen', () => {
    const pairs = lipPairs(head);
    expect(pairs.length).toBeGreaterThan(15);
    const gap = (weights: Partial<Record<ArkitName, number>>): number => {
      const moved = posed(head, weightsOf(weights));
      return Math.max(...pairs.map(([a, b]) => apart(at(moved, a), at(moved, b))));
    };
    expect(gap({ jawOpen: 1 })).toBeGreaterThan(20 * MM);
    for (const open of [0.1, 0.4, 0.7, 1])
      expect(gap({ jawOpen: open, mouthClose: open })).toBeLessThan(0.05 * MM);
    expect(gap({ jawOpen: 1, mouthClose: 0.5 })).toBeGreaterThan(5 * MM);
    // And the jaw is open all the same.
    const moved = posed(head, weightsOf({ jawOpen: 1, mouthClose: 1 }));
    let drop = 0;
    for (let i = 0; i < head.vertices; i++)
      drop = Math.max(drop, (neutral[3 * i + 2] ?? 0) - (moved[3 * i + 2] ?? 0));
    expect(drop).toBeGreaterThan(20 * MM);
  });

  it('never cuts its eyes with its lids, wherever they look and however they are held', () => {
    const { at: eye, radius } = head.shape.eye;
    const isLid = (vertex: number): boolean => {
      const by = head.rig[4 * vertex + 3] ?? 0;
      return by === TURNED_BY.upperLid || by === TURNED_BY.lowerLid;
    };
    const triangles = skinTriangles(head).filter((triangle) => triangle.every(isLid));
    expect(triangles.length).toBeGreaterThan(200);
    let worst = Infinity;
    for (const blink of [0, 0.3, 0.7, 1])
      for (const wide of [0, 1])
        for (const squint of [0, 1])
          for (const cheek of [0, 1])
            for (const gaze of ['eyeLookUp', 'eyeLookDown', 'eyeLookIn', 'eyeLookOut'])
              for (const brow of ['browDown', 'browOuterUp']) {
                const moved = posed(
                  head,
                  weightsOf(
                    both({
                      eyeBlink: blink,
                      eyeWide: wide,
                      eyeSquint: squint,
                      cheekSquint: cheek,
                      mouthSmile: cheek,
                      [gaze]: 1,
                      [brow]: 1,
                    }),
                  ),
                );
                for (const [a = 0, b = 0, c = 0] of triangles) {
                  const [p, q, r] = [at(moved, a), at(moved, b), at(moved, c)];
                  const middle = [0, 1, 2].map((k) => ((p[k] ?? 0) + (q[k] ?? 0) + (r[k] ?? 0)) / 3);
                  worst = Math.min(worst, apart(p, eye), apart(middle, eye));
                }
              }
    expect(worst - radius).toBeGreaterThan(0);
  });

  it('shuts its eyes wholly, and its lids never cross', () => {
    const random = new Random(4);
    const pose = makePose();
    const { lidGap } = head.joints;
    for (let i = 0; i < 2000; i++) {
      const weights = Float32Array.from({ length: SHAPES }, () => random.next() ** 0.5);
      const shut = i % 2 === 0;
      if (shut) weights[SHAPE.eyeBlinkLeft] = 1;
      const { turns } = poseOf(weights, head.joints, pose);
      const opening = lidGap - (turns[TURN.upperLeft] ?? 0) + (turns[TURN.lowerLeft] ?? 0);
      expect(opening).toBeGreaterThan(-1e-6);
      expect(opening).toBeLessThan(shut ? 1e-6 : 2 * lidGap);
    }
  });
});
