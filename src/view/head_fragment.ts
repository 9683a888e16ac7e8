import { PART } from '../face/head/mesh';
import { HEAD_LIGHT } from './head_glsl';
import { RECORD } from './head_shader';

/**
 * Colours a head.
 *
 * `PANELS`: a mask in a shell, as androids and robots have. `LENS`: eyes are lenses in a visor.
 */
export const HEAD_FRAGMENT = /* glsl */ `
${HEAD_LIGHT}
uniform sampler2D records;
/** Half angles of iris and pupil. */
uniform vec2 irisSize;
/** Of an eye's opening: angles up to the upper lid's middle and sideways to a corner, and the outline's exponent. */
uniform vec3 opening;

centroid in vec3 vRest;
centroid in vec3 vNormal;
centroid in vec4 vLooks;
centroid in vec3 vToEye;
centroid in vec3 vEye;
centroid in vec3 vSocket;
centroid in vec3 vHead;
flat in int vPart;
flat in int vSlot;
flat in vec2 vLids;

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

vec3 eyeColour(vec3 n) {
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
    // Glass over rings of light, which is bright whatever its colour.
    iris *= 0.75 / max(max(iris.r, iris.g), max(iris.b, 0.1));
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
  float t = clamp(at.y / sin(opening.y), -1.0, 1.0);
  float margin = opening.x * pow(max(0.0, 1.0 - pow(abs(t), 2.2)), opening.z) - vLids.x;
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

/** What style says beyond colours: panels, a collar, a visor. Returns how deep a groove is here, 0..1. */
float dress(inout vec3 albedo, inout float gloss, vec3 skin, vec3 accent) {
  float groove = 0.0;
  #ifdef LENS
    // The eyes lie in a visor of dark glass, which stays where it is however the skin moves.
    vec2 q = abs(vec2(vHead.y, vHead.z - 0.003)) - vec2(0.042, 0.0055);
    float visor = length(max(q, 0.0)) + min(max(q.x, q.y), 0.0) - 0.0265;
    float face = step(-0.03, vHead.x);
    float glass = inside(visor) * face;
    albedo = mix(albedo, mix(vec3(0.022, 0.026, 0.034), skin * 0.12, 0.3), glass);
    gloss = mix(gloss, 0.28, glass);
    groove = stroke(visor, 0.0007) * face;
  #endif
  #ifdef PANELS
    // The face is a mask set into a shell, on a dark neck.
    vec3 d = vRest - vec3(-0.06, 0.0, -0.015);
    float up = atan(d.z, length(d.xy));
    vec2 at = abs(vec2(atan(abs(d.y), d.x), up + 0.1)) / vec2(1.32, up > -0.1 ? 0.92 : 1.05);
    float mask = (pow(pow(at.x, 2.6) + pow(at.y, 2.6), 1.0 / 2.6) - 1.0) * 0.085;
    float shell = inside(-mask);
    albedo = mix(albedo, mix(vec3(0.03, 0.035, 0.045), accent, SHELL), shell);
    albedo = mix(albedo, accent, stroke(mask - 0.0075, 0.0016));
    groove = max(groove, stroke(mask, 0.0008));
    gloss = mix(gloss, 0.4, shell);
    float neck = inside(vRest.z + 0.118 - 0.25 * (vRest.x + 0.06));
    albedo = mix(albedo, vec3(0.02), neck * shell);
    #ifndef LENS
      // A fine joint along the jaw, and a light at each temple.
      groove = max(groove, 0.4 * stroke(mask + 0.0125, 0.0004) * smoothstep(-0.1, -0.25, up));
      float lamp = length(vRest - vec3(-0.014, sign(vRest.y) * 0.07, 0.0275)) - 0.0042;
      albedo = mix(albedo, accent * 1.5, inside(lamp));
      groove = max(groove, 0.5 * stroke(lamp - 0.0007, 0.0004));
    #endif
  #else
    float collar = vRest.z + 0.15;
    albedo = mix(albedo, accent, inside(collar));
    groove = stroke(collar, 0.0008);
  #endif
  return groove;
}

vec3 skinColour(vec3 n, vec3 v, float open, vec3 accent, vec3 hair) {
  vec3 skin = colourOf(${RECORD.skin});
  float row = vLooks.w;
  float soft = min(fwidth(row) + 1e-6, 0.2);
  float red = 1.0 - smoothstep(1.0 - soft, 1.0 + soft, row);
  vec3 albedo = mix(skin, colourOf(${RECORD.lips}), red * LIP_STRENGTH);
  // A little blood in the cheeks.
  vec2 cheek = (vec2(abs(vRest.y), vRest.z) - vec2(0.043, -0.032)) / vec2(0.016, 0.013);
  float blush = exp(-dot(cheek, cheek)) * step(-0.02, vRest.x);
  albedo *= mix(vec3(1.0), vec3(1.06, 0.72, 0.68), BLUSH * blush);
  // The line between the lips is what is seen of a mouth from afar.
  albedo *= mix(vec3(0.45, 0.3, 0.3), vec3(1.0), smoothstep(0.0, 0.26, row));
  float gloss = GLOSS + 0.1 * red;
  float groove = dress(albedo, gloss, skin, accent);
  albedo *= 1.0 - 0.75 * groove;
  float edge = min(fwidth(vLooks.z) + 1e-6, 0.2);
  float thin = 0.5;
  #ifdef LENS
    // The edge of a shutter glows, the more so when it is down, so that closed eyes are seen in their visor.
    thin -= 0.35 * smoothstep(0.3, 0.8, vLids.x);
  #endif
  float line = smoothstep(thin - edge, thin + edge, vLooks.z);
  albedo = mix(albedo, mix(skin, hair, 0.85) * 0.16, line);
  vec3 c = lit(albedo, n, v, open * (1.0 - 0.5 * groove), skin * vec3(0.95, 0.5, 0.42), gloss, 34.0);
  #ifdef LENS
    vec3 glow = colourOf(${RECORD.iris});
    c = mix(c, glow * 0.85 / max(max(glow.r, glow.g), max(glow.b, 0.1)), line);
  #endif
  return c;
}

void main() {
  if (hidden(texelFetch(records, ivec2(${RECORD.skin}, vSlot), 0).a)) discard;
  vec3 n = normalize(vNormal);
  vec3 v = normalize(vToEye);
  float open = vLooks.y;
  float tint = vLooks.z;
  vec3 accent = colourOf(${RECORD.accent});
  vec3 hair = colourOf(${RECORD.hair});
  vec3 c;
  if (vPart == ${PART.skin}) {
    c = skinColour(n, v, open, accent, hair);
  } else if (vPart == ${PART.eye}) {
    c = eyeColour(n) + 0.95 * highlight(n, v);
  } else if (vPart == ${PART.teeth}) {
    c = lit(vec3(0.9, 0.88, 0.84), n, v, open, vec3(0.45, 0.3, 0.3), 0.2, 60.0);
  } else if (vPart == ${PART.mouth}) {
    // It begins as the lips end.
    vec3 skin = colourOf(${RECORD.skin});
    vec3 lips = mix(skin, colourOf(${RECORD.lips}), LIP_STRENGTH) * vec3(0.45, 0.3, 0.3);
    float deep = smoothstep(0.05, 0.45, tint);
    vec3 bleed = skin * vec3(0.95, 0.5, 0.42);
    c = lit(mix(lips, vec3(0.06, 0.01, 0.012), deep), n, v, open, bleed, (GLOSS + 0.1) * (1.0 - deep), 34.0);
  } else if (vPart == ${PART.tongue}) {
    c = lit(vec3(0.62, 0.17, 0.18), n, v, open, vec3(0.3, 0.02, 0.02), 0.14, 30.0);
  } else if (vPart == ${PART.hair} || (vPart == ${PART.brow} && !BROW_PLATES)) {
    c = lit(hair * mix(0.8, 1.15, tint), n, v, open, hair, 0.12, 14.0);
  } else {
    c = lit(accent * (1.0 - 0.5 * tint), n, v, open, accent * 0.3, 0.35, 50.0);
  }
  outColor = vec4(shown(c), 1.0);
}
`;
