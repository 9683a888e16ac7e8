import {
  AlwaysDepth,
  BufferAttribute,
  Color,
  DynamicDrawUsage,
  GLSL3,
  Group,
  InstancedBufferAttribute,
  InstancedBufferGeometry,
  InstancedInterleavedBuffer,
  InterleavedBufferAttribute,
  LessEqualDepth,
  Mesh,
  NormalBlending,
  RawShaderMaterial,
  Vector2,
  type WebGLRenderer,
} from 'three';
import { DRAG, HEADER, MAX_DRAGS, type Frame } from '../core/frame';
import type { Person } from './people';

/** The interface's accent on dark ground: bright enough for any scene, and outlined for bright ones. */
const COLOR = '#55d3bb';
/** Behind other things a pull still shows, this strongly. */
const HIDDEN_ALPHA = 0.35;

/**
 * All pulls in one mesh: per pull a quad that is, by `part`, the line (0), the ring at the grabbed point (1) or the
 * head at the target (2), laid out on the screen. Lengths are CSS px.
 */
const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
uniform vec2 viewport;
uniform float pixelRatio;
in vec2 corner;
in float part;
in float mode;
in vec3 point;
in vec3 target;
in vec3 color;
out vec2 vAt;
flat out vec3 vColor;
out float vLength;
flat out float vPart;
flat out float vMode;

const float RING = 7.0;
const float HEAD = 13.0;
const float REACH = 13.0;
const float NEARER = 0.97;

