import type { ViewOptions } from '../app/api';

/** MuJoCo's switches and choices, with the words people read. Values are the engine's own (3.14). */

export interface Choice<T> {
  readonly value: T;
  readonly label: string;
}

/** The on/off fields of {@link ViewOptions}. */
export type ViewSwitch = 'shadows' | 'reflections' | 'skybox' | 'haze' | 'fog' | 'wireframe' | 'transparent';

export const VIEW_SWITCHES: readonly Choice<ViewSwitch>[] = [
  { value: 'shadows', label: 'Shadows' },
  { value: 'reflections', label: 'Reflections' },
  { value: 'skybox', label: 'Sky' },
  { value: 'haze', label: 'Haze' },
  { value: 'fog', label: 'Fog' },
  { value: 'wireframe', label: 'Wireframe' },
  { value: 'transparent', label: 'Transparent' },
];

/** `mjtVisFlag`: what the engine's visualizer adds. */
export const VIS_FLAGS: readonly Choice<string>[] = [
  { value: 'contactpoint', label: 'Contact points' },
  { value: 'contactforce', label: 'Contact forces' },
  { value: 'contactsplit', label: 'Split contact forces' },
  { value: 'joint', label: 'Joints' },
  { value: 'com', label: 'Centres of mass' },
  { value: 'inertia', label: 'Inertia' },
  { value: 'sclinertia', label: 'Inertia scaled by mass' },
  { value: 'tendon', label: 'Tendons' },
  { value: 'actuator', label: 'Actuators' },
  { value: 'activation', label: 'Activations' },
  { value: 'constraint', label: 'Constraints' },
  { value: 'pertforce', label: 'Pull force' },
  { value: 'pertobj', label: 'Pulled object' },
  { value: 'camera', label: 'Cameras' },
  { value: 'light', label: 'Lights' },
  { value: 'rangefinder', label: 'Rangefinders' },
  { value: 'autoconnect', label: 'Skeleton' },
  { value: 'island', label: 'Islands' },
  { value: 'convexhull', label: 'Convex hulls' },
  { value: 'texture', label: 'Textures' },
  { value: 'static', label: 'Static bodies' },
  { value: 'select', label: 'Selection point' },
  { value: 'skin', label: 'Skins' },
  { value: 'flexvert', label: 'Flex vertices' },
  { value: 'flexedge', label: 'Flex edges' },
  { value: 'flexface', label: 'Flex faces' },
  { value: 'flexskin', label: 'Flex skin' },
];

/** Flags that matter to most people; the others come after them. */
export const COMMON_VIS_FLAGS = 9;

export const LABELS: readonly Choice<string>[] = words(
  'none body joint geom site camera light tendon actuator constraint flex skin selection selpnt contactpoint contactforce island',
  {
    selpnt: 'Selection point',
    contactpoint: 'Contact point',
    contactforce: 'Contact force',
  },
);

export const FRAMES: readonly Choice<string>[] = words('none body geom site camera light contact world');

export const INTEGRATORS: readonly Choice<number>[] = numbered([
  'Euler',
  'RK4',
  'Implicit',
  'Implicit fast',
  'Discrete',
]);
export const CONES: readonly Choice<number>[] = numbered(['Pyramidal', 'Elliptic']);
export const SOLVERS: readonly Choice<number>[] = numbered(['PGS', 'CG', 'Newton']);

/** `mjtDisableBit`: bit n is entry n. A part is on when its bit is clear. */
export const DISABLE_BITS: readonly string[] = [
  'Constraints',
  'Equalities',
  'Friction loss',
  'Limits',
  'Contacts',
  'Springs',
  'Dampers',
  'Gravity',
  'Clamp controls',
  'Warm start',
  'Filter parent contacts',
  'Actuation',
  'Safe solref',
  'Sensors',
  'Mid-phase',
  'Implicit damping in Euler',
  'Reset when unstable',
  'Native CCD',
  'Islands',
  'Multi-point CCD',
];

/** `mjtEnableBit`: bit n is entry n. */
export const ENABLE_BITS: readonly string[] = [
  'Override contacts',
  'Energy',
  'Forward and inverse check',
  'Discrete inverse',
  'Sleep',
  'Exact diagonal',
  'IPC',
];

/** The choice after the present one, for a key that cycles. */
export function nextChoice(choices: readonly Choice<string>[], value: string): Choice<string> {
  const index = choices.findIndex((choice) => choice.value === value);
  return choices[(index + 1) % choices.length] ?? { value, label: value };
}

function words(values: string, labels: Readonly<Record<string, string>> = {}): Choice<string>[] {
  return values.split(' ').map((value) => ({
    value,
    label: labels[value] ?? value.charAt(0).toUpperCase() + value.slice(1),
  }));
}

function numbered(labels: readonly string[]): Choice<number>[] {
  return labels.map((label, value) => ({ value, label }));
}

/** A copy of a list of groups with one of them shown or hidden. */
export function withGroup(groups: readonly boolean[], index: number, shown: boolean): boolean[] {
  return groups.map((before, i) => (i === index ? shown : before));
}

/** Whether a visualizer flag is on. */
export function flagOf(view: ViewOptions | null, flag: string): boolean {
  return view?.flags[flag] === true;
}
