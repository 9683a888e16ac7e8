/**
 * The fixed-function pipeline that MuJoCo's classic renderer uses, written out per pixel.
 *
 * What matters for the look: light sums are clamped to 1 before the texture multiplies them (highlights too), each
 * shadow-casting light is added as a clamped term of its own and vanishes whole in shadow (its ambient as well), and
 * colours are used as authored, without any transfer curve or tone mapping.
 *
 * Lighting is done in world space: a mirrored drawing differs only in where it lands on the screen and in the eye
 * that looks at it, which `modelMatrix` (identity or a reflection) gives both of.
 */

/** Lights drawn at most: what fixed-function OpenGL guarantees, and what native therefore shows. */
export const MAX_LIGHTS = 8;

/** What shines on surfaces, as far as the programs are made for it. */
export interface Lighting {
  /** Lights that cast no shadow first, then those with a shadow map, then those that would cast one too many. */
  readonly lights: readonly LightTerms[];
  readonly plain: number;
  readonly maps: number;
}

/** What no frame changes of a light: it is compiled into the programs, so that zeros and ones cost nothing. */
export interface LightTerms {
  readonly ambient: Rgb;
  readonly diffuse: Rgb;
  readonly specular: Rgb;
  /** Null for a directional light. */
  readonly spot: {
    /** Cosine of the half angle of its cone; null where it shines all around. */
    readonly cone: number | null;
    readonly exponent: number;
    /** Constant, linear and quadratic coefficients. */
    readonly attenuation: Rgb;
  } | null;
}

export type Rgb = readonly [number, number, number];

/** What ambient light there is when nothing else shines. */
const AMBIENT_WITHOUT_LIGHTS = 0.3;

/** Fragment shader of what is lit; `shadowed` surfaces look at the shadow maps, others take every light. */
export function surfaceFragment({ lights, plain, maps }: Lighting, shadowed: boolean): string {
  const apart = shadowed ? lights.length - plain : 0;
  const together = lights.length - apart;
  const sum = (from: number, to: number, term: (i: number) => string): string =>
    lights
      .slice(from, to)
      .map((_, i) => `\n    color += ${term(from + i)};`)
      .join('');
  const ambient = lights.length > 0 ? '' : ` + ${float(AMBIENT_WITHOUT_LIGHTS)}`;
  const used = apart > 0 ? maps : 0;
  return /* glsl */ `
precision highp float;
precision highp sampler2D;
precision highp samplerCube;
precision highp sampler2DShadow;

// Position of a spot light, direction to a directional one; and a spot light's axis.
uniform vec3 lightPlace[${MAX_LIGHTS}];
uniform vec3 lightAxis[${MAX_LIGHTS}];
// rgb and whether there is any; start and end, m.
uniform vec4 fog;
uniform vec2 fogRange;
#ifdef MIRROR
  // Plane of the mirror, and its reflectance.
  uniform vec4 mirrorPlane;
  uniform float mirrorReflectance;
#endif
#if defined(PLANE_MAP) || defined(UV_MAP)
  uniform sampler2D map;
#elif defined(CUBE_MAP)
  uniform samplerCube map;
#endif
in vec3 vWorld;
in vec3 vNormal;
in vec3 vToEye;
in float vDepth;
in vec3 vTexture;
flat in float vTextured;
flat in vec4 vRgba;
flat in vec4 vLook;

layout(location = 0) out vec4 outColor;

vec3 rgb;
${lights.map(lightFunction).join('')}${used === 0 ? '' : shadowFunction(used)}
void main() {
  #ifdef MIRROR
    if (dot(mirrorPlane, vec4(vWorld, 1.0)) < 0.0) discard;
    rgb = vRgba.rgb * mirrorReflectance;
  #else
    rgb = vRgba.rgb;
  #endif
  float alpha = vRgba.a;
  vec3 color = rgb;
  #ifndef LINE
    vec3 n = normalize(vNormal);
    vec3 v = normalize(vToEye);
    color = (vLook.x${ambient}) * rgb;${sum(0, together, (i) => `light${i}(n, v)`)}
    color = min(color, 1.0);${sum(together, together + used, (i) => `visible(shadowMap[${i - plain}], shadowMatrix[${i - plain}]) * min(light${i}(n, v), 1.0)`)}${sum(together + used, lights.length, (i) => `min(light${i}(n, v), 1.0)`)}
  #endif
  #if defined(PLANE_MAP) || defined(UV_MAP)
    vec4 texel = texture(map, vTexture.xy);
  #elif defined(CUBE_MAP)
    vec4 texel = texture(map, vTexture);
  #endif
  #if defined(PLANE_MAP) || defined(UV_MAP) || defined(CUBE_MAP)
    if (vTextured > 0.0) {
      color *= texel.rgb;
      alpha *= texel.a;
    }
  #endif
  if (fog.a > 0.0) color = mix(color, fog.rgb, clamp((vDepth - fogRange.x) / (fogRange.y - fogRange.x), 0.0, 1.0));
  #ifdef TRANSPARENT
    // Native draws transparent geoms twice, front to back and back to front: this is the cover of both.
    outColor = vec4(color, 1.0 - (1.0 - alpha) * (1.0 - alpha));
  #else
    outColor = vec4(color, 1.0);
  #endif
}
`;
}

