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

/** vec4s per light in the `lights` uniform, see {@link Lights}. */
export const LIGHT_STRIDE = 5;

/** Lights drawn at most: what fixed-function OpenGL guarantees, and what native therefore shows. */
export const MAX_LIGHTS = 8;

export const VERTEX = /* glsl */ `
precision highp float;
uniform mat4 modelMatrix;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
uniform vec3 cameraPosition;
uniform vec2 viewport;

in vec3 position;
in vec3 normal;
in vec2 uv;
// One instance: rows of the rotation with the position as fourth column, scale, colour, material, and scale (and, for
// a flat texture, offset) of texture coordinates.
in vec4 row0;
in vec4 row1;
in vec4 row2;
in vec4 size;
in vec4 rgba;
in vec4 look;
in vec4 texgen;

out vec3 vWorld;
out vec3 vNormal;
out vec3 vToEye;
out float vDepth;
out vec3 vTexture;
flat out float vTextured;
flat out vec4 vRgba;
flat out vec4 vLook;

vec3 toWorld(vec3 p) {
  vec4 q = vec4(p, 1.0);
  return vec3(dot(row0, q), dot(row1, q), dot(row2, q));
}

void main() {
  vec3 local = position * size.xyz;
  #if defined(UV_MAP) || defined(UNMAPPED)
    vTexture = vec3(uv, 0.0);
  #else
    // uv.x says which half of a capsule a vertex belongs to; size.w is the half-length between them.
    #ifndef LINE
      local.z += uv.x * size.w;
    #endif
    vec3 object = vec3(position.xy, position.z + (size.w > 0.0 ? uv.x : 0.0));
    #ifdef PLANE_MAP
      vTexture = vec3(0.5 * texgen.xy * vec2(object.x, -object.y) + texgen.zw, 0.0);
    #else
      vTexture = object * texgen.xyz;
    #endif
  #endif

  vec3 world = toWorld(local);
  vec4 eyed = viewMatrix * modelMatrix * vec4(world, 1.0);
  gl_Position = projectionMatrix * eyed;

  #ifdef LINE
    // The normal leads to the line's other end; the ribbon is widened by size.w pixels across it on the screen.
    vec4 other = projectionMatrix * viewMatrix * modelMatrix * vec4(toWorld((position + normal) * size.xyz), 1.0);
    vec2 along = (other.xy / other.w - gl_Position.xy / gl_Position.w) * viewport;
    vec2 across = vec2(-along.y, along.x) / max(length(along), 1e-6);
    gl_Position.xy += uv.x * size.w * across / viewport * gl_Position.w;
    vNormal = vec3(0.0);
  #else
    vec3 n = normal / size.xyz;
    vNormal = vec3(dot(row0.xyz, n), dot(row1.xyz, n), dot(row2.xyz, n));
  #endif

  vWorld = world;
  vToEye = (modelMatrix * vec4(cameraPosition, 1.0)).xyz - world;
  vDepth = -eyed.z;
  // Instances without a texture share the surface of those with one.
  vTextured = texgen == vec4(0.0) ? 0.0 : 1.0;
  vRgba = rgba;
  vLook = look;
}
`;

