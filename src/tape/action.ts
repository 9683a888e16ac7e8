import type { Quat, Vec3 } from '../core/vec';

/**
 * What a participant can want. Everything that changes the simulation is one of these, for one seat as for fifty.
 *
 * Values are already resolved to ids and numbers: names are looked up before an action is made.
 */

export type Action =
  /** Set one control, in the actuator's own unit. */
  | { readonly kind: 'ctrl'; readonly index: number; readonly value: number }
  /** Set the whole control vector (nu values). */
  | { readonly kind: 'ctrls'; readonly values: Float64Array }
  /** Pull a body: a spring force while running, a pose while paused; a mocap body follows in both. */
  | {
      readonly kind: 'drag';
      /** Distinguishes the pulls of one seat (fingers), 0..9. */
      readonly hand: number;
      readonly body: number;
      readonly mode: 'translate' | 'rotate';
      /** Grabbed point in the body's frame, m. */
      readonly point: Vec3;
      /** Where the grabbed point should be, world frame, m. */
      readonly target: Vec3;
      /** Orientation the body should have, world frame, w first. */
      readonly quat: Quat;
    }
  /** Goes on with a pull, in fewer bytes: a new target, or a new orientation. Nothing happens when it has ended. */
  | { readonly kind: 'move'; readonly hand: number; readonly target: Vec3 }
  | { readonly kind: 'turn'; readonly hand: number; readonly quat: Quat }
  | { readonly kind: 'release'; readonly hand: number }
  /** Hold a constant wrench on a body until replaced: N and N m, world frame, at the centre of mass. Zero ends it. */
  | { readonly kind: 'wrench'; readonly body: number; readonly force: Vec3; readonly torque: Vec3 }
  /** Set some of qpos from `index` on, and zero the velocities of the joints concerned. */
  | { readonly kind: 'qpos'; readonly index: number; readonly values: Float64Array }
  | { readonly kind: 'equality'; readonly index: number; readonly active: boolean }
  /** Reset to the model's initial state (-1: the keyframe it names, else `qpos0`) or to a keyframe. */
  | { readonly kind: 'reset'; readonly keyframe: number }
  /** Edit a model or option field: see `sim/edits.ts` for the fields allowed. */
  | { readonly kind: 'edit'; readonly field: number; readonly index: number; readonly values: Float64Array }
  | { readonly kind: 'pause'; readonly paused: boolean }
  /** Simulated seconds per wall second; Infinity runs as fast as it can. */
  | { readonly kind: 'speed'; readonly speed: number }
  /** Advance exactly so many ticks, though paused. */
  | { readonly kind: 'step'; readonly ticks: number }
  /** Make the state canonical here: reset `mjData` and reload `mjSTATE_INTEGRATION` (DESIGN: rule 3). */
  | { readonly kind: 'checkpoint' }
  /** Continue from another state: a point in history, a saved file, a fork. `from` is the tick it was taken at. */
  | { readonly kind: 'restore'; readonly from: number; readonly checkpoint: Uint8Array };

export type ActionKind = Action['kind'];
