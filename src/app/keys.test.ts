// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CameraPose, CameraRequest, Simroom } from './api';
import { KEY_COMMANDS } from './key_commands';
import { KEYS, bindKeys } from './keys';

let ran: string[] = [];
let unbind: () => void;

beforeEach(() => {
  ran = [];
  unbind = bindKeys(window, (id) => ran.push(id));
});

afterEach(() => {
  unbind();
  document.body.replaceChildren();
});

function press(
  key: string,
  init: KeyboardEventInit = {},
  target: EventTarget = document.body,
): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...init });
  target.dispatchEvent(event);
  return event;
}

function put(html: string): Element {
  document.body.innerHTML = html;
  const element = document.body.querySelector('[data-here]') ?? document.body.firstElementChild;
  if (element === null) throw new Error('no element in the test page');
  return element;
}

describe('the table', () => {
  it('gives every combination one meaning', () => {
    const combinations = KEYS.map(({ keys }) => keys);
    expect(new Set(combinations).size).toBe(combinations.length);
  });

  it('leaves Tab alone', () => {
    expect(KEYS.some(({ keys }) => keys.includes('Tab'))).toBe(false);
    expect(press('Tab').defaultPrevented).toBe(false);
    expect(ran).toEqual([]);
  });

  it("knows native simulate's keys", () => {
    const strokes: readonly [string, KeyboardEventInit, string][] = [
      [' ', {}, 'sim.toggle'],
      ['ArrowRight', {}, 'sim.tick-forward'],
      ['ArrowLeft', {}, 'sim.tick-back'],
      ['Backspace', {}, 'sim.reset'],
      ['[', {}, 'camera.previous'],
      [']', {}, 'camera.next'],
      ['Escape', {}, 'escape'],
      ['-', { code: 'Minus' }, 'sim.slower'],
      ['=', { code: 'Equal' }, 'sim.faster'],
      ['F1', {}, 'app.help'],
      ['F7', {}, 'view.label'],
      ['3', { code: 'Digit3' }, 'view.geom.3'],
      ['l', { ctrlKey: true }, 'model.reload'],
      ['L', { shiftKey: true }, 'model.reload'],
      ['a', { ctrlKey: true }, 'camera.align'],
      ['p', { ctrlKey: true }, 'view.screenshot'],
      ['c', {}, 'view.flag.contactpoint'],
      ['t', {}, 'view.transparent'],
      ['/', {}, 'view.haze'],
    ];
    for (const [key, init, id] of strokes) {
      expect(press(key, init).defaultPrevented, key).toBe(true);
      expect(ran.at(-1), key).toBe(id);
    }
    expect(ran).toHaveLength(strokes.length);
  });
});

describe('a key press', () => {
  it('tells modifiers apart', () => {
    press('p');
    press('p', { ctrlKey: true });
    press('ArrowLeft', { shiftKey: true });
    press('k', { metaKey: true });
    expect(ran).toEqual(['view.flag.contactsplit', 'view.screenshot', 'camera.left', 'app.palette']);
  });

  it("does not take the browser's own", () => {
    for (const [key, init] of [
      ['r', { ctrlKey: true }],
      ['c', { ctrlKey: true }],
      ['t', { metaKey: true }],
      ['ArrowLeft', { altKey: true }],
      ['F5', {}],
      ['T', { shiftKey: true }],
    ] as const) {
      expect(press(key, init).defaultPrevented, key).toBe(false);
    }
    expect(ran).toEqual([]);
  });

  it('finds symbols and digits where other layouts hide them', () => {
    // German: AltGr+8 is a bracket. French: digits need Shift, and the key of 1 types an ampersand without.
    press('[', { ctrlKey: true, altKey: true, modifierAltGraph: true });
    press('&', { code: 'Digit1' });
    press('/', { code: 'Digit7', shiftKey: true });
    press('_', { code: 'Minus', shiftKey: true });
    expect(ran).toEqual(['camera.previous', 'view.geom.1', 'view.haze', 'camera.further']);
  });

  it('repeats only where that makes sense', () => {
    press('ArrowRight', { repeat: true });
    press(' ', { repeat: true });
    expect(ran).toEqual(['sim.tick-forward']);
  });

  it('is over when somebody else has used it, and after unbinding', () => {
    const used = vi.fn((event: Event) => event.preventDefault());
    document.body.addEventListener('keydown', used, { once: true });
    press(' ');
    unbind();
    press(' ');
    expect(used).toHaveBeenCalledOnce();
    expect(ran).toEqual([]);
  });
});

