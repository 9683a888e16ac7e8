// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CameraControl } from './camera';
import { Gestures, type GestureHands } from './gestures';

/** The canvas is 400 by 200 CSS px at (10, 20). */
const LEFT = 10;
const TOP = 20;
const WIDTH = 400;
const HEIGHT = 200;

type Press = Partial<PointerEventInit>;

function setup({ found = true, mac = false, following = false } = {}) {
  const calls: [string, ...number[]][] = [];
  const log =
    (name: string) =>
    (...numbers: number[]): void => {
      calls.push([name, ...numbers.map((value) => Math.round(value * 1000) / 1000)]);
    };
  const camera = {
    following,
    orbit: log('orbit'),
    pan: log('pan'),
    panOnGround: log('panOnGround'),
    zoom: log('zoom'),
    zoomFactor: (dy: number) => 1 - dy,
  };
  const pulls: string[] = [];
  const hands: GestureHands = {
    select: log('select'),
    lookAt: log('lookAt'),
    follow: log('follow'),
    pull(x, y, mode, selected) {
      pulls.push(`${mode} ${selected ? 'selected' : 'here'}`);
      log('pull')(x, y);
      return {
        held: Promise.resolve(found),
        move: log('move'),
        reach: log('reach'),
        release: log('release'),
      };
    },
  };
  const element = document.createElement('canvas');
  document.body.append(element);
  element.getBoundingClientRect = () => new DOMRect(LEFT, TOP, WIDTH, HEIGHT);
  const gestures = new Gestures(element, camera as unknown as CameraControl, hands, mac);
  const send = (type: string, x: number, y: number, init: Press = {}): void => {
    element.dispatchEvent(
      new PointerEvent(type, {
        pointerId: 1,
        pointerType: 'mouse',
        clientX: LEFT + x,
        clientY: TOP + y,
        bubbles: true,
        cancelable: true,
        ...init,
      }),
    );
  };
  const click = (x: number, y: number, init: Press = {}): void => {
    send('pointerdown', x, y, init);
    send('pointerup', x, y, init);
  };
  const finger = (id: number): Press => ({ pointerId: id, pointerType: 'touch', button: 0 });
  return { element, gestures, calls, pulls, send, click, finger };
}

/** Lets promises that have resolved call back. */
const settle = async (): Promise<void> => {
  await vi.advanceTimersByTimeAsync(0);
};

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  vi.useRealTimers();
  document.body.replaceChildren();
});

