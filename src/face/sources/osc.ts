import { BigEndianReader } from './big_endian';

/**
 * Open Sound Control 1.0, as far as faces need it: messages and bundles, with numbers and texts.
 *
 * Source: opensoundcontrol.org, "The Open Sound Control 1.0 Specification".
 */
export interface OscMessage {
  readonly address: string;
  /** In their order; those without a value here (blobs, times) stand as null. */
  readonly values: readonly (number | string | null)[];
}

const BUNDLE = '#bundle';
/** The time tag of a bundle. */
const TIME_BYTES = 8;
/** Bundles within bundles. */
const MAX_DEPTH = 4;
/** Messages of one packet; a body and a face have some 120. */
const MAX_MESSAGES = 512;
/** Values of one message. */
const MAX_VALUES = 32;

/** Everything in a packet that can be read, in its order; nothing when it is no OSC. */
export function parseOsc(packet: Uint8Array): OscMessage[] {
  const messages: OscMessage[] = [];
  collect(packet, 0, messages);
  return messages;
}

function collect(packet: Uint8Array, depth: number, messages: OscMessage[]): void {
  if (messages.length >= MAX_MESSAGES || depth > MAX_DEPTH || packet.length % 4 !== 0) return;
  const reader = new BigEndianReader(packet);
  const address = reader.paddedText();
  if (address === BUNDLE) {
    reader.part(TIME_BYTES);
    while (reader.ok && reader.remaining > 0) {
      const part = reader.part(reader.i32());
      if (reader.ok) collect(part, depth + 1, messages);
    }
  } else if (address.startsWith('/')) {
    const values = readValues(reader);
    if (values !== null) messages.push({ address, values });
  }
}

function readValues(reader: BigEndianReader): OscMessage['values'] | null {
  // Old programs leave the types out where there are no values.
  if (reader.remaining === 0) return [];
  const types = reader.paddedText();
  if (!types.startsWith(',') || types.length > MAX_VALUES + 1) return null;
  const values: (number | string | null)[] = [];
  for (const type of types.slice(1)) {
    const value = readValue(reader, type);
    if (value === undefined) return null;
    values.push(value);
  }
  return reader.ok ? values : null;
}

function readValue(reader: BigEndianReader, type: string): number | string | null | undefined {
  switch (type) {
    case 'i':
      return reader.i32();
    case 'f':
      return reader.f32();
    case 'd':
      return reader.f64();
    case 's':
    case 'S':
      return reader.paddedText();
    case 'T':
      return 1;
    case 'F':
      return 0;
    case 'N':
    case 'I':
      return null;
    case 'h':
    case 't':
      reader.part(8);
      return null;
    case 'c':
    case 'r':
    case 'm':
      reader.part(4);
      return null;
    case 'b': {
      const length = reader.i32();
      reader.part(length < 0 ? -1 : Math.ceil(length / 4) * 4);
      return null;
    }
    default:
      // Of unknown length.
      return undefined;
  }
}
