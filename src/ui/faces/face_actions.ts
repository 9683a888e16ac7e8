import type { Simroom } from '../../app/api';
import type { SourceKind, SourceRequest } from '../../app/faces/api';
import { toPlainError } from '../../core/errors';
import { appStore } from '../../state/store';
import { attempt, download, pickFiles } from '../actions';
import { panelShown } from '../panels/shown';
import { sourceOf } from './words';

/** Opens a source. A failure is told in its row, and in passing where the row cannot be seen. */
export async function openSource(simroom: Simroom, request: SourceRequest): Promise<void> {
  const ui = appStore.getState();
  ui.failFace(request.kind, null);
  try {
    await simroom.face.open(request);
  } catch (thrown) {
    const { code, message } = toPlainError(thrown, 'engine-failed');
    // It was closed while it opened.
    if (code === 'load-cancelled') return;
    ui.failFace(request.kind, message);
    if (!panelShown(appStore.getState(), 'face')) ui.notify({ code, message }, 'error');
  }
}

/** Closes a source. */
export function closeSource(simroom: Simroom, kind: SourceKind): void {
  appStore.getState().failFace(kind, null);
  if (kind === 'code') simroom.face.clear();
  else simroom.face.close(kind);
}

/** Turns the camera, the microphone or the bridge on or off. */
export function toggleSource(simroom: Simroom, kind: 'webcam' | 'microphone' | 'bridge'): Promise<void> {
  const open = sourceOf(appStore.getState().face, kind);
  if (open === undefined) return openSource(simroom, { kind });
  closeSource(simroom, kind);
  return Promise.resolve();
}

/** What a head of one's own comes in. */
export const HEAD_FILES = '.glb,.vrm';

/** Whether a drop is somebody's head rather than a model. */
export function isHeadFile(files: readonly File[]): files is readonly [File] {
  return files.length === 1 && /\.(glb|vrm)$/i.test(files[0]?.name ?? '');
}

/** Takes a file for one's own head, and says what was found in it. */
export function wearFile(simroom: Simroom, file: File): Promise<void> {
  return attempt(async () => {
    const message = await simroom.face.setFile(file);
    appStore.getState().notify({ code: 'head-worn', message });
  });
}

/** Lets a person choose a file for their head. */
export async function chooseHead(simroom: Simroom): Promise<void> {
  const [file] = await pickFiles('files', HEAD_FILES);
  if (file !== undefined) await wearFile(simroom, file);
}

/** Records one's own face, or ends that and hands over the file. */
export async function toggleRecording(simroom: Simroom): Promise<void> {
  if (appStore.getState().face?.recording !== true) simroom.face.record();
  else download(await simroom.face.stopRecording(), 'face.csv');
}
