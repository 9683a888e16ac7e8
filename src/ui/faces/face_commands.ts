import type { AppState } from '../../state/store';
import type { Command } from '../command';
import { chooseHead, toggleRecording, toggleSource } from './face_actions';
import { ownId } from './words';

/** What can be done with one's face. */
export const FACE_COMMANDS: readonly Command[] = [
  {
    id: 'face.cut',
    title: 'Camera and microphone off',
    group: 'Face',
    keywords: 'stop webcam mute privacy',
    run: (s) => s.face.cut(),
  },
  {
    id: 'face.webcam',
    title: 'Camera for my face: on or off',
    group: 'Face',
    keywords: 'webcam video tracking',
    run: (s) => toggleSource(s, 'webcam'),
  },
  {
    id: 'face.microphone',
    title: 'Microphone for my mouth: on or off',
    group: 'Face',
    keywords: 'voice speech lips viseme',
    run: (s) => toggleSource(s, 'microphone'),
  },
  {
    id: 'face.file',
    title: 'Use my own head (GLB)',
    group: 'Face',
    keywords: 'avatar vrm file',
    run: (s) => chooseHead(s),
  },
  {
    id: 'face.record',
    title: 'Record my face, or save the recording',
    group: 'Face',
    keywords: 'csv live link take',
    run: (s) => toggleRecording(s),
  },
  {
    id: 'face.put',
    title: 'Put my face on the selected body',
    group: 'Face',
    keywords: 'robot head speak',
    needs: 'developer',
    when: (ui) => ui.selection !== null,
    run: (s, ui) => (ui.selection === null ? undefined : s.face.put({ body: ui.selection.body })),
  },
  {
    id: 'face.take',
    title: 'Take the face off the selected body',
    group: 'Face',
    keywords: 'remove',
    needs: 'developer',
    when: (ui) => faceOnSelection(ui) !== null,
    run: (s, ui) => (ui.selection === null ? undefined : s.face.put({ body: ui.selection.body }, null)),
  },
];

/** `Peer.id` of whose face is on the selected body, or null. */
export function faceOnSelection({ face, selection }: Pick<AppState, 'face' | 'selection'>): string | null {
  const place = face?.places.find(({ object, id }) => object === 'body' && id === selection?.body);
  return place?.peer ?? null;
}

/** Whether one's own face is on the selected body. */
export function wornBySelection(ui: Pick<AppState, 'face' | 'selection' | 'peers'>): boolean {
  return faceOnSelection(ui) === ownId(ui.peers);
}
