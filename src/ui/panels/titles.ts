import type { PanelId } from '../../state/prefs';

export const PANEL_TITLES: Readonly<Record<PanelId, string>> = {
  people: 'People',
  chat: 'Chat',
  face: 'My face',
  simulation: 'Simulation',
  controls: 'Controls',
  joints: 'Joints',
  equalities: 'Equalities',
  camera: 'Camera',
  view: 'View',
  sensors: 'Sensors',
  shapes: 'Face shapes',
  profiler: 'Profiler',
  files: 'Files',
};
