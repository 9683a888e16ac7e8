import { Chart, NECK_AXIS, onMidline } from './chart';
import { buildRims, lidBall, lidVertex } from './lids';
import { buildInside, lipVertex, type LipVertices } from './lips';
import { type HalfMesh, PART } from './mesh';
import type { HeadShape } from './style';
import { COLUMNS, EYE_BLOCK, isHole, MOUTH_BLOCK, ringPlace, ROWS, type RingPlace } from './topology';

/** The skin and where what is in it. */
export interface Skin {
  readonly chart: Chart;
  readonly lips: LipVertices;
  readonly grid: readonly { readonly vertex: number; readonly column: number; readonly row: number }[];
}

/** Builds the left half of the skin, with lids and the inside of the mouth. */
export function buildSkin(mesh: HalfMesh, shape: HeadShape): Skin {
  const chart = new Chart(shape, [lidBall(shape)]);
  const grid: { vertex: number; column: number; row: number }[] = [];
  const margin: { vertex: number; place: RingPlace }[] = [];
  const upper: number[] = [];
  const lower: number[] = [];

  const vertexAt = (column: number, row: number): number => {
    const eye = ringPlace(EYE_BLOCK, column, row);
    if (eye) {
      const vertex = mesh.add(...lidVertex(chart, shape, eye));
      if (eye.ring === 0) margin.push({ vertex, place: eye });
      return vertex;
    }
    const lip = ringPlace(MOUTH_BLOCK, column, row);
    if (lip) {
      const vertex = mesh.add(...lipVertex(chart, shape, lip));
      if (lip.ring > 0) return vertex;
      upper.push(vertex);
      const isCorner = column === MOUTH_BLOCK.width;
      lower.push(isCorner ? vertex : mesh.add(...lipVertex(chart, shape, { ...lip, upper: false })));
      return vertex;
    }
    const point = onMidline(chart.surface(chart.direction(column, row), row), column);
    const normal = onMidline(chart.normal(point), column);
    return mesh.add(point, { part: PART.skin, light: chart.light(point), normal });
  };

  const rows: number[][] = [];
  for (let row = 0; row <= ROWS; row++) {
    const line: number[] = [];
    for (let column = 0; column <= COLUMNS; column++) {
      // The crown is one vertex.
      const vertex =
        row === 0 && column > 0
          ? (line[0] ?? 0)
          : isHole(EYE_BLOCK, column, row)
            ? -1
            : vertexAt(column, row);
      line.push(vertex);
      if (vertex >= 0) grid.push({ vertex, column, row });
    }
    rows.push(line);
  }
  // Below the slit the lower lip takes the place of the upper one.
  const slit = rows[MOUTH_BLOCK.row] ?? [];
  weave(mesh, rows.slice(0, MOUTH_BLOCK.row + 1));
  weave(mesh, [[...lower, ...slit.slice(lower.length)], ...rows.slice(MOUTH_BLOCK.row + 1)]);
  const below = mesh.add([NECK_AXIS, 0, shape.neck.to], { part: PART.skin });
  const last = rows[ROWS] ?? [];
  for (let i = 0; i < COLUMNS; i++) mesh.triangle(below, last[i + 1] ?? 0, last[i] ?? 0);

  const lips = { upper, lower };
  buildInside(mesh, lips);
  buildRims(mesh, shape, margin);
  return { chart, lips, grid };
}

/** Fills in the quads between rows, but for holes. */
function weave(mesh: HalfMesh, rows: readonly (readonly number[])[]): void {
  for (let row = 0; row + 1 < rows.length; row++)
    for (let column = 0; column < COLUMNS; column++) {
      const a = rows[row]?.[column] ?? -1;
      const b = rows[row]?.[column + 1] ?? -1;
      const c = rows[row + 1]?.[column + 1] ?? -1;
      const d = rows[row + 1]?.[column] ?? -1;
      if (Math.min(a, b, c, d) >= 0) mesh.quad(a, d, c, b);
    }
}
