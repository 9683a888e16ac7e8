import { DELTA_ROW } from '../face/head/pack';
import { MAX_CHANNELS } from '../face/glb/pose';

/** Texels of the record of a head from a file, 4 floats each, by offset. */
export const GLB_RECORD = {
  channels: 0,
  /** Yaw and pitch of the left eye, of the right eye. */
  eyes: MAX_CHANNELS / 4,
  /** Jaw; how much of the head is seen. */
  jaw: MAX_CHANNELS / 4 + 1,
  /** Quaternion x, y, z, w; then position and size. */
  place: MAX_CHANNELS / 4 + 2,
  texels: MAX_CHANNELS / 4 + 4,
} as const;

const TURNED = /* glsl */ `
vec3 turned(vec4 quat, vec3 p) {
  return p + 2.0 * cross(quat.xyz, cross(quat.xyz, p) + quat.w * p);
}
`;

/** Poses a head from a file: displacements, then what turns, in the head frame; then to its place. */
export const GLB_VERTEX = /* glsl */ `
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
uniform vec3 leftEye;
uniform vec3 rightEye;

in vec3 position;
in vec3 normal;
in vec2 uv;
in vec4 colour;
/** How much it follows the jaw, the left and the right eye. */
in vec3 rig;
in vec2 span;
in float slot;

out vec2 vUv;
out vec4 vColour;
out vec3 vNormal;
out vec3 vToEye;
out float vOfEye;
out float vDepth;
#ifdef MIRROR
  uniform vec4 mirrorPlane;
  /** Height above the mirror. */
  out float vAbove;
#endif
flat out float vSeen;

vec4 recordAt(int texel) {
  return texelFetch(records, ivec2(texel, int(slot)), 0);
}

void turnY(inout vec3 p, float a) {
  float c = cos(a), s = sin(a);
  p.xz = vec2(c * p.x + s * p.z, c * p.z - s * p.x);
}

void turnZ(inout vec3 p, float a) {
  float c = cos(a), s = sin(a);
  p.xy = vec2(c * p.x - s * p.y, s * p.x + c * p.y);
}

void look(inout vec3 p, inout vec3 n, vec3 centre, vec2 yawPitch, float share) {
  p -= centre;
  turnY(p, share * yawPitch.y);
  turnY(n, share * yawPitch.y);
  turnZ(p, share * yawPitch.x);
  turnZ(n, share * yawPitch.x);
  p += centre;
}

${TURNED}
void main() {
  vec3 p = position;
  vec3 n = normal;
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
  vec4 jaw = recordAt(${GLB_RECORD.jaw});
  if (rig.x > 0.0) {
    p -= hinge;
    turnY(p, rig.x * jaw.x);
    turnY(n, rig.x * jaw.x);
    p += hinge;
  }
  vec4 eyes = recordAt(${GLB_RECORD.eyes});
  if (rig.y > 0.0) look(p, n, leftEye, eyes.xy, rig.y);
  if (rig.z > 0.0) look(p, n, rightEye, eyes.zw, rig.z);

  vUv = uv;
  vColour = colour;
  vOfEye = max(rig.y, rig.z);
  vSeen = jaw.y;
  vec4 quat = recordAt(${GLB_RECORD.place});
  vec4 place = recordAt(${GLB_RECORD.place + 1});
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

/** A head that casts a shadow does so with its face at rest: nobody will see it in the shadow. */
export const GLB_CASTER_VERTEX = /* glsl */ `
precision highp float;
precision highp sampler2D;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
uniform sampler2D records;
in vec3 position;
in float slot;
${TURNED}
void main() {
  vec4 quat = texelFetch(records, ivec2(${GLB_RECORD.place}, int(slot)), 0);
  vec4 place = texelFetch(records, ivec2(${GLB_RECORD.place + 1}, int(slot)), 0);
  gl_Position = projectionMatrix * viewMatrix * vec4(place.xyz + place.w * turned(quat, position), 1.0);
}
`;

/**
 * Colours a head from a file in the light that our own heads are in (src/view/head_fragment.ts), with the file's colours.
 *
 * `MAP`: it has a picture. `CUT`: what is less opaque is left out. `SOFT`: what is more opaque than this is left out, as
 * it was drawn before; the rest is mixed with what is behind. `UNLIT`: it was painted with its shades.
 */
export const GLB_FRAGMENT = /* glsl */ `
precision highp float;
precision highp sampler2D;
#ifdef MAP
  uniform sampler2D map;
