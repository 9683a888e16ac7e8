import { SHAPES } from '../face/names';

/** Texels of a head's record, 4 floats each, by offset. */
export const RECORD = {
  weights: 0,
  turns: SHAPES / 4,
  /** Quaternion x, y, z, w; then position and size. */
  place: SHAPES / 4 + 3,
  skin: SHAPES / 4 + 5,
  accent: SHAPES / 4 + 6,
  hair: SHAPES / 4 + 7,
  iris: SHAPES / 4 + 8,
  lips: SHAPES / 4 + 9,
  texels: SHAPES / 4 + 10,
} as const;

/** Texels in a row of the texture of displacements; each displacement takes two, of position and of normal. */
export const DELTA_ROW = 2048;

/**
 * Poses a head: `deform` of src/face/head, with normals.
 *
 * A vertex knows where its displacements start and how many they are; each names its shape, whose weight is in the
 * head's record.
 */
export const HEAD_VERTEX = /* glsl */ `
precision highp float;
precision highp sampler2D;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
uniform vec3 cameraPosition;
uniform sampler2D records;
uniform sampler2D deltas;
uniform vec3 eyeAt;
uniform vec3 hinge;
uniform float lidRadius;

in vec3 position;
in vec3 normal;
in vec4 rig;
in vec4 looks;
in vec2 span;
in float slot;

out vec3 vRest;
out vec3 vWorld;
out vec3 vNormal;
// Within the triangle even where a pixel's middle is not: else edges show what lies beyond them.
centroid out vec4 vLooks;
/** Direction from the centre of the left or right eye, turned back to rest for the eyeball. */
out vec3 vEye;
out vec3 vSocket;
out vec3 vHead;
flat out int vPart;
flat out int vSlot;
/** Angles of the upper lid and the lower lid beside an eye. */
flat out vec2 vLids;

vec4 recordAt(int texel) {
  return texelFetch(records, ivec2(texel, vSlot), 0);
}

void turnY(inout vec3 p, float a) {
  float c = cos(a), s = sin(a);
  p.xz = vec2(c * p.x + s * p.z, c * p.z - s * p.x);
}

void turnZ(inout vec3 p, float a) {
  float c = cos(a), s = sin(a);
  p.xy = vec2(c * p.x - s * p.y, s * p.x + c * p.y);
}

void main() {
  vSlot = int(slot);
  vPart = int(looks.x);
  vLooks = looks;
  vRest = position;
  vec3 p = position;
  vec3 n = normal;
  int first = int(span.x);
  for (int i = 0; i < int(span.y); i++) {
    int at = 2 * (first + i);
    vec4 d = texelFetch(deltas, ivec2(at % ${DELTA_ROW}, at / ${DELTA_ROW}), 0);
    int shape = int(d.w);
    float w = recordAt(shape >> 2)[shape & 3];
    if (w == 0.0) continue;
    p += w * d.xyz;
    n += w * texelFetch(deltas, ivec2((at + 1) % ${DELTA_ROW}, (at + 1) / ${DELTA_ROW}), 0).xyz;
  }
  vec4 turns0 = recordAt(${RECORD.turns});
  vec4 turns1 = recordAt(${RECORD.turns + 1});
  vec4 turns2 = recordAt(${RECORD.turns + 2});
  float jaw = turns0.x * mix(rig.x, rig.y, turns0.y);
  p -= hinge;
  turnY(p, jaw);
  turnY(n, jaw);
  p += hinge;

  int by = int(rig.w);
  bool right = by > 3;
  if (right) by -= 3;
  vec3 centre = right || (by == 0 && position.y < 0.0) ? eyeAt * vec3(1.0, -1.0, 1.0) : eyeAt;
  vLids = right ? turns1.xy : turns0.zw;
  p -= centre;
  vEye = p;
  if (by == 3) {
    vec2 look = right ? turns2.xy : turns1.zw;
    turnY(p, look.y);
    turnY(n, look.y);
    turnZ(p, look.x);
    turnZ(n, look.x);
  } else if (by > 0) {
    float lid = (by == 1 ? vLids.x : vLids.y) * rig.z;
    turnY(p, lid);
    turnY(n, lid);
    float far = length(p);
    if (far < lidRadius) p *= lidRadius / far;
  }
  vSocket = right ? p * vec3(1.0, -1.0, 1.0) : p;
  p += centre;
  vHead = p;

  vec4 quat = recordAt(${RECORD.place});
  vec4 place = recordAt(${RECORD.place + 1});
  vWorld = place.xyz + place.w * (p + 2.0 * cross(quat.xyz, cross(quat.xyz, p) + quat.w * p));
  vNormal = n + 2.0 * cross(quat.xyz, cross(quat.xyz, n) + quat.w * n);
  gl_Position = projectionMatrix * viewMatrix * vec4(vWorld, 1.0);
}
`;

