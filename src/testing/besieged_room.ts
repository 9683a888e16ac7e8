import { Random } from '../core/random';
import { type CtlMessage, type Role, ctl } from '../protocol/ctl';
import { RtWriter, encodedAction } from '../protocol/rt';
import { decode, encode } from '../protocol/schema';
import type { Mujoco } from '../sim/mujoco';
import type { Action } from '../tape/action';
import { WORKSHOP } from './mujoco';
import { PERFECT, VirtualClock, type VirtualLink, connect } from './virtual_network';
import { VirtualHost, type VirtualModel, virtualModel, virtualMujoco } from './virtual_room';

/** Rooms under attack: a host, and somebody who does not keep to the app's ways. */

const ZEROS = new Uint8Array(32);

/** Somebody who sends whatever bytes they like. */
export class Intruder {
  readonly heard: CtlMessage[] = [];
  readonly link: VirtualLink;
  isCut = false;
  private readonly out = new RtWriter();

  constructor(
    clock: VirtualClock,
    private readonly host: VirtualHost,
  ) {
    const [near, far] = connect(clock, new Random(1), PERFECT);
    this.link = near;
    host.session.add(far);
    near.ctl.onmessage = (bytes) => {
      const message = decode(ctl, bytes);
      if (message !== null) this.heard.push(message);
    };
    near.onclose = () => {
      this.isCut = true;
    };
  }

  say(message: CtlMessage): void {
    this.link.ctl.send(encode(ctl, message));
    this.host.wake();
  }

  hello(): void {
    this.say({ kind: 'hello', version: 1, build: 'x', wasm: ZEROS, nonce: ZEROS });
  }

  knock(name = 'Mallory'): void {
    const identity = new Uint8Array(32).fill(9);
    const proof = { mac: ZEROS, identity, signature: new Uint8Array(64) };
    this.say({ kind: 'knock', ...proof, name, colour: 1, invitation: null });
  }

  ready(world = 1): void {
    this.say({ kind: 'ready', world, compiled: this.host.model.compiled });
  }

  acts(first: number, actions: readonly Action[], { world = 1, nextSeq = 0 } = {}): void {
    this.out.begin();
    this.out.acts(world, nextSeq, first, actions.map(encodedAction));
    this.link.rt.send(this.out.datagram());
    this.host.wake();
  }

  last<K extends CtlMessage['kind']>(kind: K): Extract<CtlMessage, { kind: K }> | undefined {
    return this.heard.findLast(
      (message): message is Extract<CtlMessage, { kind: K }> => message.kind === kind,
    );
  }
}

/** What rooms of a test file are made with. */
export interface Siege {
  readonly mujoco: Mujoco;
  readonly model: VirtualModel;
}

export async function layOut(): Promise<Siege> {
  const slower = WORKSHOP.replace('timestep="0.002"', 'timestep="0.01"');
  return { mujoco: await virtualMujoco(), model: await virtualModel(slower, 50_000) };
}

/** A room on a virtual clock with an intruder before its door. */
export class BesiegedRoom {
  readonly clock = new VirtualClock();
  readonly host: VirtualHost;
  readonly intruder: Intruder;

  constructor({ mujoco, model }: Siege) {
    this.host = new VirtualHost(this.clock, mujoco, [model], model);
    this.intruder = this.knocker();
  }

  /** Another connection to the host. */
  knocker(): Intruder {
    return new Intruder(this.clock, this.host);
  }

  run(ms: number): Promise<void> {
    return this.clock.run(this.clock.now + ms);
  }

  /** What the host counts against the intruder. */
  get dropped(): number {
    return this.host.people.find(({ seat }) => seat === 1)?.dropped ?? -1;
  }

  /** What the host has taken of a seat. */
  fromSeat(seat: number): Action[] {
    return this.host.authority.tape.entries.flatMap((entry) => (entry.seat === seat ? [entry.action] : []));
  }

  /** Somebody goes through the handshake. */
  async greet(who = this.intruder): Promise<void> {
    who.hello();
    await this.run(20);
    who.knock();
    await this.run(20);
  }

  /** The intruder comes in, with a role, and begins in the world. */
  async enter(role: Role = 'developer'): Promise<void> {
    await this.greet();
    await this.promote(role);
    this.intruder.ready();
    await this.run(100);
  }

  async promote(role: Role): Promise<void> {
    this.clock.settle();
    const done = this.host.session.request({ kind: 'setRole', seat: 1, role });
    this.host.wake();
    await this.run(20);
    await done;
  }

  dispose(): void {
    this.host.dispose();
  }
}