void main() {
  vec4 seenA = viewMatrix * vec4(point, 1.0);
  vec4 seenB = viewMatrix * vec4(target, 1.0);
  vec4 a = projectionMatrix * seenA;
  vec4 b = projectionMatrix * seenB;
  // A little nearer in depth alone: the grabbed point lies on a surface, which must not cut its ring.
  vec4 nearA = projectionMatrix * vec4(seenA.xyz * NEARER, 1.0);
  vec4 nearB = projectionMatrix * vec4(seenB.xyz * NEARER, 1.0);
  vec2 px = viewport / pixelRatio;
  vec2 from = (a.xy / a.w * 0.5 + 0.5) * px;
  vec2 to = (b.xy / b.w * 0.5 + 0.5) * px;
  float far = length(to - from);
  vec2 along = far > 0.01 ? (to - from) / far : vec2(0.0, 1.0);
  vec2 across = vec2(-along.y, along.x);
  vec2 at;
  float depth;
  vPart = part;
  vMode = mode;
  vColor = color;
  vLength = max(far - RING - HEAD * 0.6, 0.0);
  if (part == 0.0) {
    vAt = vec2(corner.x * (vLength + 4.0) - 2.0, (corner.y - 0.5) * 8.0);
    at = from + along * (RING + vAt.x) + across * vAt.y;
    depth = mix(nearA.z / nearA.w, nearB.z / nearB.w, far > 0.0 ? clamp((RING + vAt.x) / far, 0.0, 1.0) : 0.0);
  } else {
    vAt = (corner - 0.5) * 2.0 * REACH * (part == 1.0 && mode == 1.0 ? 2.0 : 1.0);
    at = (part == 1.0 ? from : to) + along * vAt.x + across * vAt.y;
    depth = part == 1.0 ? nearA.z / nearA.w : nearB.z / nearB.w;
  }
  gl_Position = vec4(2.0 * at / px - 1.0, depth, 1.0);
  // A line needs some length, a head some distance; and nothing is drawn from behind the eye.
  bool gone = a.w <= 0.0 || b.w <= 0.0 || (part != 1.0 && (far < RING + HEAD || mode == 1.0));
  if (gone) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
`;

const FRAGMENT = /* glsl */ `
precision highp float;
uniform float alpha;
in vec2 vAt;
flat in vec3 vColor;
in float vLength;
flat in float vPart;
flat in float vMode;
layout(location = 0) out vec4 outColor;

// Distances to the shapes, CSS px, negative inside.
float segment(vec2 p, float end) {
  p.x -= clamp(p.x, 0.0, end);
  return length(p) - 1.25;
}
float head(vec2 p) {
  // A triangle with its tip at the origin.
  vec2 q = vec2(-p.x, abs(p.y));
  return max(q.x - 11.0, dot(q, vec2(-0.4472, 0.8944)));
}

void main() {
  float d;
  if (vPart == 0.0) d = segment(vAt, vLength);
  else if (vPart == 1.0) d = abs(length(vAt) - (vMode == 1.0 ? 20.0 : 5.5)) - 1.25;
  else d = head(vAt);
  float soft = max(fwidth(d), 0.01);
  float fill = 1.0 - smoothstep(-soft, soft, d);
  float outline = 1.0 - smoothstep(-soft, soft, d - 1.25);
  if (outline <= 0.0) discard;
  float ink = mix(0.55 * outline, 1.0, fill);
  outColor = vec4(mix(vec3(0.03, 0.05, 0.06), vColor, fill), alpha * ink);
}
`;

/** Everybody's pulls: a ring where the body is held, a line and an arrow head where it is pulled to. */
export class DragArrows {
  readonly object = new Group();
  private readonly geometry = new InstancedBufferGeometry();
  private readonly records = new InstancedInterleavedBuffer(
    new Float32Array(DRAG.stride * MAX_DRAGS),
    DRAG.stride,
  );
  private readonly colours = new InstancedBufferAttribute(new Float32Array(3 * MAX_DRAGS), 3);
  /** Of those who have a colour of their own, by seat. */
  private readonly bySeat = new Map<number, Color>();
  // Exactly these colours, with no conversion, as everything in this view is drawn.
  private readonly accent = new Color().setStyle(COLOR, '');
  private readonly shared = {
    viewport: { value: new Vector2(1, 1) },
    pixelRatio: { value: 1 },
  };
  private readonly materials: readonly RawShaderMaterial[];

  constructor() {
    const { geometry, records } = this;
    records.setUsage(DynamicDrawUsage);
    const corners = [0, 0, 1, 0, 1, 1, 0, 1];
    geometry.setAttribute(
      'corner',
      new BufferAttribute(Float32Array.from([...corners, ...corners, ...corners]), 2),
    );
    geometry.setAttribute(
      'part',
      new BufferAttribute(Float32Array.of(0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2), 1),
    );
    geometry.setIndex([0, 4, 8].flatMap((at) => [at, at + 1, at + 2, at, at + 2, at + 3]));
    geometry.setAttribute('mode', new InterleavedBufferAttribute(records, 1, DRAG.mode));
    geometry.setAttribute('point', new InterleavedBufferAttribute(records, 3, DRAG.point));
    geometry.setAttribute('target', new InterleavedBufferAttribute(records, 3, DRAG.target));
    this.colours.setUsage(DynamicDrawUsage);
    geometry.setAttribute('color', this.colours);
    geometry.instanceCount = 0;
    // Faintly through everything, then fully where nothing is in front.
    this.materials = [this.material(HIDDEN_ALPHA, false), this.material(1, true)];
    for (const material of this.materials) {
      const mesh = new Mesh(geometry, material);
      mesh.frustumCulled = false;
      mesh.onBeforeRender = (renderer) => this.measure(renderer);
      this.object.add(mesh);
    }
    this.object.visible = false;
  }

  /** Gives pulls the colour of who pulls; without one they have the accent. */
  setPeople(people: readonly Person[]): void {
    this.bySeat.clear();
    for (const { seat, colour } of people) this.bySeat.set(seat, new Color().setStyle(colour, ''));
  }

  update(frame: Frame): void {
    const count = Math.min(frame.header[HEADER.dragCount] ?? 0, MAX_DRAGS);
    this.object.visible = count > 0;
    this.geometry.instanceCount = count;
    if (count === 0) return;
    const { array } = this.records;
    for (let i = 0; i < count * DRAG.stride; i++) array[i] = frame.drags[i] ?? 0;
    this.records.needsUpdate = true;
    for (let i = 0; i < count; i++) {
      const colour = this.bySeat.get(frame.drags[DRAG.stride * i + DRAG.seat] ?? -1) ?? this.accent;
      this.colours.setXYZ(i, colour.r, colour.g, colour.b);
    }
    this.colours.needsUpdate = true;
  }

  dispose(): void {
    this.object.removeFromParent();
    this.geometry.dispose();
    for (const material of this.materials) material.dispose();
  }

  private material(alpha: number, tested: boolean): RawShaderMaterial {
    return new RawShaderMaterial({
      glslVersion: GLSL3,
      vertexShader: VERTEX,
      fragmentShader: FRAGMENT,
      uniforms: { ...this.shared, alpha: { value: alpha } },
      depthFunc: tested ? LessEqualDepth : AlwaysDepth,
      depthWrite: false,
      transparent: true,
      blending: NormalBlending,
    });
  }

  private measure(renderer: WebGLRenderer): void {
    renderer.getDrawingBufferSize(this.shared.viewport.value);
    this.shared.pixelRatio.value = renderer.getPixelRatio();
  }
}
