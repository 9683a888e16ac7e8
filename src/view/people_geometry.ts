import { BufferAttribute, InstancedBufferGeometry } from 'three';
import { PART } from './people_shader';

/** The quads of one person: the frustum's front face and edges, the eye, the ray and its end. */
export function markGeometry(): InstancedBufferGeometry {
  const [w, h] = [0.62, 0.42];
  const front = [
    [-w, -h, 1],
    [w, -h, 1],
    [w, h, 1],
    [-w, h, 1],
  ] as const;
  const zero = [0, 0, 0] as const;
  const part: number[] = [];
  const start: number[] = [];
  const end: number[] = [];
  const corner: number[] = [];
  const corners = [
    [0, 0],
    [1, 0],
    [1, 1],
    [0, 1],
  ] as const;
  const quad = (kind: number, a: readonly number[], b: readonly number[]): void => {
    for (const at of corners) {
      part.push(kind);
      start.push(...a);
      end.push(...b);
      corner.push(...at);
    }
  };
  for (const [i, at] of front.entries()) {
    part.push(PART.face);
    start.push(...at);
    end.push(...at);
    corner.push(...(corners[i] ?? [0, 0]));
  }
  for (const [i, at] of front.entries()) {
    quad(PART.edge, zero, at);
    quad(PART.edge, at, front[(i + 1) % 4] ?? zero);
  }
  quad(PART.eye, zero, zero);
  quad(PART.ray, zero, zero);
  quad(PART.dot, zero, zero);
  const geometry = new InstancedBufferGeometry();
  geometry.setAttribute('part', new BufferAttribute(Float32Array.from(part), 1));
  geometry.setAttribute('start', new BufferAttribute(Float32Array.from(start), 3));
  geometry.setAttribute('end', new BufferAttribute(Float32Array.from(end), 3));
  geometry.setAttribute('corner', new BufferAttribute(Float32Array.from(corner), 2));
  const quads = part.length / 4;
  geometry.setIndex(
    Array.from({ length: quads }, (_, i) => 4 * i).flatMap((at) => [at, at + 1, at + 2, at, at + 2, at + 3]),
  );
  return geometry;
}
