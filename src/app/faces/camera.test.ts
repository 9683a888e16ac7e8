import { afterEach, describe, expect, it, vi } from 'vitest';
import { askForCamera } from './camera';

function withDevices(devices: Partial<MediaDevices> | undefined): void {
  vi.stubGlobal('navigator', { mediaDevices: devices });
}

afterEach(() => vi.unstubAllGlobals());

describe('askForCamera', () => {
  it.each([
    ['NotAllowedError', 'camera-denied'],
    ['SecurityError', 'camera-denied'],
    ['NotFoundError', 'camera-missing'],
    ['OverconstrainedError', 'camera-missing'],
    ['NotReadableError', 'camera-busy'],
    ['AbortError', 'camera-busy'],
  ])('says in words what a %s is', async (name, code) => {
    withDevices({ getUserMedia: () => Promise.reject(new DOMException('no', name)) });
    await expect(askForCamera()).rejects.toMatchObject({ code, message: expect.stringMatching(/[:.]/) });
  });

  it('says that the page is not secure', async () => {
    withDevices(undefined);
    await expect(askForCamera()).rejects.toMatchObject({ code: 'page-insecure' });
  });

  it('asks for the chosen camera and no other, and for no sound', async () => {
    const getUserMedia = vi.fn(() => Promise.resolve({} as MediaStream));
    withDevices({ getUserMedia });
    await askForCamera('second');
    expect(getUserMedia).toHaveBeenCalledWith({
      audio: false,
      video: expect.objectContaining({ deviceId: { exact: 'second' } }),
    });
  });
});
