/**
 * The keys, after native simulate's where it has one, as data: what to press, what it does, in whose words.
 *
 * Tab is not among them: it moves the focus, and a page that takes it away cannot be used without a mouse. Panels are
 * on Ctrl+B and the backquote instead.
 */
export interface KeyBinding {
  /** Id of the command it runs: one of the interface's, or of {@link KEY_COMMANDS}. */
  readonly id: string;
  /** As people write it: `Space`, `Ctrl+K`, `Shift+←`. Ctrl stands for Cmd on a Mac. */
  readonly keys: string;
  readonly text: string;
  readonly group: KeyGroup;
  /** Fires again while held down. */
  readonly repeats?: boolean;
  /** Works while the focus is in a text field, too. */
  readonly everywhere?: boolean;
  /** Works while a dialog or a menu is open, too. */
  readonly overDialogs?: boolean;
  /** Runs once more when the key is let go. */
  readonly held?: boolean;
}

export type KeyGroup = 'Simulation' | 'Camera' | 'Room' | 'Face' | 'Panels' | 'Show' | 'Render';

export const KEYS: readonly KeyBinding[] = [
  { id: 'sim.toggle', keys: 'Space', text: 'Run or pause', group: 'Simulation' },
  {
    id: 'sim.tick-forward',
    keys: '→',
    text: 'One step, or forward in history',
    group: 'Simulation',
    repeats: true,
  },
  { id: 'sim.tick-back', keys: '←', text: 'One step back in history', group: 'Simulation', repeats: true },
  { id: 'sim.reset', keys: 'Backspace', text: 'Reset', group: 'Simulation' },
  { id: 'sim.slower', keys: '-', text: 'Slower', group: 'Simulation', repeats: true },
  { id: 'sim.faster', keys: '=', text: 'Faster', group: 'Simulation', repeats: true },
  // Ctrl+L is the address bar's in a tab, where the browser may keep it for itself.
  { id: 'model.reload', keys: 'Ctrl+L', text: 'Load the model again', group: 'Simulation' },
  { id: 'model.reload', keys: 'Shift+L', text: 'Load the model again', group: 'Simulation' },

  { id: 'camera.previous', keys: '[', text: 'Previous camera of the model', group: 'Camera', repeats: true },
  { id: 'camera.next', keys: ']', text: 'Next camera of the model', group: 'Camera', repeats: true },
  { id: 'escape', keys: 'Esc', text: 'Free camera, then no selection', group: 'Camera' },
  { id: 'camera.align', keys: 'Ctrl+A', text: "The model's own view", group: 'Camera' },
  { id: 'camera.left', keys: 'Shift+←', text: 'Orbit to the left', group: 'Camera', repeats: true },
  { id: 'camera.right', keys: 'Shift+→', text: 'Orbit to the right', group: 'Camera', repeats: true },
  { id: 'camera.up', keys: 'Shift+↑', text: 'Orbit upwards', group: 'Camera', repeats: true },
  { id: 'camera.down', keys: 'Shift+↓', text: 'Orbit downwards', group: 'Camera', repeats: true },
  { id: 'camera.closer', keys: 'Shift+=', text: 'Closer', group: 'Camera', repeats: true },
  { id: 'camera.further', keys: 'Shift+-', text: 'Further away', group: 'Camera', repeats: true },
  { id: 'view.screenshot', keys: 'Ctrl+P', text: 'Save a picture', group: 'Camera' },

  { id: 'room.write', keys: 'Enter', text: 'Write a message', group: 'Room' },
  { id: 'room.point', keys: 'L', text: 'Point, while held', group: 'Room', held: true },

  { id: 'panel.face', keys: 'F8', text: 'My face', group: 'Face', everywhere: true },
  {
    id: 'face.cut',
    keys: 'Ctrl+.',
    text: 'Camera and microphone off',
    group: 'Face',
    everywhere: true,
    overDialogs: true,
  },

  { id: 'app.palette', keys: 'Ctrl+K', text: 'All commands', group: 'Panels', everywhere: true },
  { id: 'panels.toggle', keys: 'Ctrl+B', text: 'Panels', group: 'Panels', everywhere: true },
  { id: 'panels.toggle', keys: '`', text: 'Panels', group: 'Panels' },
  { id: 'app.help', keys: 'F1', text: 'Help', group: 'Panels', everywhere: true },
  { id: 'app.figures', keys: 'F2', text: 'Figures', group: 'Panels', everywhere: true },
  { id: 'panel.profiler', keys: 'F3', text: 'Profiler', group: 'Panels', everywhere: true },
  { id: 'panel.sensors', keys: 'F4', text: 'Sensors', group: 'Panels', everywhere: true },

  { id: 'view.frame', keys: 'F6', text: 'Coordinate frames: next kind', group: 'Show' },
  { id: 'view.label', keys: 'F7', text: 'Names: next kind', group: 'Show' },
  { id: 'view.geom.0', keys: '0', text: 'Geoms of group 0', group: 'Show' },
  { id: 'view.geom.1', keys: '1', text: 'Geoms of group 1', group: 'Show' },
  { id: 'view.geom.2', keys: '2', text: 'Geoms of group 2', group: 'Show' },
  { id: 'view.geom.3', keys: '3', text: 'Geoms of group 3', group: 'Show' },
  { id: 'view.geom.4', keys: '4', text: 'Geoms of group 4', group: 'Show' },
  { id: 'view.geom.5', keys: '5', text: 'Geoms of group 5', group: 'Show' },
  { id: 'view.site.0', keys: 'Shift+0', text: 'Sites of group 0', group: 'Show' },
  { id: 'view.site.1', keys: 'Shift+1', text: 'Sites of group 1', group: 'Show' },
  { id: 'view.site.2', keys: 'Shift+2', text: 'Sites of group 2', group: 'Show' },
  { id: 'view.site.3', keys: 'Shift+3', text: 'Sites of group 3', group: 'Show' },
  { id: 'view.site.4', keys: 'Shift+4', text: 'Sites of group 4', group: 'Show' },
  { id: 'view.site.5', keys: 'Shift+5', text: 'Sites of group 5', group: 'Show' },
  { id: 'view.flag.contactpoint', keys: 'C', text: 'Contact points', group: 'Show' },
  { id: 'view.flag.contactforce', keys: 'F', text: 'Contact forces', group: 'Show' },
  { id: 'view.flag.contactsplit', keys: 'P', text: 'Contact forces, split', group: 'Show' },
  { id: 'view.flag.joint', keys: 'J', text: 'Joints', group: 'Show' },
  { id: 'view.flag.actuator', keys: 'U', text: 'Actuators', group: 'Show' },
  { id: 'view.flag.activation', keys: ',', text: 'Activations', group: 'Show' },
  { id: 'view.flag.tendon', keys: 'V', text: 'Tendons', group: 'Show' },
  { id: 'view.flag.com', keys: 'M', text: 'Centres of mass', group: 'Show' },
  { id: 'view.flag.inertia', keys: 'I', text: 'Inertia boxes', group: 'Show' },
  { id: 'view.flag.sclinertia', keys: "'", text: 'Inertia boxes, scaled by mass', group: 'Show' },
  { id: 'view.flag.camera', keys: 'Q', text: 'Cameras', group: 'Show' },
  { id: 'view.flag.light', keys: 'Z', text: 'Lights', group: 'Show' },
  { id: 'view.flag.rangefinder', keys: 'Y', text: 'Rangefinders', group: 'Show' },
  { id: 'view.flag.constraint', keys: 'E', text: 'Equality constraints', group: 'Show' },
  { id: 'view.flag.island', keys: 'N', text: 'Constraint islands', group: 'Show' },
  { id: 'view.flag.pertforce', keys: 'B', text: 'Forces of drags', group: 'Show' },
  { id: 'view.flag.pertobj', keys: 'O', text: 'Dragged bodies', group: 'Show' },
  { id: 'view.flag.autoconnect', keys: 'A', text: 'Joints and bodies, connected', group: 'Show' },
  { id: 'view.flag.static', keys: 'D', text: 'Static bodies', group: 'Show' },
  { id: 'view.flag.skin', keys: ';', text: 'Skins', group: 'Show' },
  { id: 'view.flag.convexhull', keys: 'H', text: 'Convex hulls', group: 'Show' },

  { id: 'view.transparent', keys: 'T', text: 'Transparent', group: 'Render' },
  { id: 'view.shadows', keys: 'S', text: 'Shadows', group: 'Render' },
  { id: 'view.reflections', keys: 'R', text: 'Reflections', group: 'Render' },
  { id: 'view.wireframe', keys: 'W', text: 'Wireframe', group: 'Render' },
  { id: 'view.flag.texture', keys: 'X', text: 'Textures', group: 'Render' },
  { id: 'view.skybox', keys: 'K', text: 'Sky', group: 'Render' },
  { id: 'view.fog', keys: 'G', text: 'Fog', group: 'Render' },
  { id: 'view.haze', keys: '/', text: 'Haze', group: 'Render' },
];

