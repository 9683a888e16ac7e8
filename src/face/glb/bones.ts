import { isWithin, type Gltf, type GltfNode } from './document';
import { isObject, objectAt, textAt } from './json';

/** Nodes that turn a head or its parts; -1 for none. */
export interface Bones {
  readonly head: number;
  readonly leftEye: number;
  readonly rightEye: number;
  readonly jaw: number;
}

/** What beside an eye is named after it. */
const NEAR_EYES =
  /^(?:lash|lashes|eyelash|eyelashes|lid|lids|eyelid|brow|brows|eyebrow|socket|target|look|aim|end|top|shadow)$/;

/**
 * Finds a head's bones: as a VRM names them, or by the usual names (`Head`, `LeftEye`, `eye_L`, `mixamorig:Head`,
 * `J_Adj_L_FaceEye`).
 */
export function findBones(gltf: Gltf): Bones {
  const vrm = { ...vrm0Bones(gltf), ...vrm1Bones(gltf) };
  const named = gltf.nodes.map(({ name }) => words(name));
  const joints = new Set(gltf.skins.flatMap((skin) => skin.joints));
  const find = (bone: string, test: (words: readonly string[]) => boolean, under = -1): number => {
    const known = vrm[bone];
    if (known !== undefined && gltf.nodes[known] !== undefined) return known;
    let best = -1;
    named.forEach((words, i) => {
      if (!test(words) || (under >= 0 && !isWithin(gltf.nodes, i, under))) return;
      if (best < 0 || rank(gltf.nodes, joints, i) < rank(gltf.nodes, joints, best)) best = i;
    });
    return best;
  };
  const head = find(
    'head',
    (of) => of.includes('head') && !of.some((word) => /^(?:end|top|target|look)$/.test(word)),
  );
  const isEye =
    (side: string) =>
    (of: readonly string[]): boolean =>
      of.some((word) => /^(?:face)?eye(?:s|ball|balls)?$/.test(word)) &&
      of.some((word) => word === side || word === side.charAt(0)) &&
      !of.some((word) => NEAR_EYES.test(word));
  return {
    head,
    leftEye: find('leftEye', isEye('left')),
    rightEye: find('rightEye', isEye('right')),
    jaw: find('jaw', (of) => of.includes('jaw') && !of.includes('end'), head),
  };
}

/** Bones come before meshes of the same name, and what is higher up before what hangs on it. */
function rank(nodes: readonly GltfNode[], joints: ReadonlySet<number>, node: number): number {
  let depth = 0;
  for (let i = node; i >= 0; i = nodes[i]?.parent ?? -1) depth++;
  return depth + (joints.has(node) ? 0 : nodes.length);
}

/** `leftEye`, `Eye_L`, `rig:EYE.L` as words in lower case. */
function words(name: string): readonly string[] {
  return name
    .slice(0, 64)
    .replaceAll(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .replaceAll(/(left|right)/g, ' $1 ')
    .split(/[^a-z]+/)
    .filter((word) => word !== '');
}

type Named = Readonly<Record<string, number>>;

function vrm0Bones(gltf: Gltf): Named {
  const list = objectAt(objectAt(objectAt(gltf.json, 'extensions'), 'VRM'), 'humanoid')['humanBones'];
  const bones = Array.isArray(list) ? list.filter(isObject) : [];
  return Object.fromEntries(
    bones.flatMap((bone): [string, number][] => {
      const [name, node] = [textAt(bone, 'bone'), bone['node']];
      return name !== null && typeof node === 'number' ? [[name, node]] : [];
    }),
  );
}

function vrm1Bones(gltf: Gltf): Named {
  const bones = objectAt(objectAt(objectAt(gltf.json, 'extensions'), 'VRMC_vrm'), 'humanoid');
  return Object.fromEntries(
    Object.entries(objectAt(bones, 'humanBones')).flatMap(([name, bone]): [string, number][] => {
      const node = isObject(bone) ? bone['node'] : undefined;
      return typeof node === 'number' ? [[name, node]] : [];
    }),
  );
}
