import { PerspectiveCamera, Vector3 } from 'three';
import { describe, expect, it } from 'vitest';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import { CameraControl } from './camera';

/** Two bodies in a chain (masses 1 and 3) and two model cameras: one plain, one with a sensor. */
function model(changes: Partial<Record<string, unknown>> = {}): ModelCopy {
  const global = { fovy: 45, azimuth: 120, elevation: -20, cameraid: -1, orthographic: 0 };
  return {
    ncam: 2,
    nbody: 3,
    body_parentid: Int32Array.of(0, 0, 1),
    body_mass: Float64Array.of(0, 1, 3),
    body_ipos: Float64Array.of(0, 0, 0, 0, 0, 0, 0, 0, 1),
    cam_projection: Int32Array.of(0, 0),
    cam_fovy: Float64Array.of(30, 22.6),
    cam_sensorsize: Float32Array.of(0, 0, 0.02, 0.01),
    cam_intrinsic: Float32Array.of(0.01, 0.01, 0, 0, 0.03, 0.025, 0.001, 0.002),
    stat: { center: [0.1, 0.2, 0.7], extent: 2, meansize: 0.1 },
    vis: { global: { ...global, ...changes }, map: { znear: 0.01, zfar: 50 } },
  } as unknown as ModelCopy;
}

/** Body 1 at (1, 1, 1); body 2 at (2, 1, 1), turned so that its z axis is the world's x. */
const frame = {
  xpos: Float32Array.of(0, 0, 0, 1, 1, 1, 2, 1, 1),
  xquat: Float32Array.of(1, 0, 0, 0, 1, 0, 0, 0, Math.SQRT1_2, 0, Math.SQRT1_2, 0),
  cam_xpos: Float32Array.of(1, 2, 3, 0, -1, 1),
  // Camera 0 looks along -y with z up; camera 1 straight down with y up.
  cam_xmat: Float32Array.of(-1, 0, 0, 0, 0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1),
} as unknown as Frame;

function setup(changes: Partial<Record<string, unknown>> = {}, reducedMotion = true) {
  let changed = 0;
  const control = new CameraControl(
    () => changed++,
    () => reducedMotion,
  );
  control.setModel(model(changes));
  const camera = new PerspectiveCamera();
  const show = (aspect = 4 / 3, now = 0): void => control.applyTo(camera, frame, aspect, now);
  show();
  return { control, camera, show, changes: () => changed };
}

const close = (got: Vector3 | readonly number[], want: readonly number[], digits = 6): void => {
  const values = got instanceof Vector3 ? got.toArray() : got;
  want.forEach((value, i) => expect(values[i]).toBeCloseTo(value, digits));
};