/** `KeyboardEvent.key` of keys that people call otherwise. */
const NAMED: Readonly<Record<string, string>> = {
  Space: ' ',
  Esc: 'Escape',
  '←': 'ArrowLeft',
  '→': 'ArrowRight',
  '↑': 'ArrowUp',
  '↓': 'ArrowDown',
};

/** Where Shift changes the character, or a layout hides it behind Shift: the key's place on the board tells. */
const BY_CODE: Readonly<Record<string, readonly string[]>> = {
  '-': ['Minus', 'NumpadSubtract'],
  '=': ['Equal', 'NumpadAdd'],
  ...Object.fromEntries(['0', '1', '2', '3', '4', '5'].map((digit) => [digit, [`Digit${digit}`]])),
};

interface Stroke {
  readonly binding: KeyBinding;
  readonly ctrl: boolean;
  readonly shift: boolean;
  readonly key: string;
  readonly codes: readonly string[];
}

const STROKES: readonly Stroke[] = KEYS.map((binding) => {
  const parts = binding.keys.split('+');
  const key = parts.at(-1) ?? '';
  return {
    binding,
    ctrl: parts.includes('Ctrl'),
    shift: parts.includes('Shift'),
    key: NAMED[key] ?? (key.length === 1 ? key.toLowerCase() : key),
    codes: BY_CODE[key] ?? [],
  };
});

