import type { GlbReport } from '../../face/glb/check';
import { SHAPES } from '../../face/names';
import type { GlbKind } from '../../view/glb_head';

/** Somebody's own head, ready to be drawn. */
export interface BuiltHead {
  readonly kind: GlbKind;
  /** What is in it, for people. */
  readonly words: string;
  dispose(): void;
}

/** Names of missing shapes that are listed. */
const LISTED = 6;

/**
 * Checks a file and builds the head that is in it.
 *
 * @throws SimroomError as `src/face/glb` has it
 */
export async function buildHeadFile(bytes: Uint8Array<ArrayBuffer>): Promise<BuiltHead> {
  const [{ readGlbAside }, { createGlbKind }] = await Promise.all([
    import('../../view/glb_reader'),
    import('../../view/glb_head'),
  ]);
  const data = await readGlbAside(bytes);
  const kind = await createGlbKind(data);
  return { kind, words: describe(data.report), dispose: () => kind.dispose() };
}

function describe({ credits, shapes, missing, gaze, triangles }: GlbReport): string {
  const title = credits.title === null ? 'This head' : `"${credits.title}"`;
  const by = credits.author === null ? '' : ` by ${credits.author}`;
  const lacks =
    missing.length === 0
      ? ''
      : ` It lacks ${missing.slice(0, LISTED).join(', ')}${missing.length > LISTED ? ` and ${missing.length - LISTED} more` : ''}.`;
  const eyes = gaze === 'none' ? ' Its eyes do not look about.' : '';
  const licence = credits.licence === null ? '' : ` Licence: ${credits.licence}.`;
  return `${title}${by}: ${shapes.length} of ${SHAPES} shapes, ${triangles} triangles.${lacks}${eyes}${licence}`;
}
