import { fc } from '../testing/properties';
import { describe, expect, it } from 'vitest';
import { SimroomError } from '../core/errors';
import { PAYLOAD_BYTES, formatRoomLink, parseRoomLink, withInvitation } from './room_link';

const PAGE = 'https://example.org/sim/?signal=peerjs';
const TOKEN = `eyJhbGciOiJFZERTQSJ9.eyJyb2xlIjoidmlld2VyIn0.${'s'.repeat(86)}`;
const PAYLOAD = Uint8Array.from({ length: PAYLOAD_BYTES }, (_, i) => i * 7);

const payload = fc.uint8Array({ minLength: PAYLOAD_BYTES, maxLength: PAYLOAD_BYTES });
const segment = fc.base64String({ minLength: 4, maxLength: 40 }).map((text) => text.replace(/[+/=]/g, '_'));
const token = fc.tuple(segment, segment).map(([header, claims]) => `${header}.${claims}.${'x'.repeat(86)}`);
const page = fc.constantFrom(
  PAGE,
  'http://localhost:8080/',
  'https://example.org/a/b/index.html?model=arm&embed',
);

function thrownBy(text: string): SimroomError | null {
  try {
    parseRoomLink(text);
  } catch (error) {
    if (error instanceof SimroomError) return error;
    throw error;
  }
  return null;
}

describe('the link of a room', () => {
  it('carries 34 bytes in 46 letters of the fragment, and leaves the page and its query alone', () => {
    const link = formatRoomLink(PAGE, { payload: PAYLOAD, invitation: null });
    expect(link).toBe(`${PAGE}#room=AAcOFRwjKjE4P0ZNVFtiaXB3foWMk5qhqK-2vcTL0tng5w`);
  });

  it('is read as it was written: whole, as its fragment, with white space around', () => {
    fc.assert(
      fc.property(page, payload, fc.option(token), (from, bytes, invitation) => {
        const link = formatRoomLink(from, { payload: bytes, invitation });
        const fragment = link.slice(link.indexOf('#'));
        for (const text of [link, fragment, fragment.slice(1), `  ${link}\n`]) {
          expect(parseRoomLink(text)).toEqual({ payload: bytes, invitation });
        }
      }),
    );
  });

  it('replaces a fragment that the page has, and an invitation that the link has', () => {
    const link = formatRoomLink(`${PAGE}#elsewhere`, { payload: PAYLOAD, invitation: TOKEN });
    expect(parseRoomLink(link)).toEqual({ payload: PAYLOAD, invitation: TOKEN });
    const plain = formatRoomLink(PAGE, { payload: PAYLOAD, invitation: null });
    expect(link).toBe(`${plain}&invite=${TOKEN}`);
    expect(withInvitation(link, null)).toBe(plain);
    expect(withInvitation(plain, TOKEN)).toBe(link);
  });

  it('passes over what others append to the fragment', () => {
    const link = `${formatRoomLink(PAGE, { payload: PAYLOAD, invitation: null })}&utm=x`;
    expect(parseRoomLink(link)).toEqual({ payload: PAYLOAD, invitation: null });
  });

  it('says that it was cut short, wherever within its payload or invitation', () => {
    const link = formatRoomLink(PAGE, { payload: PAYLOAD, invitation: TOKEN });
    const whole = link.indexOf('&invite=');
    for (let end = link.indexOf('#') + 2; end < link.length; end++) {
      // What is cut off before the invitation's name is complete leaves the room's own link.
      if (end >= whole && end < whole + '&invite='.length) continue;
      const error = thrownBy(link.slice(0, end));
      expect(error?.code).toBe('link-invalid');
      expect(error?.message, link.slice(0, end)).toContain('cut short');
    }
  });

  it('says that it has a typo when its letters are too many or not of the alphabet', () => {
    const link = formatRoomLink(PAGE, { payload: PAYLOAD, invitation: null });
    for (const wrong of [`${link}A`, `${link}.`, `${link.slice(0, -3)}%3D`, `${link.slice(0, -2)}+A`]) {
      expect(thrownBy(wrong)?.message, wrong).toContain('typo');
    }
  });

  it('says that other texts are no link of a room at all', () => {
    for (const other of [
      '',
      'hello',
      PAGE,
      `${PAGE}#`,
      `${PAGE}#model=arm`,
      'https://example.org/?room=abc#x',
    ]) {
      const error = thrownBy(other);
      expect(error?.code).toBe('link-invalid');
      expect(error?.message, other).toContain('no link of a room');
    }
  });

  it('throws nothing but link-invalid, whatever it is given', () => {
    const junk = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.string().map((text) => `#room=${text}`),
      fc
        .tuple(payload, fc.string())
        .map(
          ([bytes, text]) => `${formatRoomLink(PAGE, { payload: bytes, invitation: null })}&invite=${text}`,
        ),
    );
    fc.assert(
      fc.property(junk, (text) => {
        expect(thrownBy(text)?.code ?? 'link-invalid').toBe('link-invalid');
      }),
    );
  });
});