describe('the mouse', () => {
  it('orbits with left, pans with right, pans over the ground with Shift, zooms with middle', () => {
    const { calls, send } = setup();
    const drag = (init: Press): void => {
      send('pointerdown', 100, 100, init);
      send('pointermove', 120, 110, init);
      send('pointerup', 120, 110, init);
    };
    drag({ button: 0 });
    drag({ button: 2 });
    drag({ button: 2, shiftKey: true });
    drag({ button: 1 });
    expect(calls).toEqual([
      ['orbit', 0.1, 0.05],
      ['pan', 0.1, 0.05],
      ['panOnGround', 0.1, 0.05],
      ['zoom', 0.95],
    ]);
  });

  it('does nothing without a button, and for buttons it has no use for', () => {
    const { calls, send } = setup();
    send('pointermove', 50, 50);
    send('pointerdown', 50, 50, { button: 3 });
    send('pointermove', 90, 50);
    expect(calls).toEqual([]);
  });

  it('selects, looks at and follows by double clicks', () => {
    const { calls, click } = setup();
    click(200, 100);
    expect(calls).toEqual([]);
    click(202, 100);
    click(300, 50, { button: 2 });
    click(300, 50, { button: 2 });
    click(100, 150, { button: 2, ctrlKey: true });
    click(100, 150, { button: 2, ctrlKey: true });
    expect(calls).toEqual([
      ['select', 0.01, 0],
      ['lookAt', 0.5, 0.5],
      ['follow', -0.5, -0.5],
    ]);
  });

  it('takes slow, distant or unlike clicks for single ones', () => {
    const { calls, click } = setup();
    click(200, 100);
    vi.advanceTimersByTime(400);
    click(200, 100);
    click(250, 100);
    click(250, 100, { button: 2 });
    expect(calls).toEqual([]);
  });

  it('turns the selection with Ctrl+left and moves it with Ctrl+right, from the first movement on', async () => {
    const { calls, pulls, send } = setup();
    send('pointerdown', 200, 100, { button: 0, ctrlKey: true });
    expect(pulls).toEqual([]);
    send('pointermove', 220, 100, { ctrlKey: true });
    await settle();
    send('pointermove', 220, 80, { ctrlKey: true });
    send('pointerup', 220, 80);
    send('pointerdown', 200, 100, { button: 2, ctrlKey: true });
    send('pointermove', 220, 100, { ctrlKey: true });
    expect(pulls).toEqual(['rotate selected', 'translate selected']);
    expect(calls.slice(0, 4)).toEqual([
      ['pull', 0, 0],
      ['move', 0.1, 0, 0.1, 0],
      ['move', 0.1, 0.2, 0, -0.1],
      ['release'],
    ]);
  });

  it('pulls at once what lies under Shift+left; the wheel then reaches', async () => {
    const { element, calls, pulls, send } = setup();
    send('pointerdown', 200, 50, { button: 0, shiftKey: true });
    expect(pulls).toEqual(['translate here']);
    await settle();
    element.dispatchEvent(new WheelEvent('wheel', { deltaY: 100, cancelable: true }));
    send('pointermove', 300, 50, { shiftKey: true });
    expect(calls).toEqual([
      ['pull', 0, 0.5],
      ['reach', 1.05],
      ['move', 0.5, 0.5, 0.5, 0],
    ]);
  });

  it('goes on orbiting where there was nothing to pull', async () => {
    const { calls, send } = setup({ found: false });
    send('pointerdown', 200, 100, { button: 0, shiftKey: true });
    await settle();
    send('pointermove', 220, 100, { shiftKey: true });
    send('pointerup', 220, 100);
    expect(calls).toEqual([
      ['pull', 0, 0],
      ['orbit', 0.1, 0],
    ]);
  });

  it('on a Mac takes Ctrl+click for the right button and Meta for Ctrl', () => {
    const { calls, pulls, send } = setup({ mac: true });
    send('pointerdown', 200, 100, { button: 0, ctrlKey: true });
    send('pointermove', 220, 100, { ctrlKey: true });
    send('pointerup', 220, 100);
    expect(calls).toEqual([['pan', 0.1, 0]]);
    send('pointerdown', 200, 100, { button: 0, metaKey: true });
    send('pointermove', 220, 100, { metaKey: true });
    expect(pulls).toEqual(['rotate selected']);
  });

  it('has no context menu', () => {
    const { element } = setup();
    const menu = new MouseEvent('contextmenu', { cancelable: true });
    element.dispatchEvent(menu);
    expect(menu.defaultPrevented).toBe(true);
  });
});

describe('the wheel', () => {
  it('zooms by notches, in pixels or in lines, and cuts wild ones', () => {
    const { element, calls } = setup();
    const turn = (init: WheelEventInit): boolean =>
      element.dispatchEvent(new WheelEvent('wheel', { cancelable: true, ...init }));
    expect(turn({ deltaY: 100 })).toBe(false);
    turn({ deltaY: -3, deltaMode: 1 });
    turn({ deltaY: 5000 });
    expect(calls).toEqual([
      ['zoom', 1.05],
      ['zoom', 0.95],
      ['zoom', 1.15],
    ]);
  });

  it('takes a trackpad pinch, which arrives with Ctrl, as it is meant', () => {
    const { element, calls } = setup();
    const pinch = new WheelEvent('wheel', { deltaY: -10, cancelable: true });
    Object.defineProperty(pinch, 'ctrlKey', { value: true });
    element.dispatchEvent(pinch);
    expect(calls).toEqual([['zoom', 0.905]]);
  });
});