describe('focus', () => {
  it('in a text field keeps typing there, but for what works everywhere', () => {
    for (const html of [
      '<input>',
      '<input type="number">',
      '<textarea></textarea>',
      '<div contenteditable></div>',
    ]) {
      const field = put(html);
      expect(press(' ', {}, field).defaultPrevented).toBe(false);
      press('c', {}, field);
      press('a', { ctrlKey: true }, field);
      press('Backspace', {}, field);
    }
    expect(ran).toEqual([]);
    press('k', { ctrlKey: true }, put('<input>'));
    expect(ran).toEqual(['app.palette']);
  });

  it('on a control leaves it its own keys and takes the others', () => {
    const slider = put('<span role="slider"></span>');
    press('ArrowLeft', {}, slider);
    press('c', {}, slider);
    const button = put('<button><svg data-here></svg></button>');
    press(' ', {}, button);
    press('ArrowLeft', {}, button);
    expect(ran).toEqual(['view.flag.contactpoint', 'sim.tick-back']);
  });

  it('in an open dialog keeps all keys there', () => {
    put('<div role="dialog" data-state="open"></div>');
    press(' ');
    press('k', { ctrlKey: true });
    expect(ran).toEqual([]);
    put('<div role="dialog" data-state="closed"></div>');
    press(' ');
    expect(ran).toEqual(['sim.toggle']);
  });

  it('that cuts camera and microphone works over a dialog and in a field', () => {
    put('<div role="dialog" data-state="open"><input data-here></div>');
    const input = document.querySelector('[data-here]') ?? document.body;
    expect(press('.', { ctrlKey: true }, input).defaultPrevented).toBe(true);
    press('.', {}, input);
    expect(ran).toEqual(['face.cut']);
  });
});

describe('commands of the keyboard', () => {
  function room(pose: Partial<CameraPose> = {}) {
    const calls: unknown[] = [];
    const simroom = {
      camera: {
        get: () => ({ azimuth: 90, elevation: -45, distance: 2, fixed: null, track: null, ...pose }),
        set: (request: CameraRequest) => calls.push(request),
      },
      select: (body: unknown) => calls.push(['select', body]),
      scrub: (ticks: number) => calls.push(['scrub', ticks]),
    } as unknown as Simroom;
    const run = (id: string): void => void KEY_COMMANDS.find((command) => command.id === id)?.run(simroom);
    return { calls, run };
  }

  it('exist for the keys that name them', () => {
    const ids = KEYS.map(({ id }) => id);
    for (const { id } of KEY_COMMANDS) expect(ids).toContain(id);
  });

  it('turn and approach', () => {
    const { calls, run } = room();
    for (const id of ['camera.left', 'camera.up', 'camera.closer', 'sim.tick-back']) run(id);
    expect(calls).toEqual([
      { azimuth: 75, elevation: -45 },
      { azimuth: 90, elevation: -60 },
      { distance: 1.6 },
      ['scrub', -1],
    ]);
  });

  it('escape leaves the camera first, then the selection', () => {
    const looking = room({ fixed: 1 });
    looking.run('escape');
    expect(looking.calls).toEqual([{ fixed: null, track: null }]);
    const free = room();
    free.run('escape');
    expect(free.calls).toEqual([['select', null]]);
  });
});
