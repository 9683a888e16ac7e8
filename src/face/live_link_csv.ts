import { SimroomError } from '../core/errors';
import { CHANNELS, HEAD, clamp } from './frame';
import { ARKIT_NAMES, SHAPES } from './names';
import { shapeOf } from './sources/spelling';
import { type Take, frameCount } from './take';

/**
 * Takes as Live Link Face saves them: CSV with a header, one line per frame, `Timecode,BlendShapeCount,EyeBlinkLeft...`.
 *
 * Columns are known by their names only: apps and versions order them differently.
 */

/** The longest file: an hour at 60 Hz has 130 MB. */
const MAX_CHARS = 256 << 20;
/** Frames a second where the timecodes do not tell. */
const RATE = 60;
const HALF_RATE = 30;
const MAX_RATE = 240;
const ANGLES: ReadonlyMap<string, number> = new Map([
  ['headyaw', HEAD.yaw],
  ['headpitch', HEAD.pitch],
  ['headroll', HEAD.roll],
]);
const EYES = ['Left', 'Right'].flatMap((side) =>
  ['Yaw', 'Pitch', 'Roll'].map((angle) => `${side}Eye${angle}`),
);

/**
 * Reads a file.
 *
 * Weights outside 0 to 1 are clamped: apps write -0.0001. Lines without a face, which have a count of 0, hold the frame
 * before them.
 *
 * @throws SimroomError `take-invalid`, naming the line
 */
export function readLiveLinkCsv(text: string): Take {
  if (text.length > MAX_CHARS) throw invalid(`The file is larger than ${MAX_CHARS >> 20} MB.`);
  const lines = text.split(/\r\n|\n|\r/);
  const header = (lines[0] ?? '').replace(/^\uFEFF/, '').split(',');
  const columns = header.map((name) => channelOf(name.trim()));
  const known = columns.filter((channel) => channel >= 0).length;
  if (known === 0) {
    throw invalid('Its first line names no blendshape, so this is no take of Live Link Face.', 1);
  }
  const timecode = header.findIndex((name) => name.trim().toLowerCase() === 'timecode');
  const rows = lines.length - 1;
  const frames = new Float32Array(rows * CHANNELS);
  const timecodes: Timecode[] = [];
  let count = 0;
  for (let row = 1; row <= rows; row++) {
    const line = lines[row] ?? '';
    if (line.trim() === '') continue;
    const cells = line.split(',');
    const at = count * CHANNELS;
    const hasFace = cells.length >= header.length;
    if (!hasFace && cells.length > 2) {
      throw invalid(`It has ${cells.length} cells where the first line names ${header.length}.`, row + 1);
    }
    if (!hasFace && count > 0) frames.copyWithin(at, at - CHANNELS, at);
    for (let i = 0; hasFace && i < columns.length; i++) {
      const channel = columns[i] ?? -1;
      if (channel < 0) continue;
      const value = Number(cells[i]);
      if (!Number.isFinite(value) || cells[i]?.trim() === '') {
        throw invalid(
          `${header[i]?.trim()} is "${(cells[i] ?? '').slice(0, 20)}", which is no number.`,
          row + 1,
        );
      }
      frames[at + channel] = channel < SHAPES ? clamp(value, 0, 1) : clamp(value, -Math.PI, Math.PI);
    }
    const time = timecode < 0 ? null : readTimecode(cells[timecode] ?? '');
    if (time !== null) timecodes.push(time);
    count++;
  }
  if (count === 0) throw invalid('It has no frames.');
  return { rate: rateOf(timecodes), frames: frames.slice(0, count * CHANNELS) };
}

/** Writes a take as Live Link Face would; the angles of the eyes, which a take has not, are 0. */
export function writeLiveLinkCsv(take: Take): string {
  const capital = (name: string): string => name.slice(0, 1).toUpperCase() + name.slice(1);
  const names = [...ARKIT_NAMES.map(capital), 'HeadYaw', 'HeadPitch', 'HeadRoll', ...EYES];
  const lines = [`Timecode,BlendShapeCount,${names.join(',')}`];
  const eyes = EYES.map(() => '0').join(',');
  for (let frame = 0; frame < frameCount(take); frame++) {
    const values = Array.from(take.frames.subarray(frame * CHANNELS, (frame + 1) * CHANNELS), (value) =>
      value.toFixed(6),
    );
    lines.push(`${timecodeOf(frame, take.rate)},${names.length},${values.join(',')},${eyes}`);
  }
  return `${lines.join('\n')}\n`;
}

function channelOf(name: string): number {
  return ANGLES.get(name.toLowerCase()) ?? shapeOf(name);
}

interface Timecode {
  readonly seconds: number;
  /** Frames since then, and parts of one. */
  readonly frames: number;
}

/** A timecode as `hours:minutes:seconds:frames.part`; null for anything else. */
function readTimecode(text: string): Timecode | null {
  const match = /^\s*(\d+):(\d+):(\d+)[:;](\d+(?:\.\d+)?)\s*$/.exec(text);
  if (match === null) return null;
  const [, hours, minutes, seconds, frames] = match.map(Number);
  return { seconds: (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0), frames: frames ?? 0 };
}

function timecodeOf(frame: number, rate: number): string {
  const seconds = frame / rate;
  const two = (value: number): string => String(Math.floor(value)).padStart(2, '0');
  const sixtieths = ((frame % rate) * RATE) / rate;
  const clock = [seconds / 3600, (seconds / 60) % 60, seconds % 60].map(two).join(':');
  return `${clock}:${sixtieths.toFixed(3).padStart(6, '0')}`;
}

/** The rate that most timecodes are apart by. */
function rateOf(timecodes: readonly Timecode[]): number {
  let highest = 0;
  for (const { frames } of timecodes) highest = Math.max(highest, Math.floor(frames));
  const whole = (timecodes.at(-1)?.seconds ?? 0) - (timecodes[0]?.seconds ?? 0) > 1;
  // Frames of a second are counted to 30 or to 60; that shows in takes that have a whole second.
  const base = whole && highest < HALF_RATE ? HALF_RATE : RATE;
  const times = timecodes.map(({ seconds, frames }) => seconds + frames / base);
  const gaps = times
    .slice(1)
    .map((time, i) => time - (times[i] ?? 0))
    .filter((gap) => gap > 1 / MAX_RATE)
    .toSorted((a, b) => a - b);
  const gap = gaps[gaps.length >> 1];
  return gap === undefined || gap > 1 ? RATE : Math.round(1 / gap);
}

function invalid(message: string, line?: number): SimroomError {
  const where = line === undefined ? '' : ` at line ${line}`;
  return new SimroomError(
    'take-invalid',
    `The take cannot be read${where}. ${message}`,
    line === undefined ? {} : { line },
  );
}
