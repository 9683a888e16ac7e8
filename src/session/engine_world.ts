import { type Frame, HEADER, Lag, usedBytes } from '../core/frame';
import { FramePacker } from '../sim/frame_packer';
import { doubles } from '../sim/heap';
import { enumValue } from '../sim/mujoco';
import type { Sim } from '../sim/sim';
import type { Authority } from './world/authority';
import type { Backups } from './world/backups';
import { Replica } from './world/replica';
import type { RoomSession } from './room_messages';

/** What belongs to one loaded model. */
export class EngineWorld {
  readonly packer: FramePacker;
  private readonly energyBit: number;
  private seenSeq = -1;

  /**
   * @param sim disposed of with this world
   * @param driver moves it: the one authority over it, or the follower of another browser's
   * @param backups what the page is to keep of it
   * @param generation stamped on every frame
   */
  constructor(
    readonly sim: Sim,
    public driver: Authority | Replica,
    readonly backups: Backups,
    readonly generation: number,
  ) {
    this.packer = new FramePacker(sim);
    this.energyBit = enumValue(sim.mujoco.mjtEnableBit.mjENBL_ENERGY);
  }

  /**
   * Fills a lent buffer with the world as it is, and with where the people of the room are.
   *
   * @returns the buffer, or a new one where that had not the right size
   */
  fill(lent: ArrayBuffer, room: RoomSession | null): ArrayBuffer {
    const { frame, layout } = this.packer;
    const counts = this.packer.pack();
    this.writeHeader(frame);
    frame.header[HEADER.vgeomCount] = counts.vgeoms;
    frame.header[HEADER.dragCount] = counts.drags;
    frame.header[HEADER.personCount] = room?.persons(frame.persons) ?? 0;
    const buffer = lent.byteLength === layout.bytes ? lent : new ArrayBuffer(layout.bytes);
    const used = usedBytes(frame, layout);
    new Uint8Array(buffer).set(new Uint8Array(frame.buffer, 0, used));
    return buffer;
  }

  /** Whether the tape has grown since the last call: somebody did something, be it paused. */
  takeNews(): boolean {
    const { nextSeq } = this.driver.tape;
    const news = nextSeq !== this.seenSeq;
    this.seenSeq = nextSeq;
    return news;
  }

  dispose(): void {
    if (this.driver instanceof Replica) this.driver.dispose();
    this.packer.dispose();
    this.sim.dispose();
  }

  private writeHeader({ header }: Frame): void {
    const { sim } = this;
    const { figures } = this.driver;
    header[HEADER.tick] = sim.tick;
    header[HEADER.time] = sim.data.time;
    header[HEADER.paused] = sim.isPaused ? 1 : 0;
    header[HEADER.speed] = sim.speed;
    header[HEADER.rtf] = sim.isPaused ? 0 : figures.rtf;
    header[HEADER.stepsPerSecond] = sim.isPaused ? 0 : figures.stepsPerSecond;
    header[HEADER.stepMs] = figures.stepMs;
    header[HEADER.lag] = figures.behind && !sim.isPaused ? Lag.physics : Lag.none;
    header[HEADER.contacts] = sim.data.ncon;
    header[HEADER.constraints] = sim.data.nefc;
    header[HEADER.generation] = this.generation;
    header[HEADER.wasmBytes] = doubles(sim.data.qpos).buffer.byteLength;
    const hasEnergy = (sim.model.opt.enableflags & this.energyBit) !== 0;
    const energy = doubles(sim.data.energy);
    header[HEADER.energy] = hasEnergy ? (energy[0] ?? 0) + (energy[1] ?? 0) : NaN;
    header[HEADER.historyTick] = sim.historyTick;
  }
}
