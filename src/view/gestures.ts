import type { CameraControl } from './camera';
import { PressRing } from './press_ring';

/**
 * A pull on a body in progress. Positions are normalised device coordinates, movements are in view heights (x right,
 * y down).
 */
export interface Pull {
  /** Whether there was something to pull; known once the engine has answered. Never rejects. */
  readonly held: Promise<boolean>;
  move(ndcX: number, ndcY: number, dx: number, dy: number): void;
  /** Multiplies the distance between the eye and the place pulled to. */
  reach(factor: number): void;
  release(): void;
}

/** What a gesture can ask for besides moving the camera. */
export interface GestureHands {
  select(ndcX: number, ndcY: number): void;
  lookAt(ndcX: number, ndcY: number): void;
  follow(ndcX: number, ndcY: number): void;
  /** @param selected take the selected body, wherever it is, and what lies under the pointer only if there is none */
  pull(ndcX: number, ndcY: number, mode: 'translate' | 'rotate', selected: boolean): Pull;
}

/** A press this long grabs a body, ms: what Android and iOS use, within a little. */
const LONG_PRESS_MS = 450;
/** Two clicks within this are a double click, ms. */
const DOUBLE_CLICK_MS = 350;
/** A pointer that has moved less has not moved, CSS px; fingers tremble and cover more. */
const SLOP_PX = { mouse: 4, touch: 10 } as const;
/** Two clicks of a double click may be this far apart, CSS px. */
const DOUBLE_CLICK_PX = { mouse: 6, touch: 28 } as const;
/** Height of the view that one notch of the wheel stands for, as in native simulate. */
const WHEEL_NOTCH = 0.05;
/** Wheel units per notch by `WheelEvent.deltaMode`: pixels, lines, pages. */
const UNITS_PER_NOTCH: readonly number[] = [100, 3, 1];
/** Most notches taken from one event: some mice accelerate without bound. */
const MAX_NOTCHES = 3;
/** Trackpad pinches arrive as Ctrl+wheel, with about 1 unit per percent; a mouse's whole notch is cut to this. */
const MAX_PINCH_UNITS = 25;
/** How long the phone buzzes when a body is caught, ms: felt, not heard. */
const BUZZ_MS = 12;

const LEFT = 0;
const MIDDLE = 1;
const RIGHT = 2;

type Role = 'orbit' | 'pan' | 'ground' | 'zoom' | 'pull' | 'touch';

interface Pointer {
  readonly device: 'mouse' | 'touch';
  readonly button: number;
  readonly mod: boolean;
  readonly startX: number;
  readonly startY: number;
  x: number;
  y: number;
  moved: boolean;
  role: Role;
  /** A pull that begins with the first movement, so that a modified double click does not tug. */
  pending: 'translate' | 'rotate' | null;
  pull: Pull | null;
}

const isMac = (): boolean => /Mac|iPhone|iPad/.test(navigator.userAgent);

/**
 * Pointer, wheel and touch on the view, turned into camera movements and pulls.
 *
 * Mouse and pen as in native simulate: left orbits, right pans (with Shift over the ground), wheel and middle zoom;
 * double-left selects, double-right looks at, Ctrl+double-right follows; Ctrl+left turns and Ctrl+right moves the
 * selected body; Shift+left pulls whatever is under the pointer, and the wheel then brings it nearer or further.
 * Touch: one finger orbits, two pan and pinch, a double tap selects, a long press pulls, several fingers at once.
 * On macOS, where Ctrl+click is the right button, Meta takes Ctrl's place.
 */
export class Gestures {
  private readonly pointers = new Map<number, Pointer>();
  private readonly ring: PressRing;
  private pressTimer: ReturnType<typeof setTimeout> | null = null;
  private lastClick = { time: -Infinity, button: -1, x: 0, y: 0 };
  private bounds = { left: 0, top: 0, width: 1, height: 1 };
  private readonly listening = new AbortController();

  /** @param element the view's canvas */
  constructor(
    private readonly element: HTMLElement,
    private readonly camera: CameraControl,
    private readonly hands: GestureHands,
    private readonly mac = isMac(),
  ) {
    this.ring = new PressRing(element.ownerDocument.body);
    element.style.touchAction = 'none';
    element.style.userSelect = 'none';
    const { signal } = this.listening;
    element.addEventListener('pointerdown', (event) => this.down(event), { signal });
    element.addEventListener('pointermove', (event) => this.motion(event), { signal });
    element.addEventListener('pointerup', (event) => this.lift(event), { signal });
    element.addEventListener('pointercancel', (event) => this.drop(event.pointerId), { signal });
    element.addEventListener('lostpointercapture', (event) => this.drop(event.pointerId), { signal });
    element.addEventListener('wheel', (event) => this.wheel(event), { signal, passive: false });
    element.addEventListener('contextmenu', (event) => event.preventDefault(), { signal });
    window.addEventListener('blur', () => this.cancel(), { signal });
  }

