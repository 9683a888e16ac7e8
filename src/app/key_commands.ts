import type { Simroom } from './api';

/** Commands that exist for the keyboard's sake; see `keys.ts`. */
export interface KeyCommand {
  readonly id: string;
  readonly title: string;
  readonly group: string;
  run(simroom: Simroom): void | Promise<void>;
}

/** One press turns the camera so far, degrees: 24 presses go round. */
const TURN_DEGREES = 15;
/** One press changes the camera's distance by this factor. */
const APPROACH = 0.8;

export const KEY_COMMANDS: readonly KeyCommand[] = [
  { id: 'sim.tick-back', title: 'One step back', group: 'Simulation', run: (s) => s.scrub(-1) },
  { id: 'sim.tick-forward', title: 'One step forward', group: 'Simulation', run: (s) => s.scrub(1) },
  { id: 'camera.left', title: 'Orbit to the left', group: 'Camera', run: (s) => turn(s, -TURN_DEGREES, 0) },
  { id: 'camera.right', title: 'Orbit to the right', group: 'Camera', run: (s) => turn(s, TURN_DEGREES, 0) },
  { id: 'camera.up', title: 'Orbit upwards', group: 'Camera', run: (s) => turn(s, 0, -TURN_DEGREES) },
  { id: 'camera.down', title: 'Orbit downwards', group: 'Camera', run: (s) => turn(s, 0, TURN_DEGREES) },
  { id: 'camera.closer', title: 'Come closer', group: 'Camera', run: (s) => approach(s, APPROACH) },
  { id: 'camera.further', title: 'Go further away', group: 'Camera', run: (s) => approach(s, 1 / APPROACH) },
  { id: 'escape', title: 'Free camera, then no selection', group: 'Camera', run: escape },
];

function turn({ camera }: Simroom, azimuth: number, elevation: number): void {
  const pose = camera.get();
  camera.set({ azimuth: pose.azimuth + azimuth, elevation: pose.elevation + elevation });
}

function approach({ camera }: Simroom, factor: number): void {
  camera.set({ distance: camera.get().distance * factor });
}

/** Leaves one thing at a time: the model's camera or the body followed, then the selection. */
function escape(simroom: Simroom): void {
  const { fixed, track } = simroom.camera.get();
  if (fixed !== null || track !== null) simroom.camera.set({ fixed: null, track: null });
  else simroom.select(null);
}
