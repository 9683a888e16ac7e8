import { DELTA_ROW } from '../face/head/pack';

/** What the shaders of all heads have in common, ours and those from files. */

const TURNED = /* glsl */ `
vec3 turned(vec4 quat, vec3 p) {
  return p + 2.0 * cross(quat.xyz, cross(quat.xyz, p) + quat.w * p);
}
`;

/** What a vertex is given. */
export const HEAD_INPUTS = /* glsl */ `
precision highp float;
precision highp sampler2D;
uniform mat4 modelMatrix;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
// Where the picture is seen from; where the rays are parallel, the direction towards there.
uniform vec3 eyePoint;
uniform float parallel;
uniform sampler2D records;
uniform sampler2D deltas;
uniform vec3 hinge;

in vec3 position;
in vec3 normal;
in vec2 span;
in float slot;

out float vDepth;
#ifdef MIRROR
  uniform vec4 mirrorPlane;
  /** Height above the mirror. */
  out float vAbove;
#endif
`;

/**
 * What is done with a vertex, for a shader that says how vNormal and vToEye are handed on.
 *
 * A vertex knows where its displacements start and how many they are; each names its channel, whose weight is in the
 * head's record.
 */
export const HEAD_MOVES = /* glsl */ `
vec4 recordAt(int texel) {
  return texelFetch(records, ivec2(texel, int(slot)), 0);
}

void displace(inout vec3 p, inout vec3 n) {
  int first = int(span.x);
  for (int i = 0; i < int(span.y); i++) {
    int at = 2 * (first + i);
    vec4 d = texelFetch(deltas, ivec2(at % ${DELTA_ROW}, at / ${DELTA_ROW}), 0);
    int channel = int(d.w);
    float w = recordAt(channel >> 2)[channel & 3];
    if (w == 0.0) continue;
    p += w * d.xyz;
    n += w * texelFetch(deltas, ivec2((at + 1) % ${DELTA_ROW}, (at + 1) / ${DELTA_ROW}), 0).xyz;
  }
}

void turnY(inout vec3 p, float a) {
  float c = cos(a), s = sin(a);
  p.xz = vec2(c * p.x + s * p.z, c * p.z - s * p.x);
}

void turnZ(inout vec3 p, float a) {
  float c = cos(a), s = sin(a);
  p.xy = vec2(c * p.x - s * p.y, s * p.x + c * p.y);
}

void turnJaw(inout vec3 p, inout vec3 n, float a) {
  p -= hinge;
  turnY(p, a);
  turnY(n, a);
  p += hinge;
}

/** Gaze, of a point told from the eye's centre. */
void turnEye(inout vec3 p, inout vec3 n, vec2 yawPitch) {
  turnY(p, yawPitch.y);
  turnY(n, yawPitch.y);
  turnZ(p, yawPitch.x);
  turnZ(n, yawPitch.x);
}
${TURNED}
/** From the head's frame to where the record says at a texel, and to the picture. */
void stand(vec3 p, vec3 n, int at) {
  vec4 quat = recordAt(at);
  vec4 place = recordAt(at + 1);
  vec3 world = place.xyz + place.w * turned(quat, p);
  vNormal = turned(quat, n);
  // What is seen in a mirror is lit as it is, and seen from the mirrored eye.
  vToEye = (modelMatrix * vec4(eyePoint, 1.0 - parallel)).xyz - (1.0 - parallel) * world;
  vec4 eyed = viewMatrix * modelMatrix * vec4(world, 1.0);
  vDepth = -eyed.z;
  #ifdef MIRROR
    vAbove = dot(mirrorPlane, vec4(world, 1.0));
  #endif
  gl_Position = projectionMatrix * eyed;
}
`;

/**
 * A head that casts a shadow does so with its face at rest: nobody will see it in the shadow.
 *
 * @param place the texel of a record where its place begins
 */
export function casterVertex(place: number): string {
  return /* glsl */ `
precision highp float;
precision highp sampler2D;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
uniform sampler2D records;
in vec3 position;
in float slot;
${TURNED}
void main() {
  vec4 quat = texelFetch(records, ivec2(${place}, int(slot)), 0);
  vec4 place = texelFetch(records, ivec2(${place + 1}, int(slot)), 0);
  gl_Position = projectionMatrix * viewMatrix * vec4(place.xyz + place.w * turned(quat, position), 1.0);
}
`;
}

/**
 * The light of heads, of their own in any scene: soft, over the viewer's shoulder, so that a face is legible.
 *
 * Colours are squared and rooted for a shading that is nearly linear.
 */
export const HEAD_LIGHT = /* glsl */ `
precision highp float;
precision highp sampler2D;
/** Direction to the main light, world; and how bright a scene is, 1 is a lit room. */
uniform vec3 keyDirection;
uniform float exposure;
// rgb and whether there is any; start and end, m.
uniform vec4 fog;
uniform vec2 fogRange;
#ifdef MIRROR
  uniform float mirrorReflectance;
  in float vAbove;
#endif
in float vDepth;
layout(location = 0) out vec4 outColor;

// A head that is partly seen is a screen of dots: what is opaque needs no order.
const int SCREEN[16] = int[](0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5);

/** Whether nothing is seen here of a head of which so much is seen, 0 to 1. */
bool hidden(float seen) {
  #ifdef MIRROR
    if (vAbove < 0.0) return true;
  #endif
  ivec2 at = ivec2(gl_FragCoord.xy) & 3;
  return seen < 1.0 && 16.0 * seen <= float(SCREEN[4 * at.y + at.x]);
}

/** Light on a surface, which is open (1) or in a fold (0); bleed is what light takes on in it. */
vec3 lit(vec3 albedo, vec3 n, vec3 v, float open, vec3 bleed, float gloss, float sharp) {
  float wrap = smoothstep(-0.75, 0.95, dot(n, keyDirection));
  float hollow = mix(0.55, 1.0, open);
  vec3 shadow = mix(vec3(0.4, 0.4, 0.46), bleed, 0.3);
  vec3 light = mix(shadow, vec3(1.07, 1.04, 1.0), wrap) + 0.07 * n.z;
  // Light that has wandered through the surface warms folds and the edge of the shadow.
  vec3 warm = mix(vec3(1.0), bleed / max(max(bleed.r, bleed.g), max(bleed.b, 0.05)), 0.45 * (1.0 - open));
  vec3 c = albedo * light * hollow * warm;
  vec3 h = normalize(v + keyDirection);
  float fresnel = pow(1.0 - max(dot(n, v), 0.0), 4.0);
  c += gloss * (0.3 + 0.7 * fresnel) * pow(max(dot(n, h), 0.0), sharp) * open;
  // A rim from behind and above sets the head off from any background.
  c += (0.05 + 0.35 * gloss) * fresnel * smoothstep(-0.5, 0.8, n.z) * vec3(0.85, 0.95, 1.1) * open;
  return c;
}

/** What is to be seen of a colour: as bright as the scene is, in its mirror and its fog. */
vec3 shown(vec3 c) {
  c = sqrt(clamp(c * exposure, 0.0, 1.0));
  #ifdef MIRROR
    c *= mirrorReflectance;
  #endif
  if (fog.a > 0.0) c = mix(c, fog.rgb, clamp((vDepth - fogRange.x) / (fogRange.y - fogRange.x), 0.0, 1.0));
  return c;
}
`;
