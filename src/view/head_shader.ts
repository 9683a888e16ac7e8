import { DELTA_ROW } from '../face/head/pack';
import { SHAPES } from '../face/names';

/** Texels of a head's record, 4 floats each, by offset. */
export const RECORD = {
  weights: 0,
  turns: SHAPES / 4,
  /** Quaternion x, y, z, w; then position and size. */
  place: SHAPES / 4 + 3,
  /** Colours; here also how much of the head is seen. */
  skin: SHAPES / 4 + 5,
  accent: SHAPES / 4 + 6,
  hair: SHAPES / 4 + 7,
  iris: SHAPES / 4 + 8,
  lips: SHAPES / 4 + 9,
  texels: SHAPES / 4 + 10,
} as const;

const TURNED = /* glsl */ `
vec3 turned(vec4 quat, vec3 p) {
  return p + 2.0 * cross(quat.xyz, cross(quat.xyz, p) + quat.w * p);
}
`;

/**
 * Poses a head: `deform` of src/face/head, with normals.
 *
 * A vertex knows where its displacements start and how many they are; each names its shape, whose weight is in the
 * head's record.
 */
export const HEAD_VERTEX = /* glsl */ `
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
uniform vec3 eyeAt;
uniform vec3 hinge;
uniform float lidRadius;

in vec3 position;
in vec3 normal;
in vec4 rig;
in vec4 looks;
in vec2 span;
in float slot;

// Within the triangle even where a pixel's middle is not: else edges show what lies beyond them.
centroid out vec3 vRest;
centroid out vec3 vNormal;
centroid out vec4 vLooks;
centroid out vec3 vToEye;
/** Direction from the centre of the left or right eye, turned back to rest for the eyeball. */
centroid out vec3 vEye;
centroid out vec3 vSocket;
centroid out vec3 vHead;
out float vDepth;
#ifdef MIRROR
  uniform vec4 mirrorPlane;
  /** Height above the mirror. */
  out float vAbove;
#endif
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

${TURNED}
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

/** A head that casts a shadow does so with its mouth shut: nobody will see it in the shadow. */
export const HEAD_CASTER_VERTEX = /* glsl */ `
precision highp float;
precision highp sampler2D;
uniform mat4 viewMatrix;
uniform mat4 projectionMatrix;
uniform sampler2D records;
in vec3 position;
in float slot;
${TURNED}
void main() {
  vec4 quat = texelFetch(records, ivec2(${RECORD.place}, int(slot)), 0);
  vec4 place = texelFetch(records, ivec2(${RECORD.place + 1}, int(slot)), 0);
  gl_Position = projectionMatrix * viewMatrix * vec4(place.xyz + place.w * turned(quat, position), 1.0);
}
`;
