import { toHex } from '../core/encoding';

/**
 * A model's files, complete and nothing else: what is compiled, kept on the tape and sent to others.
 */

/** Paths are relative, normalized, with `/`, and never leave the bundle's folder; `entry` is one of them. */
export interface Bundle {
  readonly entry: string;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Paths in an order that does not depend on the locale. */
export function sortedPaths(bundle: Bundle): string[] {
  return [...bundle.files.keys()].toSorted((a, b) => (a < b ? -1 : a > b ? 1 : 0));
}

/**
 * SHA-256 over entry, sorted paths, lengths and bytes: two bundles with this hash compile to the same model.
 *
 * @returns 64 hex digits
 */
export async function bundleHash(bundle: Bundle): Promise<string> {
  const text = new TextEncoder();
  const chunks: Uint8Array[] = [];
  const add = (bytes: Uint8Array): void => {
    const length = new Uint8Array(8);
    new DataView(length.buffer).setBigUint64(0, BigInt(bytes.length), true);
    chunks.push(length, bytes);
  };
  add(text.encode(bundle.entry));
  for (const path of sortedPaths(bundle)) {
    add(text.encode(path));
    add(bundle.files.get(path) ?? new Uint8Array());
  }
  const all = new Uint8Array(chunks.reduce((sum, chunk) => sum + chunk.length, 0));
  let offset = 0;
  for (const chunk of chunks) {
    all.set(chunk, offset);
    offset += chunk.length;
  }
  return toHex(new Uint8Array(await crypto.subtle.digest('SHA-256', all)));
}
