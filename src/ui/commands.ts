import type { CatalogueEntry, ModelInfo, Simroom } from '../app/api';
import { KEY_COMMANDS } from '../app/key_commands';
import { PANEL_IDS, THEMES, type PanelId } from '../state/prefs';
import { hasRole } from '../state/room';
import { appStore, type AppState } from '../state/store';
import { attempt, attemptLoad, copyText, download, loadModel, pickFiles } from './actions';
import type { Command } from './command';
import { cameraAsCode, cameraAsMjcf } from './camera_text';
import { FACE_COMMANDS } from './faces/face_commands';
import { formatSpeed } from './format';
import { drawerShown, togglePanel } from './panels/shown';
import { PANEL_TITLES } from './panels/titles';
import { peerCommands, ROOM_COMMANDS } from './room/room_commands';
import { REFUSALS } from './room/words';
import { nextSpeed, SPEEDS } from './speeds';
import { flagOf, FRAMES, LABELS, nextChoice, VIEW_SWITCHES, VIS_FLAGS, withGroup } from './words';

/** Runs a command by its id; one that does not exist for the running model does nothing. */
export function runCommand(simroom: Simroom, id: string): void {
  const command = findCommand(id);
  if (command !== undefined) run(simroom, command);
}

/** Runs a command, unless it makes no sense now or the role in the room does not allow it. */
export function run(simroom: Simroom, command: Command): void {
  const ui = appStore.getState();
  if (command.when?.(ui) === false) return;
  const refusal = refusalOf(ui, command.id);
  if (refusal === null) void attempt(() => command.run(simroom, ui));
  else ui.notify({ code: 'role-refused', message: refusal });
}

/** Why the role in the room does not allow a command, or null when it does. */
export function refusalOf(ui: Pick<AppState, 'room'>, id: string): string | null {
  const needs = NEEDS_DEVELOPER.test(id) ? 'developer' : COMMANDS.find((c) => c.id === id)?.needs;
  return needs === undefined || hasRole(ui, needs) ? null : REFUSALS[needs];
}

function findCommand(id: string): Command | undefined {
  const { model, peers } = appStore.getState();
  const is = (command: Command): boolean => command.id === id;
  return COMMANDS.find(is) ?? modelCommands(model).find(is) ?? peerCommands(peers).find(is);
}

/** Ids of the commands that change the world. */
const NEEDS_DEVELOPER = /^(sim|key)\.|^model\.(load|files|folder|reload|add)|^tape\.open$/;

/** Panels that a world without a room has no use for. */
const ROOM_PANELS: ReadonlySet<PanelId> = new Set(['people', 'chat']);

/** Geom groups a person can switch: `mjNGROUP`. */
const GROUPS = [0, 1, 2, 3, 4, 5];

