import { SHAPES } from '../face/names';
import { HEAD_INPUTS, HEAD_MOVES } from './head_glsl';

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

/** Poses a head: `deform` of src/face/head, with normals. */
export const HEAD_VERTEX = /* glsl */ `
${HEAD_INPUTS}
uniform vec3 eyeAt;
uniform float lidRadius;

in vec4 rig;
in vec4 looks;

// Within the triangle even where a pixel's middle is not: else edges show what lies beyond them.
centroid out vec3 vRest;
centroid out vec3 vNormal;
centroid out vec4 vLooks;
centroid out vec3 vToEye;
/** Direction from the centre of the left or right eye, turned back to rest for the eyeball. */
centroid out vec3 vEye;
centroid out vec3 vSocket;
centroid out vec3 vHead;
flat out int vPart;
flat out int vSlot;
/** Angles of the upper lid and the lower lid beside an eye. */
flat out vec2 vLids;

${HEAD_MOVES}
void main() {
  vSlot = int(slot);
  vPart = int(looks.x);
  vLooks = looks;
  vRest = position;
  vec3 p = position;
  vec3 n = normal;
  displace(p, n);
  vec4 turns0 = recordAt(${RECORD.turns});
  vec4 turns1 = recordAt(${RECORD.turns + 1});
  vec4 turns2 = recordAt(${RECORD.turns + 2});
  turnJaw(p, n, turns0.x * mix(rig.x, rig.y, turns0.y));

  int by = int(rig.w);
  bool right = by > 3;
  if (right) by -= 3;
  vec3 centre = right || (by == 0 && position.y < 0.0) ? eyeAt * vec3(1.0, -1.0, 1.0) : eyeAt;
  vLids = right ? turns1.xy : turns0.zw;
  p -= centre;
  vEye = p;
  if (by == 3) {
    turnEye(p, n, right ? turns2.xy : turns1.zw);
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

  stand(p, n, ${RECORD.place});
}
`;
