import type { Clock } from '../signaling/clock';
import { SimroomError } from '../src/core/errors';
import { parseMessage, readArkitData } from '../src/face/sources/arkit_data';
import { readPhoneRequest, type PhoneRequest, type Subjects } from '../src/face/sources/bridge_messages';
import { readPacket } from '../src/face/sources/packet';
import type { Reading } from '../src/face/sources/reading';
import type { Client } from './client';
import { FaceBoard, type Face, type Owner } from './face_board';

/** What is told to people while it happens. */
export interface ExchangeEvents {
  came(face: Face): void;
  went(face: Face): void;
  /** @returns why not, for people; null when it is done */
  askPhone(request: PhoneRequest): string | null;
}

/** Passes faces on: from phones and programs to pages, from pages to programs, always the newest alone. */
export class Exchange {
  /** Of phones and programs. */
  readonly outside: FaceBoard;
  /** Of people in the rooms of pages. */
  readonly room: FaceBoard;
  readonly clients = new Set<Client>();
  /** Faces that had no room, and messages that nobody understands. */
  readonly figures = { full: 0, badMessages: 0 };

  constructor(
    clock: Clock,
    private readonly events: ExchangeEvents,
  ) {
    this.outside = new FaceBoard(clock);
    this.room = new FaceBoard(clock);
  }

  add(client: Client): void {
    this.clients.add(client);
    this.tellWhoIsThere(client);
    if (isForRoom(client)) this.tellPages();
    for (const board of [this.outside, this.room]) {
      for (const face of board.all) if (client.wants(face)) client.offer(face);
    }
  }

  /** Takes a connection out, and the faces that came over it. */
  remove(client: Client): void {
    this.clients.delete(client);
    if (isForRoom(client)) this.tellPages();
    this.drop([...this.outside.remove(client.options.id), ...this.room.remove(client.options.id)]);
  }

  /** Takes what somebody's face looks like now. */
  put(owner: Owner, reading: Reading): 'ok' | 'full' {
    const board = owner.source === 'room' ? this.room : this.outside;
    const before = board.size;
    const face = board.put(owner, reading);
    if (face === 'full') this.figures.full++;
    if (typeof face === 'string') return face === 'full' ? 'full' : 'ok';
    const isNew = board.size > before;
    if (isNew) this.events.came(face);
    for (const client of this.clients) {
      if (!client.wants(face)) continue;
      if (isNew) this.tellWhoIsThere(client);
      client.offer(face);
    }
    return 'ok';
  }

  /** Takes a message of a page or program. */
  receive(client: Client, data: Buffer, isBinary: boolean): void {
    try {
      if (isBinary) this.putOf(client, readBinary(data));
      else this.receiveText(client, parseMessage(data.toString('utf8')));
    } catch (error) {
      if (!(error instanceof SimroomError)) throw error;
      this.figures.badMessages++;
      client.complain({ type: 'error', code: 'bad-message', message: error.message });
    }
  }

  /** To be called every second or so. */
  check(): void {
    this.drop([...this.outside.check(), ...this.room.check()]);
    for (const client of this.clients) {
      client.check();
      this.tellWhoIsThere(client);
    }
  }

  private receiveText(client: Client, message: Readonly<Record<string, unknown>>): void {
    const request = client.options.kind === 'page' ? readPhoneRequest(message) : null;
    if (request === null) {
      this.putOf(client, readText(message));
      return;
    }
    const problem = this.events.askPhone(request);
    if (problem !== null) client.complain({ type: 'error', code: 'bad-phone', message: problem });
  }

  private putOf(client: Client, reading: Reading): void {
    if (this.put(ownerOf(client), reading) === 'ok') return;
    client.complain({
      type: 'error',
      code: 'too-many',
      message: 'There are as many faces as the bridge takes.',
    });
  }

  private drop(faces: readonly Face[]): void {
    for (const face of faces) {
      this.events.went(face);
      for (const client of this.clients) {
        client.forget(face);
        if (client.wants(face)) this.tellWhoIsThere(client);
      }
    }
  }

  private tellWhoIsThere(client: Client): void {
    client.offerList(() => this.listFor(client));
  }

  /** Pages send their room's faces only while somebody wants them. */
  private tellPages(): void {
    for (const client of this.clients) if (client.options.kind === 'page') this.tellWhoIsThere(client);
  }

  private listFor(client: Client): Subjects {
    const faces = [...this.outside.all, ...this.room.all].filter((face) => client.wants(face));
    const subjects = faces.map(describeFace);
    if (client.options.kind !== 'page') return { type: 'subjects', subjects };
    const roomWanted = [...this.clients].some((other) => other !== client && isForRoom(other));
    return { type: 'subjects', subjects, roomWanted };
  }
}

/** Whether a connection gets the faces of people in rooms. */
function isForRoom({ options: { receive } }: Client): boolean {
  return receive === 'room' || receive === 'all';
}

/** What there is to know about a face besides itself. */
export function describeFace(face: Face): Subjects['subjects'][number] {
  const { subject, owner, hasFace, rate } = face;
  return { subject, source: owner.source, from: owner.from, rate: Math.round(rate * 10) / 10, face: hasFace };
}

function ownerOf({ options }: Client): Owner {
  const { kind, subject, id } = options;
  const fallback = kind === 'page' ? 'Page' : 'Program';
  const source = kind === 'page' ? 'room' : 'program';
  return { source, from: id, title: subject ?? fallback, mayReorder: false };
}

function readBinary(data: Buffer): Reading {
  const face = readPacket(data);
  if (face === null) {
    throw new SimroomError(
      'bad-argument',
      'That is no face packet: bridge/PROTOCOL.md shows it byte for byte.',
    );
  }
  const { subject, timestamp, weights, head } = face;
  return { subject: subject || null, time: timestamp / 1000, weights, ...(head && { head }) };
}

function readText(message: Readonly<Record<string, unknown>>): Reading {
  const { subject, timestamp, weights, head } = readArkitData(message);
  return { subject, ...(timestamp !== null && { time: timestamp / 1000 }), weights, ...(head && { head }) };
}
