import type { VisualRequest } from '../sim/frame_packer';
import type { ViewOptions } from './api';

/** `mjtVisFlag` in MuJoCo's order, without `mjVIS_`. */
const VIS_FLAGS = [
  'convexhull',
  'texture',
  'joint',
  'camera',
  'actuator',
  'activation',
  'light',
  'tendon',
  'rangefinder',
  'constraint',
  'inertia',
  'sclinertia',
  'pertforce',
  'pertobj',
  'contactpoint',
  'island',
  'contactforce',
  'contactsplit',
  'transparent',
  'autoconnect',
  'com',
  'select',
  'static',
  'skin',
  'flexvert',
  'flexedge',
  'flexface',
  'flexskin',
  'bodybvh',
  'meshbvh',
  'sdfiter',
] as const;

/** On at the start, as `mjv_defaultOption` has them. */
const DEFAULT_FLAGS: ReadonlySet<string> = new Set([
  'texture',
  'tendon',
  'rangefinder',
  'pertobj',
  'static',
  'skin',
  'flexedge',
  'flexskin',
]);

/** `mjtFrame` in MuJoCo's order. */
const FRAMES = ['none', 'body', 'geom', 'site', 'camera', 'light', 'contact', 'world'];

/** Groups a person can show and hide, `mjNGROUP`. */
const GROUPS = 6;
/** Groups shown at the start, as `mjv_defaultOption` has them. */
const DEFAULT_GROUPS: readonly boolean[] = [true, true, true, false, false, false];

/** Beyond two device pixels per CSS pixel nobody sees a difference in a moving picture, and everybody pays for it. */
const MAX_PIXEL_RATIO = 2;

export const DEFAULT_VIEW_OPTIONS: ViewOptions = {
  shadows: true,
  reflections: true,
  skybox: true,
  haze: true,
  fog: false,
  wireframe: false,
  transparent: false,
  geomGroups: DEFAULT_GROUPS,
  siteGroups: DEFAULT_GROUPS,
  flags: Object.fromEntries(VIS_FLAGS.map((flag) => [flag, DEFAULT_FLAGS.has(flag)])),
  label: 'none',
  frame: 'none',
  maxPixelRatio: MAX_PIXEL_RATIO,
};

const groupBytes = (groups: readonly boolean[]): Uint8Array =>
  Uint8Array.from({ length: GROUPS }, (_, i) => (groups[i] === true ? 1 : 0));

/** What the engine's visualizer is to add to frames under these options. */
export function visualRequest(options: ViewOptions): VisualRequest {
  const shown = groupBytes(DEFAULT_GROUPS);
  return {
    flags: Uint8Array.from(VIS_FLAGS, (flag) => (options.flags[flag] === true ? 1 : 0)),
    sitegroup: groupBytes(options.siteGroups),
    tendongroup: shown,
    jointgroup: shown,
    actuatorgroup: shown,
    flexgroup: groupBytes(options.geomGroups),
    skingroup: groupBytes(options.geomGroups),
    frame: Math.max(0, FRAMES.indexOf(options.frame)),
  };
}
