import { beforeAll, describe, expect, it } from 'vitest';
import { Random } from '../../core/random';
import { generateTake } from '../../face/generate';
import type { Mujoco } from '../../sim/mujoco';
import { WORKSHOP } from '../../testing/mujoco';
import { type Conditions, PERFECT, VirtualClock } from '../../testing/virtual_network';
import {
  VirtualGuest,
  VirtualHost,
  type VirtualModel,
  virtualModel,
  virtualMujoco,
} from '../../testing/virtual_room';

const SECONDS = 60;
const SLOWER = WORKSHOP.replace('timestep="0.002"', 'timestep="0.01"');

let mujoco: Mujoco;
let model: VirtualModel;

beforeAll(async () => {
  mujoco = await virtualMujoco();
  model = await virtualModel(SLOWER, 1000);
});

class Room {
  readonly clock = new VirtualClock();
  readonly host: VirtualHost;
  readonly guests: VirtualGuest[] = [];
  private readonly random: Random;

  constructor(seed = 5) {
    this.random = new Random(seed);
    this.host = new VirtualHost(this.clock, mujoco, [model], model);
  }

  join(conditions: Partial<Conditions> = {}): VirtualGuest {
    const { clock, host, random } = this;
    const identity = this.guests.length + 1;
    const way = { ...PERFECT, delay: 25, jitter: 12, ...conditions };
    const guest = new VirtualGuest(clock, host, random, way, identity, mujoco, [model], new Set());
    this.guests.push(guest);
    return guest;
  }

  run(ms: number): Promise<void> {
    return this.clock.run(this.clock.now + ms);
  }

  dispose(): void {
    for (const guest of this.guests) guest.dispose();
    this.host.dispose();
  }
}

describe('probe', () => {
  it.each([0, 0.05, 0.2])(
    'loss %d',
    async (loss) => {
      for (const seed of [1, 2, 3, 4, 5, 6]) {
        const room = new Room(seed);
        const a = room.join({ loss });
        expect(room.host.faces.unreadable).toBe(0);
        await room.run(3000);
        const mood = seed % 2 === 0 ? 'talk' : 'mixed';
        a.faces.play(generateTake(seed, SECONDS, mood));
        await room.run(3000);
        const [f] = room.host.session.figures();
        const b0 = room.host.faces.bytes;
        const n0 = room.host.faces.came.get(1) ?? 0;
        const w = await room.host.faces.watch(a.seat, a.faces, 15_000);
        const [g] = room.host.session.figures();
        const s = 15;
        console.log(
          'P',
          loss,
          mood,
          seed,
          w.rms.toFixed(5),
          w.latency.toFixed(0),
          'payload',
          ((room.host.faces.bytes - b0) / s).toFixed(0),
          (((room.host.faces.came.get(1) ?? 0) - n0) / s).toFixed(1),
          'to',
          ((g.rtBytesOut - f.rtBytesOut) / s).toFixed(0),
          ((g.rtOut - f.rtOut) / s).toFixed(1),
          'from',
          ((g.rtBytesIn - f.rtBytesIn) / s).toFixed(0),
          ((g.rtIn - f.rtIn) / s).toFixed(1),
        );
        room.dispose();
      }
    },
    120_000,
  );
});