  /** Lets go of everything, as when the window loses the focus or another model arrives. */
  cancel(): void {
    for (const id of this.pointers.keys()) this.drop(id);
  }

  dispose(): void {
    this.cancel();
    this.listening.abort();
    this.ring.dispose();
  }

  private down(event: PointerEvent): void {
    this.drop(event.pointerId);
    if (event.button > RIGHT) return;
    this.bounds = this.element.getBoundingClientRect();
    this.element.setPointerCapture(event.pointerId);
    const device = event.pointerType === 'touch' ? 'touch' : 'mouse';
    const controlClick = this.mac && event.ctrlKey && event.button === LEFT;
    const pointer: Pointer = {
      device,
      button: controlClick ? RIGHT : event.button,
      mod: this.mac ? event.metaKey : event.ctrlKey,
      startX: event.clientX,
      startY: event.clientY,
      x: event.clientX,
      y: event.clientY,
      moved: false,
      role: 'touch',
      pending: null,
      pull: null,
    };
    this.pointers.set(event.pointerId, pointer);
    if (device === 'touch') {
      this.awaitLongPress(pointer);
      return;
    }
    pointer.role = roleOf(pointer.button, event.shiftKey);
    if (pointer.mod && pointer.button !== MIDDLE) {
      pointer.pending = pointer.button === LEFT ? 'rotate' : 'translate';
    } else if (event.shiftKey && pointer.button === LEFT) {
      this.grab(pointer, 'translate', false);
    }
  }

  private motion(event: PointerEvent): void {
    const pointer = this.pointers.get(event.pointerId);
    if (pointer === undefined) return;
    const { clientX, clientY } = event;
    if (!pointer.moved) {
      const far = Math.hypot(clientX - pointer.startX, clientY - pointer.startY) > SLOP_PX[pointer.device];
      if (far) this.startMoving(pointer, clientX, clientY);
      // A finger that holds still must not nudge the camera, nor a modified click the selection.
      else if (pointer.role === 'touch' || pointer.pending !== null) return;
    }
    if (pointer.role === 'touch' && this.touches() > 1) {
      this.pinch(pointer, clientX, clientY);
      return;
    }
    const dx = (clientX - pointer.x) / this.bounds.height;
    const dy = (clientY - pointer.y) / this.bounds.height;
    pointer.x = clientX;
    pointer.y = clientY;
    if (dx === 0 && dy === 0) return;
    switch (pointer.role) {
      case 'touch':
      case 'orbit':
        this.camera.orbit(dx, dy);
        break;
      case 'pan':
        this.camera.pan(dx, dy);
        break;
      case 'ground':
        this.camera.panOnGround(dx, dy);
        break;
      case 'zoom':
        this.camera.zoom(this.camera.zoomFactor(dy));
        break;
      case 'pull':
        pointer.pull?.move(this.ndcX(clientX), this.ndcY(clientY), dx, dy);
        break;
    }
  }

  private lift(event: PointerEvent): void {
    const pointer = this.pointers.get(event.pointerId);
    if (pointer === undefined) return;
    this.drop(event.pointerId);
    if (!pointer.moved && (pointer.device === 'mouse' || pointer.role === 'touch'))
      this.click(pointer, event.timeStamp);
  }

  private wheel(event: WheelEvent): void {
    event.preventDefault();
    const factor = this.wheelFactor(event);
    const pull = [...this.pointers.values()].find((pointer) => pointer.pull !== null)?.pull;
    if (pull !== undefined && pull !== null) pull.reach(factor);
    else this.camera.zoom(factor);
  }

  private wheelFactor(event: WheelEvent): number {
    if (event.ctrlKey) return Math.exp(clamp(event.deltaY, MAX_PINCH_UNITS) / 100);
    const notches = clamp(event.deltaY / (UNITS_PER_NOTCH[event.deltaMode] ?? 1), MAX_NOTCHES);
    return this.camera.zoomFactor(-WHEEL_NOTCH * notches);
  }

  private startMoving(pointer: Pointer, clientX: number, clientY: number): void {
    pointer.moved = true;
    if (pointer.role === 'touch') {
      this.endLongPress();
      // From here, so that the picture does not jump by the slop.
      pointer.x = clientX;
      pointer.y = clientY;
    } else if (pointer.pending !== null) {
      this.grab(pointer, pointer.pending, true);
      pointer.pending = null;
    }
  }

