/** Outer size of the ring, CSS px: it must show around a fingertip. */
const SIZE_PX = 96;
/** The ring appears only after this, ms: a tap shows nothing. */
const APPEAR_MS = 120;
/** How long it stays to say that a body is held, ms. */
const FLASH_MS = 220;

/**
 * The ring that closes around a finger while a long press is under way, so that people see it coming.
 *
 * Its colour is `--accent` where the page defines one.
 */
export class PressRing {
  private readonly element: HTMLElement;

  constructor(parent: HTMLElement) {
    const { ownerDocument } = parent;
    this.element = ownerDocument.createElement('div');
    this.element.setAttribute('aria-hidden', 'true');
    Object.assign(this.element.style, {
      position: 'fixed',
      left: '0',
      top: '0',
      width: `${SIZE_PX}px`,
      height: `${SIZE_PX}px`,
      boxSizing: 'border-box',
      borderRadius: '50%',
      border: '3px solid var(--accent, #55d3bb)',
      boxShadow: '0 0 0 1.5px rgb(255 255 255 / 0.55), inset 0 0 0 1.5px rgb(255 255 255 / 0.55)',
      pointerEvents: 'none',
      zIndex: '5',
      opacity: '0',
      display: 'none',
    });
    parent.append(this.element);
  }

  /** Begins to close around a point in client coordinates, to be closed after `ms`. */
  show(x: number, y: number, ms: number): void {
    const { style } = this.element;
    style.translate = `${x - SIZE_PX / 2}px ${y - SIZE_PX / 2}px`;
    style.display = 'block';
    this.jump(0, 1.5);
    const rest = ms - APPEAR_MS;
    style.transition = `opacity ${rest}ms ease-in ${APPEAR_MS}ms, scale ${rest}ms ease-in ${APPEAR_MS}ms`;
    style.opacity = '1';
    style.scale = '0.8';
  }

  /** The body is held: a short flash outwards, then nothing. */
  hold(): void {
    const { style } = this.element;
    this.jump(1, 0.8);
    style.transition = `opacity ${FLASH_MS}ms ease-out, scale ${FLASH_MS}ms ease-out`;
    style.opacity = '0';
    style.scale = '1.25';
  }

  hide(): void {
    this.element.style.display = 'none';
  }

  dispose(): void {
    this.element.remove();
  }

  /** Sets where a transition starts from. */
  private jump(opacity: number, scale: number): void {
    const { style } = this.element;
    style.transition = 'none';
    style.opacity = String(opacity);
    style.scale = String(scale);
    // Reading a layout property makes the browser take these values in before the transition is set.
    this.element.getBoundingClientRect();
  }
}