describe('touch', () => {
  it('orbits with one finger, without a jump after its first trembling', () => {
    const { calls, send, finger } = setup();
    send('pointerdown', 100, 100, finger(1));
    send('pointermove', 104, 100, finger(1));
    expect(calls).toEqual([]);
    send('pointermove', 120, 100, finger(1));
    send('pointermove', 140, 100, finger(1));
    expect(calls).toEqual([['orbit', 0.1, 0]]);
  });

  it('pans and pinches with two', () => {
    const { calls, send, finger } = setup();
    send('pointerdown', 100, 100, finger(1));
    send('pointerdown', 200, 100, finger(2));
    send('pointermove', 300, 100, finger(2));
    // The middle went 50 px to the right and the fingers are twice as far apart.
    expect(calls).toEqual([
      ['pan', 0.25, 0],
      ['zoom', 0.5, 0, 0],
    ]);
  });

  it('pinches without panning while a body is followed', () => {
    const { calls, send, finger } = setup({ following: true });
    send('pointerdown', 100, 100, finger(1));
    send('pointerdown', 200, 100, finger(2));
    send('pointermove', 300, 100, finger(2));
    expect(calls).toEqual([['zoom', 0.5, 0, 0]]);
  });

  it('goes on orbiting with the finger that stays', () => {
    const { calls, send, finger } = setup();
    send('pointerdown', 100, 100, finger(1));
    send('pointerdown', 200, 100, finger(2));
    send('pointerup', 200, 100, finger(2));
    send('pointermove', 120, 100, finger(1));
    expect(calls).toEqual([['orbit', 0.1, 0]]);
  });

  it('pulls after a long press, shows the ring meanwhile, and buzzes', async () => {
    const buzz = vi.fn();
    Object.assign(navigator, { vibrate: buzz });
    const { calls, pulls, send, finger } = setup();
    const ring = document.querySelector<HTMLElement>('[aria-hidden]');
    send('pointerdown', 200, 100, finger(1));
    expect(ring?.style.display).toBe('block');
    await vi.advanceTimersByTimeAsync(449);
    expect(pulls).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(pulls).toEqual(['translate here']);
    expect(buzz).toHaveBeenCalledOnce();
    send('pointermove', 220, 100, finger(1));
    send('pointerup', 220, 100, finger(1));
    expect(calls).toEqual([['pull', 0, 0], ['move', 0.1, 0, 0.1, 0], ['release']]);
  });

  it('holds several bodies, one with each finger', async () => {
    const { calls, pulls, send, finger } = setup();
    send('pointerdown', 100, 100, finger(1));
    await vi.advanceTimersByTimeAsync(450);
    send('pointerdown', 300, 100, finger(2));
    await vi.advanceTimersByTimeAsync(450);
    expect(pulls).toHaveLength(2);
    send('pointerup', 100, 100, finger(1));
    send('pointermove', 300, 80, finger(2));
    expect(calls.slice(2)).toEqual([['release'], ['move', 0.5, 0.2, 0, -0.1]]);
  });

  it('does not press when the finger moves, lifts, or is joined by another', async () => {
    const { pulls, send, finger } = setup();
    send('pointerdown', 100, 100, finger(1));
    send('pointermove', 130, 100, finger(1));
    await vi.advanceTimersByTimeAsync(500);
    send('pointerup', 130, 100, finger(1));
    send('pointerdown', 100, 100, finger(1));
    send('pointerup', 100, 100, finger(1));
    await vi.advanceTimersByTimeAsync(500);
    send('pointerdown', 100, 100, finger(1));
    send('pointerdown', 200, 100, finger(2));
    await vi.advanceTimersByTimeAsync(500);
    expect(pulls).toEqual([]);
  });

  it('selects by a double tap, which may be less exact', () => {
    const { calls, click, finger } = setup();
    click(200, 100, finger(1));
    click(215, 110, finger(2));
    expect(calls).toEqual([['select', 0.075, -0.1]]);
  });
});

describe('letting go', () => {
  it('happens when the pointer is cancelled, the window blurs, and at the end', async () => {
    const { calls, gestures, send } = setup();
    const hold = async (): Promise<void> => {
      send('pointerdown', 200, 100, { button: 0, shiftKey: true });
      await settle();
    };
    const releases = (): number => calls.filter(([name]) => name === 'release').length;
    await hold();
    send('pointercancel', 200, 100);
    expect(releases()).toBe(1);
    await hold();
    window.dispatchEvent(new Event('blur'));
    expect(releases()).toBe(2);
    await hold();
    gestures.dispose();
    expect(releases()).toBe(3);
    send('pointerdown', 200, 100, { button: 0, shiftKey: true });
    expect(calls.filter(([name]) => name === 'pull')).toHaveLength(3);
  });

  it('happens once, though the capture is lost after the button is up', async () => {
    const { calls, send } = setup();
    send('pointerdown', 200, 100, { button: 0, shiftKey: true });
    await settle();
    send('pointerup', 200, 100);
    send('lostpointercapture', 200, 100);
    expect(calls.filter(([name]) => name === 'release')).toHaveLength(1);
  });
});