function lightFunction({ ambient, diffuse, specular, spot }: LightTerms, i: number): string {
  const lines: string[] = [];
  const strength: string[] = [];
  if (spot === null) {
    lines.push(`vec3 l = lightPlace[${i}];`);
  } else {
    lines.push(`vec3 l = lightPlace[${i}] - vWorld;`, 'float far = length(l);', 'l /= far;');
    if (spot.cone !== null) {
      lines.push(
        `float inCone = dot(-l, lightAxis[${i}]);`,
        `if (inCone < ${float(spot.cone)}) return vec3(0.0);`,
      );
      if (spot.exponent !== 0) strength.push(`pow(max(inCone, 1e-6), ${float(spot.exponent)})`);
    }
    const [constant, linear, quadratic] = spot.attenuation;
    if (constant !== 1 || linear !== 0 || quadratic !== 0)
      strength.push(`1.0 / (${float(constant)} + far * (${float(linear)} + far * ${float(quadratic)}))`);
  }
  lines.push('float facing = max(dot(n, l), 0.0);');
  lines.push(`vec3 sum = (${isBlack(ambient) ? '' : `${vec3(ambient)} + `}facing * ${vec3(diffuse)}) * rgb;`);
  if (!isBlack(specular))
    lines.push(
      'if (facing > 0.0 && vLook.y > 0.0)',
      `  sum += vLook.y * pow(max(dot(n, normalize(l + v)), 1e-6), vLook.z) * ${vec3(specular)};`,
    );
  lines.push(`return ${['sum', ...strength].join(' * ')};`);
  return `\nvec3 light${i}(vec3 n, vec3 v) {\n  ${lines.join('\n  ')}\n}\n`;
}

function shadowFunction(maps: number): string {
  return /* glsl */ `
uniform sampler2DShadow shadowMap[${maps}];
uniform mat4 shadowMatrix[${maps}];

float visible(sampler2DShadow depth, mat4 matrix) {
  vec4 at = matrix * vec4(vWorld, 1.0);
  vec3 p = at.xyz / at.w;
  // Outside the map everything is lit.
  if (at.w <= 0.0 || any(lessThan(p.xy, vec2(0.0))) || any(greaterThan(p.xy, vec2(1.0)))) return 1.0;
  return texture(depth, vec3(p.xy, min(p.z, 1.0)));
}
`;
}

/** A number as GLSL writes floats. */
function float(x: number): string {
  return Number.isInteger(x) ? x.toFixed(1) : String(x);
}

function vec3(rgb: Rgb): string {
  return `vec3(${rgb.map(float).join(', ')})`;
}

function isBlack(rgb: Rgb): boolean {
  return rgb.every((c) => c === 0);
}
