/**
 * The files a model's XML refers to besides other XML, found as MuJoCo would find them; and the edits that make the
 * XML portable: roots of other machines taken off, URDF told to keep its pictures.
 */

import { SimroomError } from '../core/errors';
import { elementsOf, modelsOf, type Part, type Placed, rootOf } from './parts';
import { extensionOf, fileNameOf, folderOf, joinPath, withoutRoot } from './paths';
import { attributeOf, escapeAttribute, valueOf, type XmlElement } from './xml';

export interface AssetReference {
  readonly part: Part;
  readonly element: XmlElement;
  /** Where MuJoCo looks, in its order. */
  readonly tries: readonly string[];
  /** Where else the file may lie: a URDF's packages. */
  readonly elsewhere: readonly string[];
}

/** A replacement in a file's text. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

export interface Assets {
  readonly references: readonly AssetReference[];
  readonly edits: ReadonlyMap<Part, readonly Edit[]>;
  readonly warnings: readonly string[];
}

const CUBE_FACES = ['fileright', 'fileleft', 'fileup', 'filedown', 'filefront', 'fileback'] as const;

/** Attributes that name files, by element, and the compiler attribute that names their folder. */
const FILE_ATTRIBUTES: Readonly<
  Record<string, readonly [folder: 'meshdir' | 'texturedir', ...names: string[]]>
> = {
  mesh: ['meshdir', 'file'],
  hfield: ['meshdir', 'file'],
  skin: ['meshdir', 'file'],
  flexcomp: ['meshdir', 'file'],
  texture: ['texturedir', 'file', ...CUBE_FACES],
};

/** What a URDF is compiled with when it does not say: pictures kept, folders kept, unphysical inertias mended. */
const URDF_COMPILER = { discardvisual: 'false', strippath: 'false', balanceinertia: 'true' } as const;

/** Everything the model refers to, attached models included. */
export function assetsOf(model: Part): Assets {
  const edits = new Map<Part, readonly Edit[]>();
  const references: AssetReference[] = [];
  const warnings: string[] = [];
  for (const main of modelsOf(model)) {
    const found = rootOf(main)?.tag === 'robot' ? urdfAssets(main) : mjcfAssets(main);
    references.push(...found.references);
    warnings.push(...found.warnings);
    for (const [part, list] of found.edits) edits.set(part, list);
  }
  return { references, edits, warnings };
}

/** Applies edits, which do not overlap. */
export function edited(text: string, edits: readonly Edit[]): string {
  let result = '';
  let at = 0;
  for (const edit of edits.toSorted((a, b) => a.start - b.start)) {
    result += text.slice(at, edit.start) + edit.text;
    at = edit.end;
  }
  return result + text.slice(at);
}

class Collector {
  readonly references: AssetReference[] = [];
  readonly edits = new Map<Part, Edit[]>();
  readonly warnings: string[] = [];

  /** An attribute's value without a root of another machine; the text is edited to say so too. */
  portable({ part, element }: Placed, name: string): string | undefined {
    const attribute = attributeOf(part.xml, element, name);
    if (attribute === null || attribute.value === '') return undefined;
    const value = withoutRoot(attribute.value);
    if (value !== attribute.value.trim())
      this.edit(part, attribute.start, attribute.end, escapeAttribute(value));
    return value;
  }

  edit(part: Part, start: number, end: number, text: string): void {
    this.edits.set(part, [...(this.edits.get(part) ?? []), { start, end, text }]);
  }
}

function mjcfAssets(main: Part): Assets {
  const collector = new Collector();
  const placed = [...elementsOf(main)];
  // The compiler's folders hold for the whole model, wherever it stands; the last one wins.
  const compiler: Record<string, string | undefined> = {};
  for (const place of placed) {
    if (place.element.tag !== 'compiler') continue;
    for (const name of ['assetdir', 'meshdir', 'texturedir'])
      compiler[name] = collector.portable(place, name) ?? compiler[name];
    compiler['strippath'] = valueOf(place.part.xml, place.element, 'strippath') ?? compiler['strippath'];
  }
  const root = folderOf(main.path);
  for (const place of placed) {
    const { part, element } = place;
    if (element.tag === 'include' || element.tag === 'model') collector.portable(place, 'file');
    const [folder, ...names] = FILE_ATTRIBUTES[element.tag] ?? [];
    if (folder === undefined) continue;
    for (const name of names) {
      const value = collector.portable(place, name);
      if (value === undefined) continue;
      const file = compiler['strippath'] === 'true' ? fileNameOf(joinPath(value)) : value;
      const base = joinPath(root, compiler[folder] ?? compiler['assetdir'] ?? '');
      const beside = relativeFolder(part, main);
      const tries =
        beside === '' ? [joinPath(base, file)] : [joinPath(base, file), joinPath(base, beside, file)];
      collector.references.push({ part, element, tries, elsewhere: [] });
    }
  }
  return collector;
}