/** Colours a head. Each look below is one GLSL block chosen by `#define`. */
export const HEAD_FRAGMENT = /* glsl */ `
precision highp float;
precision highp sampler2D;
uniform vec3 cameraPosition;
uniform sampler2D records;
/** Direction to the main light, world; and how bright a scene is, 1 is a lit room. */
uniform vec3 keyDirection;
uniform float exposure;
uniform vec2 irisSize;
/** Angles of the upper lid's middle and of the corners at rest. */
uniform vec3 lidRest;

in vec3 vRest;
in vec3 vWorld;
in vec3 vNormal;
centroid in vec4 vLooks;
in vec3 vEye;
in vec3 vSocket;
in vec3 vHead;
flat in int vPart;
flat in int vSlot;
flat in vec2 vLids;
layout(location = 0) out vec4 outColor;

vec3 linear(vec3 c) {
  return c * c;
}

vec3 colourOf(int texel) {
  return linear(texelFetch(records, ivec2(texel, vSlot), 0).rgb);
}

/** 1 within a line of half width w about d = 0, with edges one pixel soft. */
float stroke(float d, float w) {
  float f = fwidth(d) + 1e-6;
  return 1.0 - smoothstep(w - f, w + f, abs(d));
}

float inside(float d) {
  float f = fwidth(d) + 1e-6;
  return 1.0 - smoothstep(-f, f, d);
}

/** Light on a surface: soft all round, so that a face is legible wherever it is. */
vec3 lit(vec3 albedo, vec3 n, vec3 v, float open, vec3 bleed, float gloss, float sharp) {
  float raw = dot(n, keyDirection);
  float wrap = smoothstep(-0.75, 0.95, raw);
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

vec3 eyeColour(vec3 n, vec3 v) {
  vec3 e = normalize(vEye);
  float r = acos(clamp(e.x, -1.0, 1.0));
  float turn = atan(e.z, e.y);
  vec3 iris = colourOf(${RECORD.iris});
  // Away from the highlight the iris is lit from within.
  float low = 0.5 - 0.5 * sin(turn);
  float across = r / irisSize.x;
  float streak = 0.5 + 0.5 * sin(turn * 23.0 + 3.0 * sin(turn * 7.0)) * smoothstep(0.35, 0.7, across);
  vec3 c = iris * (0.5 + 1.35 * low * smoothstep(1.05, 0.35, across) + 0.16 * (streak - 0.5));
  #ifdef LENS
    // Glass over rings of light.
    float rings = 0.5 + 0.5 * cos(across * 19.0);
    c = iris * (0.35 + 0.75 * low) * mix(0.55, 1.0, rings * smoothstep(0.3, 0.5, across));
  #endif
  c = mix(c, iris * 0.16, smoothstep(0.78, 1.0, across));
  c = mix(vec3(0.012, 0.012, 0.018), c, smoothstep(-0.02, 0.02, r - irisSize.y));
  float f = fwidth(r);
  #ifdef LENS
    vec3 white = vec3(0.03, 0.035, 0.045);
  #else
    vec3 white = vec3(0.92, 0.92, 0.93);
  #endif
  c = mix(c, white, smoothstep(irisSize.x - f - 0.02, irisSize.x + f, r));

  // The upper lid shades the ball below it: its margin's height beside this point, as an angle.
  vec3 at = normalize(vSocket);
  float t = clamp(at.y / sin(lidRest.z), -1.0, 1.0);
  float margin = lidRest.x * pow(max(0.0, 1.0 - pow(abs(t), 2.2)), 0.7) - vLids.x;
  float below = margin - atan(at.z, at.x);
  c *= mix(vec3(0.5, 0.48, 0.55), vec3(1.0), smoothstep(-0.05, 0.34, below));
  float wrap = smoothstep(-0.9, 0.9, dot(n, keyDirection));
  c *= 0.72 + 0.34 * wrap;
  return c;
}

float highlight(vec3 n, vec3 v) {
  vec3 reflected = reflect(-v, n);
  float d = acos(clamp(dot(reflected, keyDirection), -1.0, 1.0));
  float f = fwidth(d);
  float big = 1.0 - smoothstep(0.3 - f, 0.3 + f, d);
  vec3 other = normalize(2.0 * dot(v, keyDirection) * v - keyDirection);
  float d2 = acos(clamp(dot(reflected, other), -1.0, 1.0));
  float small = 1.0 - smoothstep(0.13 - f, 0.13 + f, d2);
  return max(big, 0.55 * small);
}

void main() {
  vec3 n = normalize(vNormal);
  vec3 v = normalize(cameraPosition - vWorld);
  float open = vLooks.y;
  float tint = vLooks.z;
  vec3 skin = colourOf(${RECORD.skin});
  vec3 accent = colourOf(${RECORD.accent});
  vec3 hair = colourOf(${RECORD.hair});
  vec3 c;
  if (vPart == 1) {
    c = eyeColour(n, v);
    // Under the upper lid it is darker.
    vec3 up = normalize(vEye);
    c += highlight(n, v) * vec3(0.95);
  } else if (vPart == 0) {
    float soft = min(fwidth(vLooks.w) + 1e-6, 0.2);
    float red = 1.0 - smoothstep(1.0 - soft, 1.0 + soft, vLooks.w);
    vec3 albedo = mix(skin, colourOf(${RECORD.lips}), red * LIP_STRENGTH);
    // A little blood in the cheeks, the nose and the ears.
    float blush = exp(-pow((abs(vRest.y) - 0.043) / 0.016, 2.0) - pow((vRest.z + 0.032) / 0.013, 2.0)) * step(-0.02, vRest.x);
    albedo = mix(albedo, albedo * vec3(1.06, 0.72, 0.68), BLUSH * blush);
    // The line between the lips is what is seen of a mouth from afar.
    albedo *= mix(vec3(0.45, 0.3, 0.3), vec3(1.0), smoothstep(0.0, 0.26, vLooks.w));
    float gloss = mix(GLOSS, GLOSS + 0.1, red);
    float seam = 0.0;
    #ifdef LENS
      // The eyes lie in a visor of dark glass, which stays where it is however the skin moves.
      vec2 q0 = abs(vec2(vHead.y, vHead.z - 0.003)) - vec2(0.042, 0.0055);
      float visor = length(max(q0, 0.0)) + min(max(q0.x, q0.y), 0.0) - 0.0265;
      float glass = inside(visor) * step(-0.03, vHead.x);
      albedo = mix(albedo, mix(vec3(0.022, 0.026, 0.034), skin * 0.12, 0.3), glass);
      gloss = mix(gloss, 0.5, glass);
      seam = stroke(visor, 0.0007) * step(-0.03, vHead.x);
    #endif
    #ifdef PANELS
      // The face is a mask set into a shell, on a dark neck.
      vec3 d = vRest - vec3(-0.06, 0.0, -0.015);
      vec2 q = vec2(atan(abs(d.y), d.x), atan(d.z, length(d.xy)));
      q = abs(q - vec2(0.0, -0.1)) / vec2(1.32, q.y > -0.1 ? 0.92 : 1.05);
      float mask = (pow(pow(q.x, 2.6) + pow(q.y, 2.6), 1.0 / 2.6) - 1.0) * 0.085;
      float outer = inside(-mask);
      vec3 shell = mix(vec3(0.03, 0.035, 0.045), accent, SHELL);
      albedo = mix(albedo, shell, outer);
      albedo = mix(albedo, accent, stroke(mask - 0.0075, 0.0016));
      seam = max(seam, stroke(mask, 0.0008));
      gloss = mix(gloss, 0.4, outer);
      #ifndef LENS
        // A fine joint along the jaw, and a light at each temple.
        seam = max(seam, 0.4 * stroke(mask + 0.0125, 0.0004) * smoothstep(-0.1, -0.25, atan(d.z, length(d.xy))));
        float lamp = length(vRest - vec3(-0.014, sign(vRest.y) * 0.07, 0.0275)) - 0.0042;
        albedo = mix(albedo, accent * 1.5, inside(lamp));
        seam = max(seam, 0.5 * stroke(lamp - 0.0007, 0.0004));
      #endif
      float neck = inside(vRest.z + 0.118 - 0.25 * (vRest.x + 0.06));
      albedo = mix(albedo, vec3(0.02), neck * outer);
    #else
      // A collar.
      float collar = inside(vRest.z + 0.15);
      albedo = mix(albedo, accent, collar);
      seam = stroke(vRest.z + 0.15, 0.0008);
    #endif
    albedo *= 1.0 - 0.75 * seam;
    float edge = min(fwidth(tint) + 1e-6, 0.2);
    float line = smoothstep(0.5 - edge, 0.5 + edge, tint);
    #ifdef LENS
      vec3 liner = colourOf(${RECORD.iris}) * 0.8;
    #else
      vec3 liner = mix(skin, hair, 0.85) * 0.16;
    #endif
    albedo = mix(albedo, liner, line);
    c = lit(albedo, n, v, open * (1.0 - 0.5 * seam), skin * vec3(0.95, 0.5, 0.42), gloss, 34.0);
  } else if (vPart == 2) {
    c = lit(vec3(0.9, 0.88, 0.84), n, v, open, vec3(0.45, 0.3, 0.3), 0.2, 60.0) * (gl_FrontFacing ? 1.0 : 0.25);
  } else if (vPart == 3) {
    vec3 lips = colourOf(${RECORD.lips});
    float deep = smoothstep(0.0, 0.4, tint);
    c = lit(mix(lips, vec3(0.2, 0.03, 0.04), deep), n, v, open, vec3(0.2, 0.02, 0.02), 0.1, 30.0) * mix(1.0, 0.3, deep);
  } else if (vPart == 4) {
    c = lit(vec3(0.62, 0.17, 0.18), n, v, open, vec3(0.3, 0.02, 0.02), 0.14, 30.0);
  #ifdef LENS
  } else if (vPart == 5) {
    c = lit(accent, n, v, open, accent * 0.3, 0.35, 50.0);
  #endif
  } else if (vPart == 5 || vPart == 7) {
    c = lit(hair * mix(0.8, 1.15, vPart == 7 ? tint : 0.4), n, v, open, hair, 0.12, 14.0);
  } else {
    c = lit(accent * (1.0 - 0.5 * tint), n, v, open, accent * 0.3, 0.35, 50.0);
  }
  outColor = vec4(sqrt(clamp(c * exposure, 0.0, 1.0)), 1.0);
}
`;
