import type { WebGLRenderer } from 'three';
import type { ViewOptions } from '../core/picture';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { CameraControl } from './camera';
import { Deformables } from './deformables';
import { Geoms, findReflector, geomLook } from './geoms';
import { Lights } from './lights';
import { Planes } from './planes';
import { Reflection } from './reflections';
import { Shadows } from './shadows';
import { Shapes } from './shapes';
import { Sky } from './sky';
import type { Stage } from './stage';
import { Textures } from './textures';
import { Vgeoms } from './vgeoms';
import { visualNumber } from './visual';

/** What is made from a model once, whatever the options. */
export class Assets {
  readonly model: ModelCopy;
  readonly shapes: Shapes;
  readonly textures: Textures;

  constructor(model: ModelCopy) {
    this.model = model;
    this.shapes = new Shapes(model);
    this.textures = new Textures(model);
  }

  /** Frees what is on the graphics card; it is put there again when used. */
  dispose(): void {
    this.textures.dispose();
  }
}

/** Everything drawn of one model under one set of options; made anew when either changes. */
export class Picture {
  readonly #stage: Stage;
  readonly #lights: Lights;
  readonly #shadows: Shadows;
  readonly #geoms: Geoms;
  readonly #planes: Planes;
  readonly #vgeoms: Vgeoms;
  readonly #deformables: Deformables;
  readonly #sky: Sky | null;
  readonly #reflection: Reflection | null;

  constructor({ model: m, shapes, textures }: Assets, options: ViewOptions, stage: Stage) {
    this.#stage = stage;
    const { materials } = stage;
    materials.wireframe = options.wireframe;
    this.#lights = new Lights(m, options.shadows, materials);
    this.#shadows = new Shadows(m, this.#lights.shadowed, materials);
    setFog(m, options, stage);

    const reflector = findReflector(m, options);
    const parts = [m, options, stage, shapes, textures] as const;
    this.#geoms = new Geoms(...parts, reflector);
    this.#planes = new Planes(...parts, reflector);
    this.#vgeoms = new Vgeoms(...parts);
    this.#deformables = new Deformables(m, options, stage, textures);
    this.#sky = Sky.make(...parts, this.#planes.infinite);
    this.#reflection =
      reflector < 0 || !options.reflections
        ? null
        : new Reflection(m, reflector, geomLook(m, options, reflector).reflectance, stage, shapes);
  }

  select(body: number | null): void {
    this.#geoms.select(body);
  }

  /** Brings everything to where the frame and the camera have it. */
  update(frame: Frame, { eye, forward }: Pick<CameraControl, 'eye' | 'forward'>): void {
    this.#lights.update(frame, forward);
    this.#geoms.update(frame, eye);
    this.#planes.update(frame, eye);
    this.#vgeoms.update(frame, eye);
    this.#deformables.update(frame, eye);
    this.#reflection?.update(frame, eye);
    this.#sky?.update(frame, eye);
    this.#stage.sort();
  }

  renderShadows(renderer: WebGLRenderer, frame: Frame): void {
    this.#shadows.render(renderer, this.#stage.casters, frame);
  }

  dispose(): void {
    this.#reflection?.dispose();
    this.#sky?.dispose();
    this.#deformables.dispose();
    this.#vgeoms.dispose();
    this.#planes.dispose();
    this.#geoms.dispose();
    this.#shadows.dispose();
  }
}

function setFog(m: ModelCopy, options: ViewOptions, { materials }: Stage): void {
  const { fog, fogRange } = materials.uniforms;
  const rgba = m.vis.rgba['fog'];
  const [r = 0, g = 0, b = 0] = Array.isArray(rgba) ? rgba : [];
  fog.value.set(r, g, b, options.fog ? 1 : 0);
  fogRange.value.set(
    visualNumber(m, 'map', 'fogstart', 3) * m.stat.extent,
    visualNumber(m, 'map', 'fogend', 10) * m.stat.extent,
  );
}