describe('the free camera', () => {
  it('starts where mjv_defaultFreeCamera puts it', () => {
    const { control, camera } = setup();
    expect(control.get()).toEqual({
      lookat: [0.1, 0.2, 0.7],
      distance: 3,
      azimuth: 120,
      elevation: -20,
      fixed: null,
      track: null,
    });
    // Taken from mjvScene.camera of MuJoCo 3.14 for this model, without the eye's stereo offset.
    close(control.forward, [-0.469846, 0.813798, -0.34202]);
    close(control.up, [-0.17101, 0.296198, 0.939693]);
    close(control.eye, [1.509539, -2.241393, 1.72606]);
    close(camera.position, [1.509539, -2.241393, 1.72606]);
    close(new Vector3(0, 0, -1).applyQuaternion(camera.quaternion), [-0.469846, 0.813798, -0.34202]);
    close([control.lens.bottom, control.lens.top], [-0.008284, 0.008284]);
    close([control.lens.near, control.lens.far], [0.02, 100]);
  });

  it('opens on the fixed camera that the model names', () => {
    const { control } = setup({ cameraid: 1 });
    expect(control.get().fixed).toBe(1);
  });

  it('draws what it looks at in the middle, and right of it to the right', () => {
    const { control, camera } = setup();
    close(new Vector3(0.1, 0.2, 0.7).project(camera), [0, 0]);
    const right = new Vector3(0.1, 0.2, 0.7).addScaledVector(control.right, 0.5).project(camera);
    expect(right.x).toBeGreaterThan(0.1);
    expect(right.y).toBeCloseTo(0);
  });

  it('orbits, pans over the ground and zooms by native amounts', () => {
    const { control, show } = setup();
    control.orbit(0.1, 0.05);
    expect(control.get().azimuth).toBeCloseTo(102);
    expect(control.get().elevation).toBeCloseTo(-29);
    show();
    // mjv_moveCamera with mjMOUSE_MOVE_H gave these for 0.1 to the right, then 0.1 down.
    control.panOnGround(0.1, 0);
    close(control.get().lookat, [-0.143097, 0.148328, 0.7]);
    control.panOnGround(0, 0.1);
    close(control.get().lookat, [-0.194769, 0.391425, 0.7]);
    // And 2.635081 for a zoom by 0.05: the exponential agrees to first order.
    expect(3 * control.zoomFactor(0.05)).toBeCloseTo(2.635, 1);
    expect(control.zoomFactor(0.05) * control.zoomFactor(-0.05)).toBeCloseTo(1);
  });

  it('keeps the elevation within the poles and the azimuth within a turn', () => {
    const { control } = setup();
    control.orbit(-1, 2);
    expect(control.get().elevation).toBe(-90);
    expect(control.get().azimuth).toBeCloseTo(-60);
  });

  it('pans so that what is looked at stays under the pointer', () => {
    const { control, camera, show } = setup();
    control.pan(0.25, -0.1);
    show();
    const seen = new Vector3(0.1, 0.2, 0.7).project(camera);
    // A quarter of the height to the right is half of it in NDC, less the aspect; a tenth up is 0.2.
    close(seen, [0.5 / (4 / 3), 0.2]);
  });

  it('zooms towards a point, which keeps its place', () => {
    const { control, camera, show } = setup();
    const point = new Vector3();
    control.pointAt(0.5, -0.3, 3, point);
    control.zoom(0.5, 0.5, -0.3);
    show();
    close(point.project(camera), [0.5, -0.3]);
    expect(control.get().distance).toBeCloseTo(1.5);
  });

  it('stops zooming before the model is lost', () => {
    const { control, show } = setup();
    control.zoom(1e-9);
    expect(control.get().distance).toBeCloseTo(0.02);
    show();
    control.zoom(1e9);
    expect(control.get().distance).toBeCloseTo(90);
  });
});

describe('the field of view', () => {
  it('widens in a tall window so that an extent still fits across', () => {
    const { control, show } = setup();
    show(0.46);
    const width = control.lens.heightAt(3) * 0.46;
    expect(width).toBeGreaterThan(1.98);
    show(1);
    expect(control.lens.heightAt(3)).toBeCloseTo(2 * 3 * Math.tan(Math.PI / 8));
  });

  it('of an orthographic model spans fovy metres at the default distance and follows the zoom', () => {
    const { control, camera, show } = setup({ orthographic: 1, fovy: 3 });
    expect(control.lens.heightAt(1)).toBeCloseTo(3);
    control.zoom(0.5);
    show();
    expect(control.lens.heightAt(1)).toBeCloseTo(1.5);
    expect(camera.projectionMatrix.elements[15]).toBe(1);
    close(control.ray(0, 0).direction, control.forward.toArray());
  });
});

