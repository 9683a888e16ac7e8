import { MAX_CHANNELS } from '../face/glb/pose';
import { HEAD_INPUTS, HEAD_LIGHT, HEAD_MOVES } from './head_glsl';

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

/** Poses a head from a file: displacements, then what turns, in the head frame; then to its place. */
export const GLB_VERTEX = /* glsl */ `
${HEAD_INPUTS}
uniform vec3 leftEye;
uniform vec3 rightEye;

in vec2 uv;
in vec4 colour;
/** How much it follows the jaw, the left and the right eye. */
in vec3 rig;

out vec2 vUv;
out vec4 vColour;
out vec3 vNormal;
out vec3 vToEye;
out float vOfEye;
flat out float vSeen;

${HEAD_MOVES}
void look(inout vec3 p, inout vec3 n, vec3 centre, vec2 yawPitch) {
  p -= centre;
  turnEye(p, n, yawPitch);
  p += centre;
}

void main() {
  vec3 p = position;
  vec3 n = normal;
  displace(p, n);
  vec4 jaw = recordAt(${GLB_RECORD.jaw});
  if (rig.x > 0.0) turnJaw(p, n, rig.x * jaw.x);
  vec4 eyes = recordAt(${GLB_RECORD.eyes});
  if (rig.y > 0.0) look(p, n, leftEye, rig.y * eyes.xy);
  if (rig.z > 0.0) look(p, n, rightEye, rig.z * eyes.zw);

  vUv = uv;
  vColour = colour;
  vOfEye = max(rig.y, rig.z);
  vSeen = jaw.y;
  stand(p, n, ${GLB_RECORD.place});
}
`;

/**
 * Colours a head from a file in the light that our own heads are in, with the file's colours.
 *
 * `MAP`: it has a picture. `CUT`: what is less opaque is left out. `SOFT`: what is more opaque than this is left out, as
 * it was drawn before; the rest is mixed with what is behind. `UNLIT`: it was painted with its shades.
 */
export const GLB_FRAGMENT = /* glsl */ `
${HEAD_LIGHT}
#ifdef MAP
  uniform sampler2D map;
#endif
/** Linear, of the material. */
uniform vec4 factor;
uniform vec3 emissive;
uniform float gloss;

in vec2 vUv;
in vec4 vColour;
in vec3 vNormal;
in vec3 vToEye;
in float vOfEye;
flat in float vSeen;

// Cosine of half the size of the light that is seen in an eye.
const float CATCH = 0.988;

void main() {
  if (hidden(vSeen)) discard;
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
    vec3 c = lit(albedo.rgb, n, v, 1.0, bleed, mix(gloss, 0.2, vOfEye), mix(30.0, 90.0, vOfEye));
    // A light in the eyes, as our own heads have it.
    float caught = dot(n, normalize(v + keyDirection));
    float edge = fwidth(caught) + 1e-6;
    c += 0.9 * vOfEye * smoothstep(CATCH - edge, CATCH + edge, caught);
  #endif
  c = shown(c + emissive);
  #ifdef SOFT
    outColor = vec4(c, albedo.a);
  #else
    outColor = vec4(c, 1.0);
  #endif
}
`;