/** The commands that every model has. */
export const COMMANDS: readonly Command[] = [
  ...KEY_COMMANDS,
  {
    id: 'sim.toggle',
    title: 'Run or pause',
    group: 'Simulation',
    keywords: 'play stop start',
    run: (s, ui) => (ui.paused ? s.play() : s.pause()),
  },
  { id: 'sim.reset', title: 'Reset', group: 'Simulation', run: (s) => s.reset() },
  {
    id: 'sim.slower',
    title: 'Slower',
    group: 'Simulation',
    keywords: 'speed',
    run: (s, ui) => s.setSpeed(nextSpeed(ui.speed, -1)),
  },
  {
    id: 'sim.faster',
    title: 'Faster',
    group: 'Simulation',
    keywords: 'speed',
    run: (s, ui) => s.setSpeed(nextSpeed(ui.speed, 1)),
  },
  ...SPEEDS.map((speed) => ({
    id: `sim.speed.${speed}`,
    title: Number.isFinite(speed) ? `Speed ${formatSpeed(speed)}` : 'As fast as it can go',
    group: 'Speed',
    keywords: 'real time slow motion max',
    run: (s: Simroom) => s.setSpeed(speed),
  })),
  {
    id: 'sim.zero',
    title: 'Zero all controls',
    group: 'Simulation',
    keywords: 'clear ctrl actuators',
    run: (s) => s.clearCtrl(),
  },

  {
    id: 'model.catalogue',
    title: 'Browse models',
    group: 'Model',
    keywords: 'catalogue open load url github address',
    run: (_, ui) => ui.show('catalogue'),
  },
  { id: 'model.files', title: 'Open files', group: 'Model', run: (s) => openPicked(s, 'files') },
  { id: 'model.folder', title: 'Open folder', group: 'Model', run: (s) => openPicked(s, 'folder') },
  { id: 'model.reload', title: 'Reload model', group: 'Model', run: (s) => attemptLoad(() => s.reload()) },
  {
    id: 'model.add',
    title: 'Add files',
    group: 'Model',
    keywords: 'missing assets meshes textures',
    run: async (s) => {
      const files = await pickFiles();
      if (files.length > 0) await attemptLoad(() => s.addFiles(files));
    },
  },
  {
    id: 'tape.save',
    title: 'Save tape',
    group: 'Model',
    keywords: 'record export download',
    run: async (s, ui) => download(await s.tape.save(), `${fileName(ui.model)}.tape`),
  },
  {
    id: 'tape.open',
    title: 'Open tape',
    group: 'Model',
    keywords: 'replay import',
    run: async (s) => {
      const [file] = await pickFiles('files', '.tape');
      if (file !== undefined) await attemptLoad(() => s.tape.open(file));
    },
  },

  {
    id: 'camera.free',
    title: 'Free camera',
    group: 'Camera',
    run: (s) => s.camera.set({ fixed: null, track: null }),
  },
  {
    id: 'camera.align',
    title: 'Align camera with the model',
    group: 'Camera',
    keywords: 'home fit reset view',
    run: (s) => s.camera.align(),
  },
  { id: 'camera.next', title: 'Next camera', group: 'Camera', run: (s, ui) => turnCamera(s, ui, 1) },
  { id: 'camera.previous', title: 'Previous camera', group: 'Camera', run: (s, ui) => turnCamera(s, ui, -1) },
  {
    id: 'camera.lookat',
    title: 'Look at the selection',
    group: 'Camera',
    keywords: 'focus centre',
    run: (s, ui) => {
      if (ui.selection !== null) s.camera.set({ lookat: bodyPosition(s, ui.selection.body), fixed: null });
    },
  },
  {
    id: 'camera.track',
    title: 'Track the selection',
    group: 'Camera',
    keywords: 'follow',
    run: (s, ui) => {
      if (ui.selection !== null) s.camera.set({ track: ui.selection.body, fixed: null });
    },
  },
  {
    id: 'camera.mjcf',
    title: 'Copy camera as MJCF',
    group: 'Camera',
    keywords: 'clipboard xml',
    run: (s) => copyText(cameraAsMjcf(s.camera.get()), 'Camera'),
  },
  {
    id: 'camera.code',
    title: 'Copy camera as code',
    group: 'Camera',
    keywords: 'clipboard javascript',
    run: (s) => copyText(cameraAsCode(s.camera.get()), 'Camera'),
  },
  {
    id: 'view.screenshot',
    title: 'Save a screenshot',
    group: 'View',
    keywords: 'picture image png',
    run: async (s, ui) => download(await s.screenshot(), `${fileName(ui.model)}.png`),
  },
  ...VIEW_SWITCHES.map(({ value, label }) => ({
    id: `view.${value}`,
    title: `Show ${label.toLowerCase()}`,
    group: 'View',
    keywords: 'toggle hide',
    run: (s: Simroom) => s.view.set({ [value]: !s.view.get()[value] }),
  })),
  ...VIS_FLAGS.map(({ value, label }) => ({
    id: `view.flag.${value}`,
    title: `Show ${label.toLowerCase()}`,
    group: 'View',
    keywords: 'toggle hide',
    run: (s: Simroom) => toggleFlag(s, value),
  })),
  ...GROUPS.map((group) => ({
    id: `view.geom.${group}`,
    title: `Show geom group ${group}`,
    group: 'View',
    keywords: 'toggle hide',
    run: (s: Simroom) => {
      const { geomGroups } = s.view.get();
      s.view.set({ geomGroups: withGroup(geomGroups, group, geomGroups[group] !== true) });
    },
  })),
  ...GROUPS.map((group) => ({
    id: `view.site.${group}`,
    title: `Show site group ${group}`,
    group: 'View',
    keywords: 'toggle hide',
    run: (s: Simroom) => {
      const { siteGroups } = s.view.get();
      s.view.set({ siteGroups: withGroup(siteGroups, group, siteGroups[group] !== true) });
    },
  })),
  {
    id: 'view.label',
    title: 'Next kind of label',
    group: 'View',
    keywords: 'names',
    run: (s, ui) => {
      const next = nextChoice(LABELS, s.view.get().label);
      s.view.set({ label: next.value });
      ui.notify({ code: 'label', message: `Labels: ${next.label.toLowerCase()}` });
    },
  },
  {
    id: 'view.frame',
    title: 'Next kind of frame',
    group: 'View',
    keywords: 'axes coordinate',
    run: (s, ui) => {
      const next = nextChoice(FRAMES, s.view.get().frame);
      s.view.set({ frame: next.value });
      ui.notify({ code: 'frame', message: `Frames: ${next.label.toLowerCase()}` });
    },
  },
  { id: 'select.none', title: 'Clear the selection', group: 'Selection', run: (s) => s.select(null) },

  ...ROOM_COMMANDS,
  ...FACE_COMMANDS,

  ...PANEL_IDS.map((panel) => ({
    id: `panel.${panel}`,
    title: `${PANEL_TITLES[panel]} panel`,
    group: 'Panels',
    keywords: 'open show',
    when: (ui: AppState) => ui.room !== null || !ROOM_PANELS.has(panel),
    run: (_: Simroom, ui: AppState) =>
      ROOM_PANELS.has(panel) ? togglePanel(ui, panel) : ui.openPanel(panel),
  })),
  {
    id: 'panels.toggle',
    title: 'Show or hide the panels',
    group: 'Panels',
    keywords: 'drawer sidebar',
    run: (_, ui) => ui.setPrefs({ drawer: !drawerShown(ui) }),
  },
  ...THEMES.map((theme) => ({
    id: `theme.${theme}`,
    title: `Theme: ${theme === 'system' ? 'as the system has it' : theme}`,
    group: 'Interface',
    keywords: 'dark light mode appearance',
    run: (_: Simroom, ui: AppState) => ui.setPrefs({ theme }),
  })),
  {
    id: 'app.palette',
    title: 'Find a command',
    group: 'Interface',
    run: (_, ui) => ui.show(ui.surface === 'palette' ? null : 'palette'),
  },
  {
    id: 'app.help',
    title: 'Help and keys',
    group: 'Interface',
    keywords: 'shortcuts mouse',
    run: (_, ui) => ui.show(ui.surface === 'help' ? null : 'help'),
  },
  {
    id: 'app.figures',
    title: 'Show or hide the figures',
    group: 'Interface',
    keywords: 'info fps statistics',
    run: (_, ui) => ui.toggleFigures(),
  },
  {
    id: 'app.about',
    title: 'About Simroom',
    group: 'Interface',
    keywords: 'version licence notices',
    run: (_, ui) => ui.show('about'),
  },
];

