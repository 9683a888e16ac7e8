import { HEADER, Lag } from '../core/frame';
import { toPlainError } from '../core/errors';
import { connectRoom, isRefusal, isRoomFailure } from './room_sync';
import { appStore, persistPrefs, type AppStore } from '../state/store';
import type { LagReason } from '../state/sim';
import type { Simroom } from './api';

/** How often the figures in the interface change, ms: faster than four times a second cannot be read. */
const FIGURES_PERIOD_MS = 250;

const LAG_REASONS: Readonly<Record<number, LagReason>> = {
  [Lag.none]: 'none',
  [Lag.physics]: 'physics',
};

/** Feeds the store from the engine's events and keeps preferences. Returns how to stop. */
export function connectStore(simroom: Simroom, store: AppStore = appStore): () => void {
  const s = store.getState();
  const storage = localStorageOrNull();
  const stopPrefs = storage === null ? () => {} : persistPrefs(storage, store);
  s.setView(simroom.view.get());
  s.setCamera(simroom.camera.get());
  s.setRoom(simroom.room.info(), simroom.room.left());
  s.setPeers(simroom.room.peers());
  s.setMessages(simroom.chat.messages());
  s.setFace(simroom.face.info());
  const running = simroom.model();
  if (running !== null) s.setModel(running);

  const figures = (): void => {
    const header = simroom.frame()?.header;
    if (header === undefined) return;
    s.setSim({
      tick: header[HEADER.tick] ?? 0,
      time: header[HEADER.time] ?? 0,
      paused: header[HEADER.paused] === 1,
      speed: header[HEADER.speed] ?? 1,
      rtf: header[HEADER.rtf] ?? 0,
      stepsPerSecond: header[HEADER.stepsPerSecond] ?? 0,
      stepMs: header[HEADER.stepMs] ?? 0,
      lag: LAG_REASONS[header[HEADER.lag] ?? Lag.none] ?? 'none',
    });
  };
  figures();
  const timer = setInterval(figures, FIGURES_PERIOD_MS);

  const offs = [
    simroom.on('progress', s.setProgress),
    simroom.on('model', s.setModel),
    simroom.on('state', s.setSim),
    simroom.on('selection', s.setSelection),
    simroom.on('camera', s.setCamera),
    simroom.on('options', s.setView),
    ...connectRoom(simroom, store),
    simroom.on('face', s.setFace),
    simroom.on('warning', (notice) => s.notify(notice, 'warning')),
    simroom.on('error', (error) => {
      const failure = toPlainError(error, 'engine-failed');
      if (failure.code === 'load-cancelled') s.giveUpLoad();
      else if (isRoomFailure(failure.code)) s.failRoom(failure);
      else if (isRefusal(failure.code)) s.notify(failure, 'warning');
      else if (failure.code !== 'load-superseded') s.fail(failure);
    }),
  ];
  return () => {
    clearInterval(timer);
    stopPrefs();
    for (const off of offs) off();
  };
}

/** The browser's storage; null in a frame that may not have any. */
function localStorageOrNull(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
