import { SimroomError } from '../../core/errors';

/** What the networks were made for; more pixels would only take longer. */
const WIDTH = 640;
const HEIGHT = 480;
const MAX_RATE_HZ = 60;
const RATE_HZ = 30;

/**
 * Asks for a camera; the browser may ask its person first.
 *
 * @param device a `deviceId` of `enumerateDevices`; the browser's choice without one
 * @throws SimroomError `camera-denied`, `camera-missing`, `camera-busy`, `page-insecure`
 */
export async function askForCamera(device?: string): Promise<MediaStream> {
  const video: MediaTrackConstraints = {
    width: { ideal: WIDTH },
    height: { ideal: HEIGHT },
    frameRate: { ideal: RATE_HZ, max: MAX_RATE_HZ },
    ...(device === undefined ? { facingMode: 'user' } : { deviceId: { exact: device } }),
  };
  const devices = mediaDevices();
  try {
    return await devices.getUserMedia({ video, audio: false });
  } catch (cause) {
    throw cameraError(cause, device !== undefined);
  }
}

function mediaDevices(): MediaDevices {
  // Typed as always there; it is not on pages that are not secure.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (devices !== undefined) return devices;
  throw new SimroomError(
    'page-insecure',
    `Browsers give cameras to secure pages only, and ${location.origin} is none: open it by https, or on localhost.`,
  );
}

function cameraError(cause: unknown, chosen: boolean): SimroomError {
  switch (cause instanceof Error ? cause.name : '') {
    case 'NotAllowedError':
    case 'SecurityError':
      return new SimroomError(
        'camera-denied',
        "This page may not use the camera: allow it in the browser's address bar, then switch it on again. Inside another page, that page must allow it too.",
        { cause },
      );
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new SimroomError(
        'camera-missing',
        chosen
          ? 'The chosen camera is not there: plug it in, or choose another.'
          : 'There is no camera: plug one in, then switch it on again.',
        { cause },
      );
    case 'NotReadableError':
    case 'AbortError':
      return new SimroomError(
        'camera-busy',
        'The camera gives no picture: another program may have it. Close that, then switch it on again.',
        { cause },
      );
    default:
      return new SimroomError(
        'camera-missing',
        `The camera could not be opened: ${cause instanceof Error ? cause.message : String(cause)}`,
        { cause },
      );
  }
}
