import type { MjModel } from '@mujoco/mujoco';
import { SimroomError } from '../core/errors';
import type { Edit } from '../tape/checkpoint';
import { doubles } from './heap';

/**
 * The fields of `mjModel` that may be edited while it runs, in the order that numbers them on the tape: append only.
 *
 * Only fields that take effect at the next step without `mj_setConst` are here.
 */
interface Field {
  readonly name: string;
  /** A copy of `count` values from `index` on. */
  read(model: MjModel, index: number, count: number): Float64Array;
  /** Writes values from `index` on; returns false when they do not fit. */
  write(model: MjModel, index: number, values: Float64Array): boolean;
}

type NumberOption =
  | 'timestep'
  | 'density'
  | 'viscosity'
  | 'impratio'
  | 'tolerance'
  | 'ls_tolerance'
  | 'noslip_tolerance'
  | 'integrator'
  | 'cone'
  | 'jacobian'
  | 'solver'
  | 'iterations'
  | 'ls_iterations'
  | 'noslip_iterations'
  | 'disableflags'
  | 'enableflags'
  | 'disableactuator';

/** Largest value of an enumerated option; an unknown one would make the engine stop. */
const OPTION_RANGE: Partial<Record<NumberOption, readonly [number, number]>> = {
  // Below a microsecond or above a second nothing simulates sensibly.
  timestep: [1e-6, 1],
  integrator: [0, 4],
  cone: [0, 1],
  jacobian: [0, 2],
  solver: [0, 2],
  // More iterations than this would look like a hang.
  iterations: [0, 10_000],
  ls_iterations: [0, 10_000],
  noslip_iterations: [0, 10_000],
  density: [0, Infinity],
  viscosity: [0, Infinity],
  impratio: [1e-6, Infinity],
};

function option(name: NumberOption): Field {
  const [low, high] = OPTION_RANGE[name] ?? [-Infinity, Infinity];
  return {
    name: `opt.${name}`,
    read: (model) => Float64Array.of(model.opt[name]),
    write(model, index, values) {
      const value = values[0];
      if (index !== 0 || values.length !== 1 || value === undefined || value < low || value > high)
        return false;
      const opt = model.opt;
      opt[name] = value;
      return true;
    },
  };
}

function vectorOption(name: 'gravity' | 'wind' | 'magnetic'): Field {
  return {
    name: `opt.${name}`,
    read: (model) => doubles(model.opt[name]).slice(),
    write(model, index, values) {
      if (index !== 0 || values.length !== 3) return false;
      doubles(model.opt[name]).set(values);
      return true;
    },
  };
}

type ArrayField =
  | 'actuator_gainprm'
  | 'actuator_biasprm'
  | 'actuator_forcerange'
  | 'jnt_stiffness'
  | 'dof_damping'
  | 'dof_frictionloss'
  | 'geom_friction';

function array(name: ArrayField): Field {
  return {
    name,
    read: (model, index, count) => doubles(model[name]).slice(index, index + count),
    write(model, index, values) {
      const view = doubles(model[name]);
      if (index + values.length > view.length) return false;
      view.set(values, index);
      return true;
    },
  };
}

const FIELDS: readonly Field[] = [
  vectorOption('gravity'),
  vectorOption('wind'),
  vectorOption('magnetic'),
  option('timestep'),
  option('density'),
  option('viscosity'),
  option('impratio'),
  option('integrator'),
  option('cone'),
  option('jacobian'),
  option('solver'),
  option('iterations'),
  option('ls_iterations'),
  option('noslip_iterations'),
  option('tolerance'),
  option('ls_tolerance'),
  option('noslip_tolerance'),
  option('disableflags'),
  option('enableflags'),
  option('disableactuator'),
  array('actuator_gainprm'),
  array('actuator_biasprm'),
  array('actuator_forcerange'),
  array('jnt_stiffness'),
  array('dof_damping'),
  array('dof_frictionloss'),
  array('geom_friction'),
];

/** Number of a field, e.g. `opt.gravity`, on the tape; -1 when it may not be edited. */
export function editField(name: string): number {
  return FIELDS.findIndex((field) => field.name === name);
}

/** The edits made to one model since its load, with what stood there before. */
export class Edits {
  private readonly made = new Map<string, Edit & { readonly original: Float64Array }>();

  private saved: readonly Edit[] | null = null;

  constructor(private readonly model: MjModel) {}

  /**
   * Writes an edit into the model.
   *
   * @throws SimroomError `bad-argument` when the field is unknown or the values do not fit: nothing has changed then
   */
  apply(edit: Edit): void {
    const field = FIELDS[edit.field];
    if (field === undefined) {
      throw new SimroomError('bad-argument', `There is no editable model field ${edit.field}.`);
    }
    const before = field.read(this.model, edit.index, edit.values.length);
    if (!edit.values.every(Number.isFinite) || !field.write(this.model, edit.index, edit.values)) {
      throw new SimroomError(
        'bad-argument',
        `${field.name} does not take [${edit.values.join(', ')}] at index ${edit.index}: use values in its range.`,
      );
    }
    this.saved = null;
    const key = `${edit.field}:${edit.index}:${edit.values.length}`;
    this.made.set(key, { ...edit, original: this.made.get(key)?.original ?? before });
  }

  /** Takes all edits back, then applies those of a checkpoint. */
  replace(edits: readonly Edit[]): void {
    if (edits === this.saved || (edits.length === 0 && this.made.size === 0)) return;
    this.saved = null;
    for (const { field, index, original } of [...this.made.values()].reverse()) {
      FIELDS[field]?.write(this.model, index, original);
    }
    this.made.clear();
    for (const edit of edits) this.apply(edit);
    this.saved = edits;
  }

  /** The same list until something is edited. */
  save(): readonly Edit[] {
    this.saved ??= [...this.made.values()].map(({ field, index, values }) => ({ field, index, values }));
    return this.saved;
  }
}