  /** Two fingers: what lies under each stays under it. */
  private pinch(pointer: Pointer, clientX: number, clientY: number): void {
    const [first, second] = [...this.pointers.values()].filter(({ role }) => role === 'touch');
    if (first === undefined || second === undefined || (pointer !== first && pointer !== second)) {
      pointer.x = clientX;
      pointer.y = clientY;
      return;
    }
    const spread = Math.hypot(first.x - second.x, first.y - second.y);
    const middleX = (first.x + second.x) / 2;
    const middleY = (first.y + second.y) / 2;
    pointer.x = clientX;
    pointer.y = clientY;
    const x = (first.x + second.x) / 2;
    const y = (first.y + second.y) / 2;
    // A pinch always slips sideways a little, which must not end the following of a body.
    if (!this.camera.following) {
      this.camera.pan((x - middleX) / this.bounds.height, (y - middleY) / this.bounds.height);
    }
    const now = Math.hypot(first.x - second.x, first.y - second.y);
    if (spread > 0 && now > 0) this.camera.zoom(spread / now, this.ndcX(x), this.ndcY(y));
  }

  private touches(): number {
    let count = 0;
    for (const pointer of this.pointers.values()) if (pointer.role === 'touch') count++;
    return count;
  }

  private awaitLongPress(pointer: Pointer): void {
    this.endLongPress();
    if (this.touches() > 1) {
      // Two fingers: neither click nor press, whatever they do next.
      for (const other of this.pointers.values()) if (other.role === 'touch') other.moved = true;
      return;
    }
    this.ring.show(pointer.x, pointer.y, LONG_PRESS_MS);
    this.pressTimer = setTimeout(() => {
      this.pressTimer = null;
      this.grab(pointer, 'translate', false);
    }, LONG_PRESS_MS);
  }

  private endLongPress(): void {
    if (this.pressTimer === null) return;
    clearTimeout(this.pressTimer);
    this.pressTimer = null;
    this.ring.hide();
  }

  /** Hands a pointer to a pull; where there was nothing to pull it goes back to moving the camera. */
  private grab(pointer: Pointer, mode: 'translate' | 'rotate', selected: boolean): void {
    const before = pointer.role;
    const pull = this.hands.pull(this.ndcX(pointer.startX), this.ndcY(pointer.startY), mode, selected);
    pointer.role = 'pull';
    pointer.pull = pull;
    void pull.held.then((held) => {
      if (pointer.pull !== pull) return;
      if (held) {
        this.element.style.cursor = 'grabbing';
        if (pointer.device === 'touch') {
          pointer.moved = true;
          this.ring.hold();
          navigator.vibrate?.(BUZZ_MS);
        }
      } else {
        pointer.pull = null;
        pointer.role = before;
        this.ring.hide();
      }
    });
  }

  private drop(id: number): void {
    const pointer = this.pointers.get(id);
    if (pointer === undefined) return;
    this.pointers.delete(id);
    if (pointer.role === 'touch') this.endLongPress();
    if (pointer.pull !== null) {
      pointer.pull.release();
      pointer.pull = null;
      this.element.style.cursor = '';
      if (pointer.device === 'touch') this.ring.hide();
    }
    if (this.element.hasPointerCapture(id)) this.element.releasePointerCapture(id);
  }

  /** @param time when the button came up, ms: not when it was heard of, which a busy page is late to do */
  private click({ device, button, mod, startX, startY }: Pointer, time: number): void {
    const { lastClick } = this;
    const again =
      button === lastClick.button &&
      time - lastClick.time < DOUBLE_CLICK_MS &&
      Math.hypot(startX - lastClick.x, startY - lastClick.y) < DOUBLE_CLICK_PX[device];
    this.lastClick = { time: again ? -Infinity : time, button, x: startX, y: startY };
    if (!again) return;
    const x = this.ndcX(startX);
    const y = this.ndcY(startY);
    if (button === LEFT) this.hands.select(x, y);
    else if (button === RIGHT && mod) this.hands.follow(x, y);
    else if (button === RIGHT) this.hands.lookAt(x, y);
  }

  private ndcX(clientX: number): number {
    return (2 * (clientX - this.bounds.left)) / this.bounds.width - 1;
  }

  private ndcY(clientY: number): number {
    return 1 - (2 * (clientY - this.bounds.top)) / this.bounds.height;
  }
}

function roleOf(button: number, shift: boolean): Role {
  if (button === RIGHT) return shift ? 'ground' : 'pan';
  return button === MIDDLE ? 'zoom' : 'orbit';
}

function clamp(value: number, limit: number): number {
  return Math.min(limit, Math.max(-limit, value));
}