/** Fragment shader of a surface that takes `shadows` shadow maps (samplers cannot be indexed by a loop). */
export function surfaceFragment(shadows: number): string {
  const terms = Array.from(
    { length: shadows },
    (_, i) => /* glsl */ `
  color += visible(shadowMap[${i}], shadowMatrix[${i}]) * min(lit(lightCount.x + ${i}, n, v), 1.0);`,
  ).join('');
  return /* glsl */ `
precision highp float;
precision highp int;
precision highp sampler2D;
precision highp samplerCube;
precision highp sampler2DShadow;

// Lights that cast no shadow, those with a shadow map, those that would cast one; x: how many of the first, y: all.
uniform ivec2 lightCount;
uniform vec4 lights[${MAX_LIGHTS * LIGHT_STRIDE}];
uniform vec3 ambient;
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
${
  shadows === 0
    ? ''
    : /* glsl */ `
uniform sampler2DShadow shadowMap[${shadows}];
uniform mat4 shadowMatrix[${shadows}];

float visible(sampler2DShadow depth, mat4 matrix);
`
}
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

vec3 lit(int i, vec3 n, vec3 v) {
  vec4 place = lights[i * ${LIGHT_STRIDE}];
  vec4 spot = lights[i * ${LIGHT_STRIDE} + 1];
  vec4 ambientTerm = lights[i * ${LIGHT_STRIDE} + 2];
  vec4 diffuse = lights[i * ${LIGHT_STRIDE} + 3];
  vec4 specular = lights[i * ${LIGHT_STRIDE} + 4];
  vec3 toLight = place.xyz;
  float strength = 1.0;
  if (place.w > 0.0) {
    toLight -= vWorld;
    float distance = length(toLight);
    toLight /= distance;
    strength = 1.0 / (ambientTerm.w + distance * (diffuse.w + distance * specular.w));
    float inCone = dot(-toLight, spot.xyz);
    strength *= inCone < spot.w ? 0.0 : pow(max(inCone, 1e-6), place.w - 1.0);
  }
  float facing = dot(n, toLight);
  vec3 sum = ambientTerm.rgb * rgb;
  if (facing > 0.0) {
    float glance = max(dot(n, normalize(toLight + v)), 1e-6);
    sum += facing * diffuse.rgb * rgb + vLook.y * pow(glance, vLook.z) * specular.rgb;
  }
  return strength * sum;
}

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
    color = (vLook.x + ambient) * rgb;
    int plain = ${shadows === 0 ? 'lightCount.y' : 'lightCount.x'};
    for (int i = 0; i < plain; i++) color += lit(i, n, v);
    color = min(color, 1.0);${terms}
    ${
      shadows === 0
        ? ''
        : `for (int i = lightCount.x + ${shadows}; i < lightCount.y; i++) color += min(lit(i, n, v), 1.0);`
    }
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
${
  shadows === 0
    ? ''
    : /* glsl */ `
float visible(sampler2DShadow depth, mat4 matrix) {
  vec4 at = matrix * vec4(vWorld, 1.0);
  vec3 p = at.xyz / at.w;
  // Outside the map everything is lit.
  if (at.w <= 0.0 || any(lessThan(p.xy, vec2(0.0))) || any(greaterThan(p.xy, vec2(1.0)))) return 1.0;
  return texture(depth, vec3(p.xy, min(p.z, 1.0)));
}
`
}`;
}

/** Leaves depth alone: for casting shadows and for marking where a mirror is. */
export const EMPTY_FRAGMENT = /* glsl */ `
precision highp float;
layout(location = 0) out vec4 outColor;
void main() {
  outColor = vec4(0.0);
}
`;

export const SKY_VERTEX = /* glsl */ `
precision highp float;
uniform mat4 modelMatrix;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
in vec3 position;
out vec3 vDirection;
out float vDepth;
void main() {
  vec3 p = mat3(modelMatrix) * position;
  // The cube's y axis is the world's z axis.
  vDirection = vec3(p.x, p.z, -p.y);
  vec4 eyed = viewMatrix * modelMatrix * vec4(position, 1.0);
  vDepth = -eyed.z;
  gl_Position = projectionMatrix * eyed;
}
`;

export const SKY_FRAGMENT = /* glsl */ `
precision highp float;
uniform samplerCube map;
uniform vec4 fog;
uniform vec2 fogRange;
in vec3 vDirection;
in float vDepth;
layout(location = 0) out vec4 outColor;
void main() {
  vec3 color = texture(map, vDirection).rgb;
  if (fog.a > 0.0) color = mix(color, fog.rgb, clamp((vDepth - fogRange.x) / (fogRange.y - fogRange.x), 0.0, 1.0));
  outColor = vec4(color, 1.0);
}
`;

export const HAZE_VERTEX = /* glsl */ `
precision highp float;
uniform mat4 modelMatrix;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
in vec3 position;
in float alpha;
out float vAlpha;
void main() {
  vAlpha = alpha;
  gl_Position = projectionMatrix * viewMatrix * modelMatrix * vec4(position, 1.0);
}
`;

export const HAZE_FRAGMENT = /* glsl */ `
precision highp float;
uniform vec3 haze;
in float vAlpha;
layout(location = 0) out vec4 outColor;
void main() {
  outColor = vec4(haze, vAlpha);
}
`;
