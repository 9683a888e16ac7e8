import type { CameraPose, Vec3 } from '../app/api';

/**
 * Where MuJoCo's free camera stands and how it is turned: forward follows from azimuth and elevation, the camera
 * looks along its own -z, x is to the right.
 */
export function cameraFrame(pose: Pick<CameraPose, 'lookat' | 'distance' | 'azimuth' | 'elevation'>): {
  readonly pos: Vec3;
  readonly x: Vec3;
  readonly y: Vec3;
} {
  const az = (pose.azimuth * Math.PI) / 180;
  const el = (pose.elevation * Math.PI) / 180;
  const [lx, ly, lz] = pose.lookat;
  const forward: Vec3 = [Math.cos(el) * Math.cos(az), Math.cos(el) * Math.sin(az), Math.sin(el)];
  return {
    pos: [lx - pose.distance * forward[0], ly - pose.distance * forward[1], lz - pose.distance * forward[2]],
    x: [Math.sin(az), -Math.cos(az), 0],
    y: [-Math.sin(el) * Math.cos(az), -Math.sin(el) * Math.sin(az), Math.cos(el)],
  };
}

/** The pose as an MJCF `<camera>`. */
export function cameraAsMjcf(pose: CameraPose): string {
  const { pos, x, y } = cameraFrame(pose);
  return `<camera pos="${numbers(pos)}" xyaxes="${numbers([...x, ...y])}"/>`;
}

/** The pose as a call that sets it. */
export function cameraAsCode(pose: CameraPose): string {
  const { lookat, distance, azimuth, elevation } = pose;
  return `simroom.camera.set({ lookat: [${lookat.map(short).join(', ')}], distance: ${short(distance)}, azimuth: ${short(azimuth)}, elevation: ${short(elevation)} })`;
}

function numbers(values: readonly number[]): string {
  return values.map(short).join(' ');
}

/** Three decimals: a millimetre. */
function short(value: number): string {
  const text = String(Number(value.toFixed(3)));
  return text === '-0' ? '0' : text;
}