#endif
/** Linear, of the material. */
uniform vec4 factor;
uniform vec3 emissive;
uniform float gloss;
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

in vec2 vUv;
in vec4 vColour;
in vec3 vNormal;
in vec3 vToEye;
in float vOfEye;
in float vDepth;
flat in float vSeen;
layout(location = 0) out vec4 outColor;

// A head that is partly seen is a screen of dots: what is opaque needs no order.
const int SCREEN[16] = int[](0, 8, 2, 10, 12, 4, 14, 6, 3, 11, 1, 9, 15, 7, 13, 5);

bool screened(float seen) {
  ivec2 at = ivec2(gl_FragCoord.xy) & 3;
  return seen < 1.0 && 16.0 * seen <= float(SCREEN[4 * at.y + at.x]);
}

// Cosine of half the size of the light that is seen in an eye.
const float CATCH = 0.988;

/** Light on a surface: soft all round, so that a face is legible wherever it is. */
vec3 lit(vec3 albedo, vec3 n, vec3 v, vec3 bleed, float shine, float sharp) {
  float wrap = smoothstep(-0.75, 0.95, dot(n, keyDirection));
  vec3 shadow = mix(vec3(0.4, 0.4, 0.46), bleed, 0.3);
  vec3 c = albedo * (mix(shadow, vec3(1.07, 1.04, 1.0), wrap) + 0.07 * n.z);
  vec3 h = normalize(v + keyDirection);
  float fresnel = pow(1.0 - max(dot(n, v), 0.0), 4.0);
  c += shine * (0.3 + 0.7 * fresnel) * pow(max(dot(n, h), 0.0), sharp);
  // A rim from behind and above sets the head off from any background.
  c += (0.05 + 0.35 * shine) * fresnel * smoothstep(-0.5, 0.8, n.z) * vec3(0.85, 0.95, 1.1);
  return c;
}

void main() {
  #ifdef MIRROR
    if (vAbove < 0.0) discard;
  #endif
  if (screened(vSeen)) discard;
  // Colours are squared and rooted for a shading that is nearly linear.
  vec4 albedo = factor * vColour * vColour;
  #ifdef MAP
    vec4 texel = texture(map, vUv);
    albedo *= vec4(texel.rgb * texel.rgb, texel.a);
  #endif
  #ifdef CUT
    if (albedo.a < CUT) discard;
  #endif
  #ifdef SOFT
    if (albedo.a >= SOFT || albedo.a < 0.01) discard;
  #endif
  vec3 n = normalize(gl_FrontFacing ? vNormal : -vNormal);
  vec3 v = normalize(vToEye);
  // What is warmer than it is blue is skin, more or less: light wanders in it.
  float skin = (1.0 - vOfEye) * smoothstep(0.02, 0.3, albedo.r - albedo.b);
  vec3 bleed = albedo.rgb * mix(vec3(0.6), vec3(0.95, 0.5, 0.42), skin);
  #ifdef UNLIT
    float wrap = smoothstep(-0.75, 0.95, dot(n, keyDirection));
    vec3 c = albedo.rgb * mix(vec3(0.8, 0.8, 0.84), vec3(1.02, 1.01, 1.0), wrap);
  #else
    vec3 c = lit(albedo.rgb, n, v, bleed, mix(gloss, 0.2, vOfEye), mix(30.0, 90.0, vOfEye));
    // A light in the eyes, as our own heads have it.
    float caught = dot(n, normalize(v + keyDirection));
    float edge = fwidth(caught) + 1e-6;
    c += 0.9 * vOfEye * smoothstep(CATCH - edge, CATCH + edge, caught);
  #endif
  c = sqrt(clamp((c + emissive) * exposure, 0.0, 1.0));
  #ifdef MIRROR
    c *= mirrorReflectance;
  #endif
  if (fog.a > 0.0) c = mix(c, fog.rgb, clamp((vDepth - fogRange.x) / (fogRange.y - fogRange.x), 0.0, 1.0));
  #ifdef SOFT
    outColor = vec4(c, albedo.a);
  #else
    outColor = vec4(c, 1.0);
  #endif
}
`;
