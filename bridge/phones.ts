import type { Clock } from '../signaling/clock';
import { MAX_PHONES, type Phone } from './config';
import { SOURCES } from './sources';
import type { UdpPort } from './udp';

/** A phone that was quiet for so long is asked again, ms. */
const QUIET_MS = 1000;

interface Asked extends Phone {
  heardAt: number;
  /** Whether it was said that it cannot be reached. */
  told: boolean;
}

/**
 * Asks phones for their faces that send only when asked, and again when they fall silent: after a sleep, a restart, a walk
 * out of the wireless network.
 */
export class Phones {
  private readonly asked: Asked[] = [];

  constructor(
    private readonly ports: readonly UdpPort[],
    private readonly clock: Clock,
    private readonly log: (line: string) => void,
  ) {}

  /**
   * Adds one, and asks it at once.
   *
   * @returns why not, for people; null when it is asked from now on
   */
  add(phone: Phone): string | null {
    const { title, variable } = SOURCES[phone.source];
    if (!this.ports.some(({ source }) => source === phone.source)) {
      return `The bridge does not listen for ${title}: its port was taken, or ${variable} is off.`;
    }
    if (this.asked.some(({ source, address, port }) => isSame(phone, source, address, port))) return null;
    if (this.asked.length >= MAX_PHONES) return `The bridge asks ${String(MAX_PHONES)} phones already.`;
    const added = { ...phone, heardAt: Number.NEGATIVE_INFINITY, told: false };
    this.asked.push(added);
    this.ask(added);
    return null;
  }

  /** Takes note that something came. */
  hear(source: Phone['source'], address: string): void {
    for (const phone of this.asked) {
      if (phone.source !== source || phone.address !== address) continue;
      phone.heardAt = this.clock.now();
      phone.told = false;
    }
  }

  /** To be called every second or so. */
  check(): void {
    const now = this.clock.now();
    for (const phone of this.asked) {
      if (SOURCES[phone.source].askAlways || now - phone.heardAt >= QUIET_MS) this.ask(phone);
    }
  }

  private ask(phone: Asked): void {
    const { ask, title } = SOURCES[phone.source];
    const own = this.ports.find(({ source }) => source === phone.source);
    if (own === undefined || ask === null) return;
    own.send(ask(own.port), phone.port, phone.address, (error) => {
      if (phone.told) return;
      phone.told = true;
      this.log(
        `${title} at ${phone.address} cannot be reached: ${error.message}. Is it in the same network?`,
      );
    });
  }
}

function isSame(phone: Phone, source: string, address: string, port: number): boolean {
  return phone.source === source && phone.address === address && phone.port === port;
}
