import { ByteReader, ByteWriter } from '../core/bytes';
import { clipUtf8, fromUtf8, toUtf8 } from '../core/utf8';

/**
 * Message formats, written once: a `Codec` both writes and reads, and its TypeScript type follows from it.
 *
 * For messages that come a few times a second. Reading never throws and allocates nothing from an unchecked length:
 * what does not fit fails the reader.
 */
export interface Codec<T> {
  write(out: ByteWriter, value: T): void;
  read(input: ByteReader): T;
}

/** Any codec, where only its fields' names matter. */
interface AnyCodec {
  write(out: ByteWriter, value: never): void;
  read(input: ByteReader): unknown;
}

/** The type a codec carries. */
export type Carried<C> = C extends Codec<infer T> ? T : never;

export const u8: Codec<number> = {
  write: (out, value) => out.u8(value),
  read: (input) => input.u8(),
};

/** A non-negative integer up to 2^53 - 1. */
export const varint: Codec<number> = {
  write: (out, value) => out.varint(value),
  read: (input) => input.varint(),
};

/** Finite: NaN and infinities fail. */
export const f64: Codec<number> = {
  write: (out, value) => out.f64(value),
  read(input) {
    const value = input.f64();
    if (!Number.isFinite(value)) input.fail();
    return value;
  },
};

export const flag: Codec<boolean> = {
  write: (out, value) => out.u8(value ? 1 : 0),
  read(input) {
    const byte = input.u8();
    if (byte > 1) input.fail();
    return byte === 1;
  },
};

/** Exactly `length` bytes. */
export function bytes(length: number): Codec<Uint8Array<ArrayBuffer>> {
  return {
    write: (out, value) => out.raw(value),
    read: (input) => input.raw(length),
  };
}

/** Up to `most` bytes, after their count. */
export function blob(most: number): Codec<Uint8Array<ArrayBuffer>> {
  return {
    write: (out, value) => out.blob(value),
    read: (input) => input.raw(countUpTo(input, most)),
  };
}

/** UTF-8 of up to `most` bytes, after their count. Longer text is clipped: the other side would hang up on it. */
export function text(most: number): Codec<string> {
  const inner = blob(most);
  return {
    write: (out, value) => inner.write(out, clipUtf8(toUtf8(value), most)),
    read(input) {
      const value = fromUtf8(inner.read(input));
      if (value === null) input.fail();
      return value ?? '';
    },
  };
}

/** One of a few words, as its place in the list. */
export function oneOf<const T extends string>(...words: readonly T[]): Codec<T> {
  return {
    write: (out, value) => out.u8(words.indexOf(value)),
    read(input) {
      const word = words[input.u8()];
      if (word === undefined) input.fail();
      return word ?? (words[0] as T);
    },
  };
}

/** Up to `most` items, after their count. */
export function list<T>(item: Codec<T>, most: number): Codec<readonly T[]> {
  return {
    write(out, values) {
      out.varint(values.length);
      for (const value of values) item.write(out, value);
    },
    read(input) {
      const count = countUpTo(input, most);
      const values: T[] = [];
      for (let i = 0; i < count && input.ok; i++) values.push(item.read(input));
      return values;
    },
  };
}

/** A value or null. */
export function nullable<T>(inner: Codec<T>): Codec<T | null> {
  return {
    write(out, value) {
      flag.write(out, value !== null);
      if (value !== null) inner.write(out, value);
    },
    read: (input) => (flag.read(input) ? inner.read(input) : null),
  };
}

type Struct<F> = { readonly [K in keyof F]: F[K] extends Codec<infer T> ? T : never };

/** Fields one after the other, in the order they are written down. */
export function struct<F extends Record<string, AnyCodec>>(fields: F): Codec<Struct<F>> {
  const entries = Object.entries(fields) as unknown as [keyof F & string, Codec<unknown>][];
  return {
    write(out, value) {
      for (const [name, codec] of entries) codec.write(out, value[name]);
    },
    read(input) {
      const value: Record<string, unknown> = {};
      for (const [name, codec] of entries) value[name] = codec.read(input);
      return value as Struct<F>;
    },
  };
}

/** One of several structs, told apart by `kind`; on the wire `kind` is a byte. */
export function union<V extends Record<string, readonly [number, AnyCodec]>>(
  variants: V,
): Codec<{ readonly [K in keyof V & string]: { readonly kind: K } & Carried<V[K][1]> }[keyof V & string]> {
  type Value = { readonly [K in keyof V & string]: { readonly kind: K } & Carried<V[K][1]> }[keyof V &
    string];
  const byNumber = new Map(
    Object.entries(variants).map(([kind, [number, codec]]) => [number, { kind, codec }] as const),
  );
  return {
    write(out, value) {
      const variant = variants[value.kind];
      if (variant === undefined) return;
      const [number, codec] = variant;
      out.u8(number);
      codec.write(out, value as never);
    },
    read(input) {
      const variant = byNumber.get(input.u8());
      if (variant === undefined) {
        input.fail();
        return { kind: '' } as unknown as Value;
      }
      return { kind: variant.kind, ...(variant.codec.read(input) as object) } as Value;
    },
  };
}

/** The bytes of a value. */
export function encode<T>(codec: Codec<T>, value: T): Uint8Array<ArrayBuffer> {
  const out = new ByteWriter();
  codec.write(out, value);
  return out.finish();
}

/** A value from exactly these bytes; null when they are not one. */
export function decode<T>(codec: Codec<T>, message: Uint8Array): T | null {
  const input = new ByteReader(message);
  const value = codec.read(input);
  return input.ok && input.remaining === 0 ? value : null;
}

function countUpTo(input: ByteReader, most: number): number {
  const count = input.varint();
  if (count <= most && count <= input.remaining) return count;
  input.fail();
  return 0;
}