/** Elements whose own keys are not ours to take, and which those are; `null` is all of them. */
const OWNERS: readonly (readonly [selector: string, keys: RegExp | null])[] = [
  [
    '[contenteditable]:not([contenteditable="false"]), textarea, select, [role="textbox"], [role="combobox"]',
    null,
  ],
  ['input:not([type="checkbox"], [type="radio"], [type="range"], [type="button"])', null],
  ['[role="menu"], [role="listbox"], [role="tree"], [role="grid"]', null],
  [
    '[role="slider"], [role="spinbutton"], [role="tab"], [role="radio"], [role="separator"], [role="toolbar"], input',
    /^(Arrow|Home|End|Page|Enter| )/,
  ],
  ['button, a[href], summary, [role="button"], [role="switch"], [role="checkbox"]', /^(Enter| )$/],
];

/** While one of these is open the keys are its own. */
const MODAL =
  'dialog[open], [role="dialog"][data-state="open"], [role="alertdialog"], [role="menu"][data-state="open"]';

/**
 * Listens for the keys of {@link KEYS}. Typing, open dialogs and a focused control's own keys are left alone, and so
 * is every key that is not in the table.
 *
 * @param run gets the command's id
 * @returns how to stop
 */
export function bindKeys(target: Window, run: (id: string) => void): () => void {
  let held: { readonly id: string; readonly code: string } | null = null;
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || event.isComposing) return;
    const binding = match(event);
    if (binding === null || (event.repeat && binding.repeats !== true)) return;
    if (binding.overDialogs !== true && target.document.querySelector(MODAL) !== null) return;
    if (binding.everywhere !== true && isOwned(event)) return;
    event.preventDefault();
    if (binding.held === true) {
      if (held !== null) return;
      held = { id: binding.id, code: event.code };
    }
    run(binding.id);
  };
  const letGo = (event: Event): void => {
    if (held === null || (event instanceof KeyboardEvent && event.code !== held.code)) return;
    const { id } = held;
    held = null;
    run(id);
  };
  target.addEventListener('keydown', onKey);
  target.addEventListener('keyup', letGo);
  // Who looks elsewhere lets go without our hearing of it.
  target.addEventListener('blur', letGo);
  return () => {
    target.removeEventListener('keydown', onKey);
    target.removeEventListener('keyup', letGo);
    target.removeEventListener('blur', letGo);
  };
}

/** The binding that a key press means, or null. */
function match(event: KeyboardEvent): KeyBinding | null {
  // On many layouts brackets are typed with AltGr, which reports itself as Ctrl+Alt.
  const composed = event.key.length === 1 && event.getModifierState('AltGraph');
  if (event.altKey && !composed) return null;
  const ctrl = !composed && (event.ctrlKey || event.metaKey);
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  for (const stroke of STROKES) {
    if (stroke.ctrl !== ctrl) continue;
    const placed = stroke.codes.includes(event.code);
    if (!placed && stroke.key !== key) continue;
    // A symbol that needed Shift to be typed is still that symbol.
    const symbol = !placed && key.length === 1 && key.toUpperCase() === key && key !== ' ';
    if (stroke.shift === event.shiftKey || (symbol && !stroke.shift)) return stroke.binding;
  }
  return null;
}

function isOwned(event: KeyboardEvent): boolean {
  const { target } = event;
  if (!(target instanceof Element)) return false;
  return OWNERS.some(
    ([selector, keys]) => target.closest(selector) !== null && (keys === null || keys.test(event.key)),
  );
}
