import { expect } from 'vitest';
import type { LinkFigures } from '../session/room_messages';
import type { Action } from '../tape/action';
import { SLOWER, type Stage, VirtualCompany } from './virtual_company';
import { type Conditions, PERFECT } from './virtual_network';
import { type VirtualGuest, type VirtualModel, virtualModel, virtualMujoco } from './virtual_room';

/** Rooms on a virtual clock for tests to play in. */

const SEED = 7;

/** What all rooms of a test file have in common. */
interface PlayedStage extends Stage {
  readonly small: VirtualModel;
  /** Takes seconds to travel. */
  readonly large: VirtualModel;
}

let stage: Promise<PlayedStage> | null = null;

async function setStage(): Promise<PlayedStage> {
  const small = await virtualModel(SLOWER, 20_000);
  const large = await virtualModel(SLOWER.replace('workshop', 'another'), 3_000_000);
  return { mujoco: await virtualMujoco(), models: [small, large], small, large };
}

/** A company on quieter ways, in which nothing is waited for but time. */
export class Room extends VirtualCompany {
  constructor(
    override readonly stage: PlayedStage,
    model: 'small' | 'large',
  ) {
    super(stage, SEED, 'developer', stage[model]);
  }

  override join(conditions: Conditions = { ...PERFECT, delay: 20 }, cache?: readonly string[]): VirtualGuest {
    return super.join(conditions, cache);
  }

  override run(ms: number): Promise<void> {
    return this.clock.run(this.clock.now + ms);
  }

  /** Does something with every picture for so long; returns how much went on `rt` per second, to and from one guest. */
  async measure(
    guest: VirtualGuest,
    ms: number,
    picture: (time: number) => void = () => {},
  ): Promise<{ readonly out: number; readonly in: number; readonly messages: number }> {
    const figures = (): LinkFigures => {
      const found = this.host.session.figures().find(({ seat }) => seat === guest.seat);
      if (found === undefined) throw new Error('nobody is in that seat');
      return found;
    };
    const before = figures();
    for (let time = 0; time < ms; time += 1000 / 60) {
      picture(time);
      await this.run(1000 / 60);
    }
    const after = figures();
    const perSecond = (key: 'rtBytesOut' | 'rtBytesIn' | 'rtOut'): number =>
      ((after[key] - before[key]) / ms) * 1000;
    return { out: perSecond('rtBytesOut'), in: perSecond('rtBytesIn'), messages: perSecond('rtOut') };
  }

  /** Pauses and waits; what everybody here holds then, and what the host does. */
  async held(): Promise<{ readonly own: readonly unknown[]; readonly host: readonly unknown[] }> {
    const { authority } = this.host;
    await this.run(1500);
    authority.submit({ kind: 'pause', paused: true });
    this.host.wake();
    await this.run(4000);
    const present = this.guests.filter(({ ended }) => ended === null);
    return {
      own: present.map(({ replica }) => {
        replica?.settle();
        return [replica?.sim.tick, replica?.sim.hash(), replica?.inFlight.list.length];
      }),
      host: present.map(() => [authority.sim.tick, authority.sim.hash(), 0]),
    };
  }
}

/** Everybody holds what the host holds, to the bit. */
export async function expectSame(room: Room): Promise<void> {
  const { own, host } = await room.held();
  expect(own).toEqual(host);
}

/** Takes hold of a body... */
export const GRAB: Action = {
  kind: 'drag',
  hand: 0,
  body: 2,
  mode: 'translate',
  point: [0.1, 0, 0.2],
  target: [0.5, 0.1, 1.6],
  quat: [1, 0, 0, 0],
};

/** ...and moves it, as with every picture; `time` in ms. */
export function pull(time: number): Action {
  return { kind: 'move', hand: 0, target: [0.5 + (time % 1000) / 1000, 0.1, 1.6] };
}

/** Plays in a new room. */
export async function inRoom(
  play: (room: Room) => Promise<void>,
  model: 'small' | 'large' = 'small',
): Promise<void> {
  stage ??= setStage();
  const room = new Room(await stage, model);
  try {
    await play(room);
  } finally {
    room.dispose();
  }
}
