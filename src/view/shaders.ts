/**
 * Vertex shaders of everything, and the fragment shaders of what is not lit.
 *
 * World space is MuJoCo's. `modelMatrix` is the identity, or the reflection that puts a mirrored scene on the screen.
 */

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
