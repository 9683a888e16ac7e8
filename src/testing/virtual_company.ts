import { Random } from '../core/random';
import type { Person, Role } from '../protocol/ctl';
import type { Mujoco } from '../sim/mujoco';
import { WORKSHOP } from './mujoco';
import { type Conditions, PERFECT, VirtualClock } from './virtual_network';
import { VirtualGuest, VirtualHost, type VirtualModel, virtualModel, virtualMujoco } from './virtual_room';

/** Time passes in such steps, ms, where promises are waited for. */
const STEP_MS = 10;

/** Slower than the workshop is: the same seconds cost a fifth of the steps. */
export const SLOWER = WORKSHOP.replace('timestep="0.002"', 'timestep="0.01"');

/** What rooms of tests are made with: made once, as it takes a while. */
export interface Stage {
  readonly mujoco: Mujoco;
  /** Worlds that browsers have, or get; the host begins with the first. */
  readonly models: readonly [VirtualModel, VirtualModel];
}

/** Two worlds, with one site and some bodies. */
export async function stage(): Promise<Stage> {
  const slower = SLOWER.replace('<body name="shelf" pos="0 3 1">', '$&<site name="face"/>');
  const models = [
    await virtualModel(slower, 1000),
    await virtualModel(slower.replace('workshop', 'another'), 1001),
  ] as const;
  return { mujoco: await virtualMujoco(), models };
}

/** A room on a virtual clock, with the people in it. */
export class VirtualCompany {
  readonly clock = new VirtualClock();
  readonly host: VirtualHost;
  readonly guests: VirtualGuest[] = [];
  private readonly random: Random;

  constructor(
    readonly stage: Stage,
    seed: number,
    role: Role = 'developer',
    first: VirtualModel = stage.models[0],
  ) {
    this.random = new Random(seed);
    const { mujoco, models } = stage;
    this.host = new VirtualHost(this.clock, mujoco, models, first, role);
  }

  /** @param cache digests of what the guest has kept from another time */
  join(conditions: Partial<Conditions> = {}, cache: readonly string[] = []): VirtualGuest {
    const { clock, host, random } = this;
    const { mujoco, models } = this.stage;
    const identity = this.guests.length + 1;
    const way = { ...PERFECT, delay: 25, jitter: 10, ...conditions };
    const guest = new VirtualGuest(clock, host, random, way, identity, mujoco, models, new Set(cache));
    this.guests.push(guest);
    return guest;
  }

  /** Lets time pass; promises come to their ends in steps of it. */
  async run(ms: number): Promise<void> {
    for (const end = this.clock.now + ms; this.clock.now < end;) {
      await this.clock.run(Math.min(end, this.clock.now + STEP_MS));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Somebody as the host tells everybody. */
  person(seat: number): Person {
    const found = this.host.people.find((one) => one.seat === seat);
    if (found === undefined) throw new Error(`nobody is in seat ${seat}`);
    return found;
  }

  dispose(): void {
    for (const guest of this.guests) guest.dispose();
    this.host.dispose();
  }
}
