import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { Vec3 } from '../core/vec';
import type { Action } from '../tape/action';
import { MAX_HANDS } from '../tape/codec';
import type { CameraControl } from '../view/camera';
import type { GestureHands, Pull } from '../view/gestures';
import { PullTarget } from '../view/pull_target';
import { localPoint } from '../view/quat';
import type { Ray } from '../core/vec';
import type { Pick } from './api';

/** What hands need of the engine. */
export interface HandsEngine {
  pick(ray: Ray): Promise<Pick | null>;
  submit(action: Action): void;
  /** @throws SimroomError `role-refused` when the person may not touch this world */
  allow(): void;
}

export interface HandsEvents {
  /** The person chose a body, or nothing. */
  select(pick: Pick | null): void;
  /** The person tried to drag a body that is fixed to the world. */
  immovable(body: number): void;
  /** A pull's target has moved: {@link Hands.update} is wanted soon, though nothing else may be drawn. */
  moved(): void;
  /** A ray could not be cast; the gesture has ended as if it had hit nothing. */
  failed(error: unknown): void;
}

type Mode = 'translate' | 'rotate';

/**
 * The person's hands: turns gestures into selections, points of interest and drags.
 *
 * A pull's target lies under the pointer, as far in front of the eye as the grabbed point was. It is sent as soon as
 * the body is known and then at most once per picture, by {@link update}.
 */
export class Hands implements GestureHands {
  private readonly pulls: (BodyPull | null)[] = Array.from({ length: MAX_HANDS }, () => null);
  private model: ModelCopy | null = null;
  private frame: Frame | null = null;

  /** @param selection the selected body and the point on it, or null */
  constructor(
    private readonly engine: HandsEngine,
    private readonly camera: CameraControl,
    private readonly selection: () => Pick | null,
    private readonly events: HandsEvents,
  ) {}

  /** Takes a newly loaded model; pulls on the old one are forgotten, since its world is gone. */
  setModel(model: ModelCopy): void {
    for (const pull of this.pulls) pull?.forget();
    this.pulls.fill(null);
    this.model = model;
    this.frame = null;
  }

  /** Once per picture, after the camera is in place: sends the targets that have moved. */
  update(frame: Frame): void {
    this.frame = frame;
    for (let hand = 0; hand < MAX_HANDS; hand++) this.pulls[hand]?.send(frame);
  }

  select(ndcX: number, ndcY: number): void {
    // The world itself cannot be selected: a double click on the floor selects nothing.
    this.castThen(ndcX, ndcY, (pick) => this.events.select(pick !== null && pick.body > 0 ? pick : null));
  }

  lookAt(ndcX: number, ndcY: number): void {
    this.castThen(ndcX, ndcY, (pick) => {
      if (pick !== null) this.camera.lookAt(pick.point);
    });
  }

  follow(ndcX: number, ndcY: number): void {
    this.castThen(ndcX, ndcY, (pick) => {
      if (pick !== null && pick.body > 0) this.camera.follow(pick.body);
    });
  }

  pull(ndcX: number, ndcY: number, mode: Mode, selected: boolean): Pull {
    const held = selected ? this.selection() : null;
    const hand = this.pulls.indexOf(null);
    const pull = new BodyPull(hand, mode, ndcX, ndcY, this.camera, this.engine, this.events.moved, () => {
      if (this.pulls[hand] === pull) this.pulls[hand] = null;
    });
    if (hand < 0) return pull;
    this.pulls[hand] = pull;
    try {
      this.engine.allow();
    } catch (error) {
      this.failing(pull)(error);
      return pull;
    }
    if (held !== null) this.take(pull, held, true);
    else this.cast(ndcX, ndcY).then((pick) => this.take(pull, pick, false), this.failing(pull));
    return pull;
  }

  /** Gives a pull the body it asked for, unless it has been let go or cannot have it. */
  private take(pull: BodyPull, pick: Pick | null, fromAfar: boolean): void {
    const { model, frame } = this;
    if (!this.pulls.includes(pull)) return;
    if (pick === null || model === null || frame === null) {
      pull.miss();
      return;
    }
    const body = bodyToDrag(model, pick.body);
    if (body === null) {
      pull.miss();
      this.events.immovable(pick.body);
      return;
    }
    pull.take(
      body,
      pick.body === body ? pick.local : localPoint(frame.xpos, frame.xquat, body, pick.point),
      frame,
      fromAfar,
    );
  }

  private cast(ndcX: number, ndcY: number): Promise<Pick | null> {
    return this.engine.pick(this.camera.ray(ndcX, ndcY));
  }

  private castThen(ndcX: number, ndcY: number, then: (pick: Pick | null) => void): void {
    this.cast(ndcX, ndcY).then(then, (error: unknown) => this.events.failed(error));
  }

  private failing(pull: BodyPull): (error: unknown) => void {
    return (error) => {
      pull.miss();
      this.events.failed(error);
    };
  }
}

/** One hand on one body. */
class BodyPull implements Pull {
  readonly held: Promise<boolean>;
  private settle: (held: boolean) => void = () => undefined;
  private body = -1;
  private readonly target: PullTarget;

  constructor(
    private readonly hand: number,
    private readonly mode: Mode,
    ndcX: number,
    ndcY: number,
    camera: CameraControl,
    private readonly engine: HandsEngine,
    private readonly onMove: () => void,
    private readonly onEnd: () => void,
  ) {
    this.target = new PullTarget(camera, mode === 'rotate', ndcX, ndcY);
    this.held = new Promise((resolve) => {
      this.settle = resolve;
    });
    if (hand < 0) this.settle(false);
  }

  take(body: number, local: Vec3, frame: Frame, fromAfar: boolean): void {
    this.body = body;
    this.target.begin(frame, body, local, fromAfar);
    const { point, quat } = this.target;
    this.engine.submit({
      kind: 'drag',
      hand: this.hand,
      body,
      mode: this.mode,
      point: local,
      target: [point.x, point.y, point.z],
      quat: [quat.w, quat.x, quat.y, quat.z],
    });
    this.settle(true);
  }

  /** There was nothing to take. */
  miss(): void {
    this.settle(false);
    this.onEnd();
  }

  move(ndcX: number, ndcY: number, dx: number, dy: number): void {
    this.target.move(ndcX, ndcY, dx, dy);
    this.onMove();
  }

  reach(factor: number): void {
    this.target.reach(factor);
    this.onMove();
  }

  /** Sends the target if it is not where it was. */
  send(frame: Frame): void {
    if (this.body >= 0 && this.target.update(frame)) this.follow();
  }

  /** Ends without a word to the engine: the body's world is gone. */
  forget(): void {
    this.body = -1;
    this.settle(false);
  }

  release(): void {
    if (this.body >= 0) this.engine.submit({ kind: 'release', hand: this.hand });
    this.forget();
    this.onEnd();
  }

  /** Says no more than what has changed: it is said at every picture. */
  private follow(): void {
    const { hand, mode } = this;
    const { point, quat } = this.target;
    this.engine.submit(
      mode === 'translate'
        ? { kind: 'move', hand, target: [point.x, point.y, point.z] }
        : { kind: 'turn', hand, quat: [quat.w, quat.x, quat.y, quat.z] },
    );
  }
}

/**
 * The body that moves when this one is dragged: itself, or the mocap body it is fixed to; null where it is fixed to
 * the world.
 */
function bodyToDrag(model: ModelCopy, body: number): number | null {
  const welded = model.body_weldid[body] ?? 0;
  if (welded === 0) return null;
  return (model.body_mocapid[welded] ?? -1) >= 0 ? welded : body;
}