describe('a fixed camera', () => {
  it('stands where the frame has it and sees its own field', () => {
    const { control, camera, show } = setup();
    control.set({ fixed: 0 });
    show();
    close(camera.position, [1, 2, 3]);
    close(new Vector3(1, 1, 3).project(camera), [0, 0]);
    expect(control.lens.top / control.lens.near).toBeCloseTo(Math.tan(Math.PI / 12));
  });

  it('with a sensor has its focal length and principal point', () => {
    const { control, show } = setup();
    control.set({ fixed: 1 });
    show(0.00666667 / 0.004);
    // mjvScene.camera gave: centre 0.000667, half width 0.006667, bottom -0.0056, top 0.0024.
    const { left, right, bottom, top } = control.lens;
    close([(left + right) / 2, (right - left) / 2, bottom, top], [0.000667, 0.006667, -0.0056, 0.0024]);
    show(4);
    expect(control.lens.right - control.lens.left).toBeCloseTo(4 * 0.008);
  });

  it('goes on as the free camera, from the same eye, when moved by hand', () => {
    const { control, show } = setup();
    control.set({ fixed: 0 });
    show();
    control.orbit(0, 0);
    show();
    expect(control.get().fixed).toBeNull();
    close(control.eye, [1, 2, 3]);
    close(control.forward, [0, -1, 0]);
  });
});

describe('following a body', () => {
  it('looks at the centre of mass of its subtree', () => {
    const { control, camera, show } = setup();
    control.follow(1);
    show();
    // Body 2's mass 3 sits one metre along its own z, which is the world's x: at (3, 1, 1).
    close(control.get().lookat, [2.5, 1, 1]);
    close(new Vector3(2.5, 1, 1).project(camera), [0, 0]);
    expect(control.get().track).toBe(1);
  });

  it('ends when the person pans or names another point', () => {
    const { control, show } = setup();
    control.follow(1);
    show();
    control.pan(0.1, 0);
    expect(control.get().track).toBeNull();
    control.set({ track: 2 });
    control.set({ lookat: [0, 0, 0] });
    expect(control.get().track).toBeNull();
  });

  it('glides there from where it was', () => {
    const { control, show } = setup({}, false);
    const before = control.eye.clone();
    control.follow(1);
    show(1, 1000);
    close(control.eye, before.toArray());
    show(1, 1100);
    const travelled = control.eye.distanceTo(before);
    expect(travelled).toBeGreaterThan(0.1);
    show(1, 1250);
    expect(control.eye.distanceTo(before)).toBeGreaterThan(travelled);
    close(control.eye.clone().addScaledVector(control.forward, 3), [2.5, 1, 1]);
  });
});

describe('looking at a point', () => {
  it('names it at once and glides the picture', () => {
    const { control, show } = setup({}, false);
    const before = control.eye.clone();
    control.lookAt([1, 0, 0]);
    expect(control.get().lookat).toEqual([1, 0, 0]);
    show(1, 10);
    close(control.eye, before.toArray());
    show(1, 260);
    close(control.eye.clone().addScaledVector(control.forward, 3), [1, 0, 0]);
  });

  it('does not glide where less motion is wanted', () => {
    const { control, show } = setup({}, true);
    control.lookAt([1, 0, 0]);
    show();
    close(control.eye.clone().addScaledVector(control.forward, 3), [1, 0, 0]);
  });
});

describe('points on the screen', () => {
  it('project and unproject are inverse', () => {
    const { control } = setup();
    const point = new Vector3();
    control.pointAt(0.3, -0.6, 2.5, point);
    control.project(point, point);
    close(point, [0.3, -0.6, 2.5]);
  });

  it('a ray passes through what it is drawn over', () => {
    const { control } = setup();
    const { origin, direction } = control.ray(0.3, -0.6);
    expect(Math.hypot(...direction)).toBeCloseTo(1);
    const along = new Vector3(...origin).addScaledVector(new Vector3(...direction), 5);
    control.project(along, along);
    close([along.x, along.y], [0.3, -0.6]);
  });

  it('tells of every change', () => {
    const { control, changes } = setup();
    const before = changes();
    control.orbit(0.1, 0);
    control.set({ distance: 2 });
    expect(changes()).toBe(before + 2);
  });
});
