import { beforeEach, describe, expect, it } from 'vitest';
import { SimroomError } from '../../core/errors';
import { type Deferred, deferred } from '../deferred';
import type { SourceRequest } from './api';
import { CodeFace } from './code';
import { ALL_REGIONS } from './idle';
import { FaceMemory } from './memory';
import { OwnFace } from './own_face';
import { Sources } from './sources';
import type { FaceSource, SourceEvents } from './source';

/** A source whose opening the test decides about. */
interface Opening {
  readonly request: SourceRequest;
  readonly events: SourceEvents;
  readonly opened: Deferred<FaceSource>;
  closed: boolean;
}

let own: OwnFace;
let sources: Sources;
let openings: Opening[];
let told: string[];

beforeEach(() => {
  window.localStorage.clear();
  openings = [];
  told = [];
  own = new OwnFace(new CodeFace(), new FaceMemory(), () => {});
  sources = new Sources(
    own,
    {
      face: () => {},
      changed: () => {},
      failed: (title, why) => told.push(`${title}: ${why}`),
    },
    (request, events) => {
      const opening = { request, events, opened: deferred<FaceSource>(), closed: false };
      openings.push(opening);
      return opening.opened.promise;
    },
  );
});

/** The latest opening succeeds. */
function succeed(opening: Opening | undefined = openings.at(-1)): void {
  if (opening === undefined) throw new Error('nothing is being opened');
  opening.opened.resolve({
    kind: opening.request.kind,
    sample: () => ALL_REGIONS,
    close: () => {
      opening.closed = true;
    },
  });
}

const kinds = (): string[] => own.open.map(({ kind }) => kind);

describe('Sources', () => {
  it('shows a source while it is being opened, and runs it then', async () => {
    const started = sources.start({ kind: 'webcam' });
    expect(own.slotOf('webcam')?.status.state).toBe('starting');
    succeed();
    await started;
    expect(own.slotOf('webcam')?.status.state).toBe('on');
    own.compose(1);
    expect(own.isDriven).toBe(true);
  });

  it('closes what comes after it was closed, and says so to whoever waits', async () => {
    const started = sources.start({ kind: 'webcam' });
    sources.end('webcam');
    expect(kinds()).toEqual([]);
    succeed();
    await expect(started).rejects.toMatchObject({ code: 'load-cancelled' });
    expect(openings[0]?.closed).toBe(true);
    expect(kinds()).toEqual([]);
  });

  it('replaces a source of the same kind, whichever comes first', async () => {
    const first = sources.start({ kind: 'webcam' });
    const second = sources.start({ kind: 'webcam' });
    succeed(openings[1]);
    await second;
    succeed(openings[0]);
    await expect(first).rejects.toMatchObject({ code: 'load-cancelled' });
    expect(openings.map(({ closed }) => closed)).toEqual([true, false]);
    expect(own.slotOf('webcam')?.source).not.toBe(null);
  });

  it('leaves nothing behind of a source that cannot be opened', async () => {
    const started = sources.start({ kind: 'webcam' });
    const error = new SimroomError('camera-denied', 'No.');
    openings[0]?.events.status({ state: 'failed', text: 'No.' });
    openings[0]?.opened.reject(error);
    await expect(started).rejects.toBe(error);
    expect(kinds()).toEqual([]);
    expect(told).toEqual([]);
  });

  it('says what kept a source from opening, whatever it was, and not that it was closed', async () => {
    const started = sources.start({ kind: 'recording', file: new Blob([]) });
    const error = new TypeError('Failed to fetch dynamically imported module');
    openings[0]?.opened.reject(error);
    await expect(started).rejects.toBe(error);
    expect(kinds()).toEqual([]);
  });

  it('keeps a source that has failed to say why, once, and closes it', async () => {
    const started = sources.start({ kind: 'webcam' });
    succeed();
    await started;
    openings[0]?.events.status({ state: 'failed', text: 'The camera was pulled out.' });
    openings[0]?.events.ended();
    expect(own.slotOf('webcam')?.status.state).toBe('failed');
    expect(openings[0]?.closed).toBe(true);
    expect(told).toEqual(['Camera: The camera was pulled out.']);
    sources.end('webcam');
    expect(kinds()).toEqual([]);
  });

  it('takes out what has ended by itself, and closes all at once', async () => {
    for (const request of [
      { kind: 'webcam' },
      { kind: 'microphone' },
      { kind: 'text', text: 'a' },
    ] as const) {
      const started = sources.start(request);
      succeed();
      await started;
    }
    openings[2]?.events.ended();
    expect(kinds()).toEqual(['webcam', 'microphone']);
    sources.end();
    expect(kinds()).toEqual([]);
    expect(openings.every(({ closed }) => closed)).toBe(true);
    openings[0]?.events.status({ state: 'on', text: 'late' });
    expect(told).toEqual([]);
  });
});
