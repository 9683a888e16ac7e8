import {
  BufferAttribute,
  CustomBlending,
  DynamicDrawUsage,
  GLSL3,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  Mesh,
  OneFactor,
  OneMinusSrcAlphaFactor,
  RawShaderMaterial,
  Vector2,
  type Texture,
  type WebGLRenderer,
} from 'three';
import type { CameraControl } from './camera';
import { BOX_SIZE, SIZE_SIZE, drawLabels } from './label_atlas';
import { LabelLayout } from './label_layout';
import { PLACE_SIZE } from './label_place';

const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
// Device pixels; and how many of them make a CSS pixel.
uniform vec2 viewport;
uniform float pixelRatio;
// How far above its anchor a name hangs, CSS px.
uniform float lift;
in vec2 corner;
in vec4 place;
in vec4 box;
in vec2 size;
out vec2 vUv;
flat out float vAlpha;
void main() {
  vUv = box.xy + corner * box.zw;
  vAlpha = place.w;
  vec4 at = projectionMatrix * viewMatrix * vec4(place.xyz, 1.0);
  // Whole pixels keep letters sharp.
  vec2 pixel = floor((at.xy / at.w * 0.5 + 0.5) * viewport + 0.5);
  vec2 px = size * pixelRatio;
  pixel += vec2(floor((corner.x - 0.5) * px.x), (0.5 - corner.y) * px.y + lift * pixelRatio);
  gl_Position = vec4(2.0 * pixel / viewport - 1.0, 0.0, 1.0);
  // Behind the eye, or nowhere: outside the picture.
  if (place.w == 0.0 || at.w <= 0.0 || at.z < -at.w) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
uniform sampler2D map;
in vec2 vUv;
flat in float vAlpha;
layout(location = 0) out vec4 outColor;
void main() {
  outColor = vAlpha * texture(map, vUv);
}
`;

/** Names in the scene: one texture of all names, one draw call, and per picture nothing but their places. */
export class LabelMesh {
  readonly object: Mesh<InstancedBufferGeometry, RawShaderMaterial>;
  /** Of each text, {@link PLACE_SIZE} floats; to be written before {@link arrange}. */
  places = new Float32Array(0);
  private readonly uniforms = {
    // Measured with the first picture; until then a size in which names find room.
    viewport: { value: new Vector2(1280, 720) },
    pixelRatio: { value: 1 },
    lift: { value: 0 },
    map: { value: null as Texture | null },
  };
  private layout: LabelLayout | null = null;
  private attribute = new InstancedBufferAttribute(this.places, PLACE_SIZE);
  /** What the atlas was drawn from. */
  private drawn = '';

  /** @param lift how far above its place a name hangs, CSS px */
  constructor(lift: number) {
    this.uniforms.lift.value = lift;
    const material = new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: this.uniforms,
      // Drawn after everything that is not.
      transparent: true,
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

  /**
   * Draws other texts, if they are others.
   *
   * @param pixelRatio device pixels per CSS pixel
   * @param fills colour of the pill behind each text; without, texts have a halo
   */
  setTexts(texts: readonly string[], pixelRatio: number, fills: readonly string[] = []): void {
    const drawn = [...texts, ...fills].join('\n');
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    const atlas = drawLabels(texts, pixelRatio, fills);
    this.uniforms.map.value?.dispose();
    this.uniforms.map.value = atlas.texture;
    this.object.geometry.dispose();
    const geometry = new InstancedBufferGeometry();
    geometry.setAttribute('corner', new BufferAttribute(Float32Array.of(0, 0, 0, 1, 1, 1, 1, 0), 2));
    geometry.setIndex([0, 1, 2, 0, 2, 3]);
    geometry.instanceCount = atlas.count;
    this.layout = new LabelLayout(atlas.sizes.subarray(0, SIZE_SIZE * atlas.count));
    this.places = new Float32Array(PLACE_SIZE * texts.length);
    this.attribute = new InstancedBufferAttribute(this.places, PLACE_SIZE);
    this.attribute.setUsage(DynamicDrawUsage);
    geometry.setAttribute('place', this.attribute);
    geometry.setAttribute('box', new InstancedBufferAttribute(atlas.boxes, BOX_SIZE));
    geometry.setAttribute('size', new InstancedBufferAttribute(atlas.sizes, SIZE_SIZE));
    this.object.geometry = geometry;
  }

  /** Takes the places as they are now, hiding names that would cover others. */
  arrange(camera: CameraControl): void {
    const { viewport, pixelRatio } = this.uniforms;
    const ratio = pixelRatio.value;
    this.layout?.arrange(this.places, camera, viewport.value.x / ratio, viewport.value.y / ratio);
    this.attribute.needsUpdate = true;
  }

  dispose(): void {
    this.object.removeFromParent();
    this.object.geometry.dispose();
    this.object.material.dispose();
    this.uniforms.map.value?.dispose();
  }

  private measure(renderer: WebGLRenderer): void {
    renderer.getDrawingBufferSize(this.uniforms.viewport.value);
    this.uniforms.pixelRatio.value = renderer.getPixelRatio();
  }
}
