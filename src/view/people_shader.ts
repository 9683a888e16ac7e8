/**
 * Marks of people on the screen: a little frustum where each one's eye is, a ray and a dot where they point. Every
 * part is a quad laid out in CSS px, so that marks have one size in models of any size.
 */

/** Kinds of quads, as `part` has them. */
export const PART = { edge: 0, ray: 1, dot: 2, face: 3, eye: 4 } as const;

export const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
uniform vec2 viewport;
uniform float pixelRatio;
in vec2 corner;
in float part;
// Ends of an edge: x right, y up, z forward, in units of the frustum's depth.
in vec3 start;
in vec3 end;
in vec3 eye;
in vec3 lookat;
in vec3 hit;
in vec3 color;
// How strongly the person and their pointing show, 0..1.
in vec2 strength;
// 0 for somebody with a head.
in float mark;
out vec2 vAt;
out float vLength;
out float vAlpha;
flat out vec3 vColor;
flat out float vPart;

const float SIZE = 26.0;
const float REACH = 12.0;
const float NEARER = 0.98;
// Clip-space w before which a line is cut off, m.
const float NEAREST = 1e-4;

vec4 clip(vec3 world, float nearer) {
  return projectionMatrix * vec4((viewMatrix * vec4(world, 1.0)).xyz * nearer, 1.0);
}

void main() {
  vec2 px = viewport / pixelRatio;
  vColor = color;
  vPart = part;
  vLength = 0.0;
  vAlpha = strength.x * mark;
  vec4 at = clip(eye, 1.0);
  vec3 forward = normalize(lookat - eye + vec3(0.0, 1e-6, 0.0));
  vec3 right = cross(forward, vec3(0.0, 0.0, 1.0));
  right = dot(right, right) > 1e-6 ? normalize(right) : vec3(1.0, 0.0, 0.0);
  float size = SIZE * 2.0 * at.w / (projectionMatrix[1][1] * px.y);
  mat3 frame = size * mat3(right, cross(right, forward), forward);

  bool gone = false;
  vec2 pixel;
  float depth;
  if (part == ${PART.edge}.0 || part == ${PART.ray}.0) {
    bool ray = part == ${PART.ray}.0;
    vec4 a = ray ? at : clip(eye + frame * start, 1.0);
    vec4 b = ray ? clip(hit, NEARER) : clip(eye + frame * end, 1.0);
    if (ray) {
      vAlpha = strength.y * mix(strength.x, 1.0, corner.x);
      // The other's eye may well be behind one's own.
      if (a.w < NEAREST && b.w > NEAREST) a = mix(a, b, (NEAREST - a.w) / (b.w - a.w));
    }
    gone = a.w < NEAREST || b.w < NEAREST;
    vec2 from = (a.xy / a.w * 0.5 + 0.5) * px;
    vec2 to = (b.xy / b.w * 0.5 + 0.5) * px;
    float far = length(to - from);
    vec2 along = far > 0.01 ? (to - from) / far : vec2(0.0, 1.0);
    vLength = far;
    vAt = vec2(corner.x * (far + 6.0) - 3.0, (corner.y - 0.5) * 6.0);
    pixel = from + along * vAt.x + vec2(-along.y, along.x) * vAt.y;
    depth = mix(a.z / a.w, b.z / b.w, far > 0.0 ? clamp(vAt.x / far, 0.0, 1.0) : 0.0);
  } else if (part == ${PART.face}.0) {
    vec4 a = clip(eye + frame * start, 1.0);
    gone = a.w < NEAREST;
    pixel = (a.xy / a.w * 0.5 + 0.5) * px;
    depth = a.z / a.w;
    vAt = vec2(0.0);
  } else {
    bool dot = part == ${PART.dot}.0;
    vec4 a = dot ? clip(hit, NEARER) : at;
    if (dot) vAlpha = strength.y;
    gone = a.w < NEAREST;
    vAt = (corner - 0.5) * 2.0 * REACH;
    pixel = (a.xy / a.w * 0.5 + 0.5) * px + vAt;
    depth = a.z / a.w;
  }
  gl_Position = vec4(2.0 * pixel / px - 1.0, depth, 1.0);
  if (gone || vAlpha <= 0.0) gl_Position = vec4(2.0, 2.0, 2.0, 1.0);
}
`;

export const FRAGMENT = /* glsl */ `
precision highp float;
uniform float alpha;
in vec2 vAt;
in float vLength;
in float vAlpha;
flat in vec3 vColor;
flat in float vPart;
layout(location = 0) out vec4 outColor;

// Distance to a line of this half width, CSS px, negative inside.
float segment(vec2 p, float end, float width) {
  p.x -= clamp(p.x, 0.0, end);
  return length(p) - width;
}

void main() {
  if (vPart == ${PART.face}.0) {
    outColor = vec4(vColor, 0.3 * alpha * vAlpha);
    return;
  }
  float d;
  float halo = 0.0;
  if (vPart == ${PART.edge}.0) d = segment(vAt, vLength, 0.75);
  else if (vPart == ${PART.ray}.0) d = segment(vAt, vLength, 0.6);
  else if (vPart == ${PART.dot}.0) {
    d = length(vAt) - 3.5;
    halo = 0.3 * (1.0 - smoothstep(9.0, 10.0, length(vAt)));
  } else d = length(vAt) - 3.0;
  float soft = max(fwidth(d), 0.01);
  float fill = 1.0 - smoothstep(-soft, soft, d);
  float outline = 1.0 - smoothstep(-soft, soft, d - 1.0);
  float ink = max(mix(0.5 * outline, 1.0, fill), halo);
  if (ink <= 0.0) discard;
  outColor = vec4(mix(vec3(0.03, 0.05, 0.06), vColor, max(fill, 1.0 - step(0.01, outline))), alpha * vAlpha * ink);
}
`;
