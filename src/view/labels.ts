import {
  CustomBlending,
  DynamicDrawUsage,
  GLSL3,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  BufferAttribute,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  Vector2,
  type Texture,
  type WebGLRenderer,
} from 'three';
import type { ViewOptions } from '../core/picture';
import type { Frame } from '../core/frame';
import type { ModelCopy } from '../core/model';
import type { CameraControl } from './camera';
import { BOX_SIZE, SIZE_SIZE, drawLabels } from './label_atlas';
import { LabelLayout } from './label_layout';
import { LabelSet, PLACE_SIZE } from './label_set';

/** How far above its anchor a name hangs, CSS px. */
const LIFT_PX = 12;

const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
// Device pixels; and how many of them make a CSS pixel.
uniform vec2 viewport;
uniform float pixelRatio;
in vec2 corner;
in vec4 place;
in vec4 box;
in vec2 size;
out vec2 vUv;
void main() {
  vUv = box.xy + corner * box.zw;
  vec4 at = projectionMatrix * viewMatrix * vec4(place.xyz, 1.0);
  // Whole pixels keep letters sharp.
  vec2 pixel = floor((at.xy / at.w * 0.5 + 0.5) * viewport + 0.5);
  vec2 px = size * pixelRatio;
  pixel += vec2(floor((corner.x - 0.5) * px.x), (0.5 - corner.y) * px.y + ${LIFT_PX}.0 * pixelRatio);
  gl_Position = vec4(2.0 * pixel / viewport - 1.0, 0.0, 1.0);
  // Behind the eye, or nowhere: outside the picture.
  if (place.w == 0.0 || at.w <= 0.0 || at.z < -at.w) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
uniform sampler2D map;
in vec2 vUv;
layout(location = 0) out vec4 outColor;
void main() {
  outColor = texture(map, vUv);
}
`;

/**
 * The names of things, hung above them in the scene: one texture of all names, one draw call, and per picture
 * nothing but their places.
 */
export class Labels {
  readonly object: Mesh<InstancedBufferGeometry, RawShaderMaterial>;
  private readonly uniforms = {
    viewport: { value: new Vector2(1, 1) },
    pixelRatio: { value: 1 },
    map: { value: null as Texture | null },
  };
  private set: LabelSet | null = null;
  private layout: LabelLayout | null = null;
  private values = new Float32Array(0);
  private places = new InstancedBufferAttribute(this.values, PLACE_SIZE);
  private model: ModelCopy | null = null;
  private options: ViewOptions | null = null;
  private selected: number | null = null;
  /** What the atlas was drawn from. */
  private drawn = '';

  constructor() {
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: this.uniforms,
      depthTest: false,
      depthWrite: false,
      blending: CustomBlending,
      blendSrc: OneFactor,
      blendDst: OneMinusSrcAlphaFactor,
    });
    this.object = new Mesh(new InstancedBufferGeometry(), material);
    this.object.frustumCulled = false;
    this.object.visible = false;
    this.object.onBeforeRender = (renderer) => this.measure(renderer);
  }

  setModel(model: ModelCopy): void {
    this.model = model;
    this.rebuild();
  }

  setOptions(options: ViewOptions): void {
    this.options = options;
    this.rebuild();
  }

  /** @param body the selected body, or null */
  setSelection(body: number | null): void {
    this.selected = body;
    if (this.options?.label === 'selection') this.rebuild();
  }

  /** Puts the names where a frame and the camera, already in place, have them. */
  update(frame: Frame, camera: CameraControl): void {
    if (this.set === null || this.layout === null || !this.object.visible) return;
    const { viewport, pixelRatio } = this.uniforms;
    this.set.place(frame, this.values);
    this.layout.arrange(
      this.values,
      camera,
      viewport.value.x / pixelRatio.value,
      viewport.value.y / pixelRatio.value,
    );
    this.places.needsUpdate = true;
  }

  dispose(): void {
    this.object.removeFromParent();
    this.object.geometry.dispose();
    this.object.material.dispose();
    this.uniforms.map.value?.dispose();
  }

  private rebuild(): void {
    const { model, options, selected } = this;
    if (model === null || options === null) return;
    this.set = new LabelSet(model, options, selected);
    const { texts } = this.set;
    this.object.visible = texts.length > 0;
    const drawn = texts.join('\n');
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const atlas = drawLabels(texts, Math.min(window.devicePixelRatio, options.maxPixelRatio));
    this.uniforms.map.value?.dispose();
    this.uniforms.map.value = atlas.texture;
    this.object.geometry.dispose();
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('corner', new BufferAttribute(Float32Array.of(0, 0, 0, 1, 1, 1, 1, 0), 2));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    geometry.instanceCount = atlas.count;
    this.layout = new LabelLayout(atlas.sizes.subarray(0, SIZE_SIZE * atlas.count));
    this.values = new Float32Array(PLACE_SIZE * texts.length);
    this.places = new InstancedBufferAttribute(this.values, PLACE_SIZE);
    this.places.setUsage(DynamicDrawUsage);
    geometry.setAttribute('place', this.places);
    geometry.setAttribute('box', new InstancedBufferAttribute(atlas.boxes, BOX_SIZE));
    geometry.setAttribute('size', new InstancedBufferAttribute(atlas.sizes, SIZE_SIZE));
    this.object.geometry = geometry;
  }

  private measure(renderer: WebGLRenderer): void {
    renderer.getDrawingBufferSize(this.uniforms.viewport.value);
    this.uniforms.pixelRatio.value = renderer.getPixelRatio();
  }
}
