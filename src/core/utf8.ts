/**
 * Text as UTF-8: pure code has no TextEncoder, but percent-encoding is UTF-8 too.
 */

const LONE_SURROGATE = /[\ud800-\udfff]/gu;

/** Lone surrogates become U+FFFD, as every encoder makes them. */
export function toUtf8(text: string): Uint8Array<ArrayBuffer> {
  const escaped = encodeURIComponent(text.replace(LONE_SURROGATE, '\ufffd'));
  const out: number[] = [];
  for (let i = 0; i < escaped.length; i++) {
    if (escaped[i] === '%') {
      out.push(Number.parseInt(escaped.slice(i + 1, i + 3), 16));
      i += 2;
    } else out.push(escaped.charCodeAt(i));
  }
  return Uint8Array.from(out);
}

/** The longest start of some UTF-8 that has at most `most` bytes and ends with a whole character. */
export function clipUtf8(utf8: Uint8Array<ArrayBuffer>, most: number): Uint8Array<ArrayBuffer> {
  if (utf8.length <= most) return utf8;
  let end = most;
  while (end > 0 && ((utf8[end] ?? 0) & 0xc0) === 0x80) end--;
  return utf8.subarray(0, end);
}

/** Null when the bytes are not UTF-8. */
export function fromUtf8(bytes: Uint8Array): string | null {
  const escaped = Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  try {
    return decodeURIComponent(escaped);
  } catch {
    return null;
  }
}
