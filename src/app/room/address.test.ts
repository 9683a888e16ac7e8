// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { hideRoom, isRoomLink, roomPage, showRoom } from './address';

const at = (address: string): void => {
  (window as unknown as { happyDOM: { setURL(url: string): void } }).happyDOM.setURL(
    new URL(address, 'https://example.org/app/').href,
  );
};

afterEach(() => at(''));

describe('the address of a room', () => {
  it('leads to this page and its servers, not to what one looks at', () => {
    at('?model=arm&embed&signal=peerjs#something');
    expect(roomPage()).toBe('https://example.org/app/?signal=peerjs');
  });

  it('is shown while one is in the room, and gone afterwards', () => {
    at('?model=arm&embed');
    showRoom('https://example.org/app/?signal=peerjs#room=abc');
    expect(window.location.href).toBe('https://example.org/app/?embed=&signal=peerjs#room=abc');
    hideRoom();
    expect(window.location.href).toBe('https://example.org/app/?embed=&signal=peerjs');
  });

  it('of another deployment is not shown: it would not lead there', () => {
    at('');
    showRoom('https://example.com/#room=abc');
    expect(window.location.href).toBe('https://example.org/app/');
  });

  it('leaves other fragments alone', () => {
    at('#about');
    hideRoom();
    expect(window.location.hash).toBe('#about');
  });

  it('is known by its fragment, be it cut short', () => {
    at('');
    expect(isRoomLink('#room=abc')).toBe(true);
    expect(isRoomLink('https://example.org/app/#room')).toBe(true);
    expect(isRoomLink('https://example.org/app/?model=room')).toBe(false);
  });
});