/** The commands that the running model brings: its keyframes, cameras, actuators and bodies. */
export function modelCommands(model: ModelInfo | null): Command[] {
  if (model === null) return [];
  return [
    ...model.keyframes.map(({ id, name }) => ({
      id: `key.${id}`,
      title: `Reset to ${name}`,
      group: 'Keyframes',
      keywords: 'keyframe',
      run: (s: Simroom) => s.reset(id),
    })),
    ...model.cameras.map(({ id, name }) => ({
      id: `camera.fixed.${id}`,
      title: `Camera ${name}`,
      group: 'Camera',
      keywords: 'fixed',
      run: (s: Simroom) => s.camera.set({ fixed: id }),
    })),
    ...model.actuators.map(({ id, name }) => ({
      id: `actuator.${id}`,
      title: `Control ${name}`,
      group: 'Actuators',
      run: (_: Simroom, ui: AppState) => {
        ui.openPanel('controls');
        ui.setFocusActuator(id);
      },
    })),
    ...model.bodies.map(({ id, name }) => ({
      id: `body.${id}`,
      title: `Select ${name}`,
      group: 'Bodies',
      keywords: 'body',
      run: (s: Simroom) => s.select(id),
    })),
  ];
}

/** A command for every model of the catalogue. */
export function catalogueCommands(entries: readonly CatalogueEntry[]): Command[] {
  return entries.map(({ id, title, text }) => ({
    id: `model.load.${id}`,
    title: `Open ${title}`,
    group: 'Models',
    keywords: text,
    run: (s: Simroom) => loadModel(s, id),
  }));
}

/** World position of a body, m, as the newest frame has it. */
export function bodyPosition(simroom: Simroom, body: number): [number, number, number] {
  const xpos = simroom.frame()?.xpos;
  return [xpos?.[3 * body] ?? 0, xpos?.[3 * body + 1] ?? 0, xpos?.[3 * body + 2] ?? 0];
}

function toggleFlag(simroom: Simroom, flag: string): void {
  const view = simroom.view.get();
  simroom.view.set({ flags: { ...view.flags, [flag]: !flagOf(view, flag) } });
}

function turnCamera(simroom: Simroom, ui: AppState, direction: 1 | -1): void {
  const cameras = ui.model?.cameras.length ?? 0;
  if (cameras === 0) return;
  const before = simroom.camera.get().fixed ?? (direction > 0 ? -1 : cameras);
  simroom.camera.set({ fixed: (before + direction + cameras) % cameras });
}

async function openPicked(simroom: Simroom, kind: 'files' | 'folder'): Promise<void> {
  const files = await pickFiles(kind);
  if (files.length > 0) await loadModel(simroom, files);
}

/** A file name from the model's name and the moment. */
function fileName(model: ModelInfo | null): string {
  const tick = appStore.getState().tick;
  return `${(model?.name || 'simroom').replace(/[^\w-]+/g, '-')}-${tick}`;
}