/** Folder of an included file, as seen from the main one. */
function relativeFolder(part: Part, main: Part): string {
  const root = folderOf(main.path);
  const folder = folderOf(part.path);
  if (root === '') return folder;
  return folder === root || !folder.startsWith(`${root}/`) ? '' : folder.slice(root.length + 1);
}

function urdfAssets(main: Part): Assets {
  const collector = new Collector();
  const { xml } = main;
  const placed = [...elementsOf(main)];
  const own = placed.find(({ element }) => element.tag === 'compiler');
  const compiler: Record<string, string | undefined> = { strippath: own === undefined ? 'false' : 'true' };
  if (own !== undefined)
    for (const name of ['meshdir', 'assetdir', 'strippath', 'discardvisual'])
      compiler[name] = collector.portable(own, name) ?? compiler[name];
  const discard =
    own === undefined ? withoutCollada(main, placed, collector) : compiler['discardvisual'] !== 'false';
  for (const place of placed) {
    const { element } = place;
    if (element.tag !== 'mesh') continue;
    const original = valueOf(xml, element, 'filename');
    const value = collector.portable(place, 'filename');
    if (original === undefined || value === undefined || (discard && isVisual(main, element))) continue;
    if (extensionOf(value) === '.dae') throw collada(main, element, value);
    const file = compiler['strippath'] === 'true' ? fileNameOf(joinPath(value)) : value;
    const base = joinPath(folderOf(main.path), compiler['meshdir'] ?? compiler['assetdir'] ?? '');
    collector.references.push({
      part: main,
      element,
      tries: [joinPath(base, file)],
      elsewhere: /^(package|model):/.test(original) ? packagePaths(folderOf(main.path), value) : [],
    });
  }
  const root = rootOf(main);
  if (own === undefined && root !== undefined) {
    const attributes = Object.entries({ ...URDF_COMPILER, discardvisual: String(discard) });
    const text = attributes.map(([name, value]) => ` ${name}="${value}"`).join('');
    // On the line of the root element: line numbers stay what they were.
    collector.edit(main, root.openEnd, root.openEnd, `<mujoco><compiler${text}/></mujoco>`);
  }
  return collector;
}

/** Whether to leave the visuals out: MuJoCo reads no COLLADA, and many robots use it only for looks. */
function withoutCollada(main: Part, placed: readonly Placed[], collector: Collector): boolean {
  const meshes = placed.filter(({ element }) => element.tag === 'mesh');
  const isCollada = ({ element }: Placed): boolean =>
    extensionOf(valueOf(main.xml, element, 'filename') ?? '') === '.dae';
  const visual = meshes.filter((mesh) => isCollada(mesh) && isVisual(main, mesh.element));
  const hasCollisions = placed.some(({ element }) => element.tag === 'collision');
  if (
    visual.length === 0 ||
    !hasCollisions ||
    meshes.some((mesh) => isCollada(mesh) && !isVisual(main, mesh.element))
  )
    return false;
  collector.warnings.push(
    `${main.path}: ${visual.length} visual meshes are COLLADA files (.dae), which MuJoCo does not read: the collision ` +
      'shapes are shown instead. Convert them to .obj or .stl to see them.',
  );
  return true;
}

function isVisual(main: Part, element: XmlElement): boolean {
  for (let at: XmlElement | undefined = element; at !== undefined; at = main.xml.elements[at.parent])
    if (at.tag === 'visual') return true;
  return false;
}

function collada(main: Part, element: XmlElement, file: string): SimroomError {
  return new SimroomError(
    'model-rejected',
    `${main.path}, line ${element.line}, <mesh>: ${file} is a COLLADA file, and MuJoCo reads meshes from .obj, .stl ` +
      'and .msh only. Convert it, e.g. with Blender, and change the name in the file.',
    { file: main.path, line: element.line, element: 'mesh' },
  );
}

/** Where a ROS package's file may lie, seen from a URDF inside that package or beside it. */
function packagePaths(folder: string, value: string): string[] {
  const [name = '', ...rest] = joinPath(value).split('/');
  const inside = rest.join('/');
  const folders = folder.split('/');
  const at = folders.lastIndexOf(name);
  const above = at < 0 ? [] : [joinPath(...folders.slice(0, at + 1), inside)];
  return [
    ...above,
    joinPath(folder, '..', inside),
    joinPath(folder, inside),
    joinPath(folder, '../..', value),
  ];
}
