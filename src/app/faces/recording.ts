import { SimroomError } from '../../core/errors';
import { readLiveLinkCsv } from '../../face/live_link_csv';
import { readRecording } from '../../face/recording';
import { type Take, frameCount, sampleTake } from '../../face/take';
import { ALL_REGIONS } from './idle';
import type { FaceSource, SourceEvents } from './source';

/** A quarter of an hour of Live Link Face, bytes: more would take minutes to read. */
const MAX_BYTES = 64 << 20;
/** How our own recordings begin. */
const MAGIC = 'SRF1';

export interface RecordingOptions {
  /** A Live Link Face CSV, or a recording of our own. */
  readonly file: Blob;
  readonly loop?: boolean;
}

/**
 * Plays a recording from its beginning.
 *
 * @throws SimroomError `take-invalid`, naming line and column; `file-too-large`
 */
export async function openRecording(
  { file, loop = false }: RecordingOptions,
  events: SourceEvents,
): Promise<FaceSource> {
  const take = await readTake(file);
  const seconds = frameCount(take) / take.rate;
  let begun = -1;
  let over = false;
  events.status({
    state: 'on',
    text: `${seconds.toFixed(1)} s at ${take.rate} Hz${loop ? ', again and again' : ''}.`,
  });
  return {
    kind: 'recording',
    sample(now, out) {
      if (begun < 0) begun = now;
      const at = (now - begun) / 1000;
      if (!loop && at >= seconds) {
        if (!over) events.ended();
        over = true;
        return 0;
      }
      sampleTake(take, at % seconds, out);
      return ALL_REGIONS;
    },
    close() {
      over = true;
    },
  };
}

/** @throws SimroomError `take-invalid`, `file-too-large` */
export async function readTake(file: Blob): Promise<Take> {
  if (file.size > MAX_BYTES) {
    throw new SimroomError(
      'file-too-large',
      `This recording has ${Math.round(file.size / (1 << 20))} MB; up to ${MAX_BYTES >> 20} MB can be played. Cut it shorter.`,
    );
  }
  const bytes = new Uint8Array(await file.arrayBuffer());
  const isOurs = [...MAGIC].every((char, i) => bytes[i] === char.codePointAt(0));
  const take = isOurs ? readRecording(bytes) : readLiveLinkCsv(new TextDecoder().decode(bytes));
  if (frameCount(take) === 0) throw new SimroomError('take-invalid', 'This recording has no frames.');
  return take;
}
