/**
 * What a model will grow to, counted before MuJoCo sees it: a line of XML can ask for a million bodies, and compiling
 * cannot be interrupted.
 *
 * The counts are upper estimates of what costs time and memory; the limits and their reasons stand in `limits.ts`.
 */

import { SimroomError } from '../core/errors';
import {
  MAX_DOFS,
  MAX_ELEMENTS,
  MAX_HFIELD_SAMPLES,
  MAX_REPLICATE_COUNT,
  MAX_TEXTURE_BYTES,
  sizeText,
} from './limits';
import { elementsOf, filesOf, modelsOf, type Part, rootOf } from './parts';
import { valueOf, type XmlElement } from './xml';

/** What a model grows to. */
export interface Growth {
  /** Bodies, joints, geoms, sites, cameras and lights. */
  readonly elements: number;
  /** Degrees of freedom. */
  readonly dofs: number;
}

/** Elements that become objects of the model. */
const OBJECTS = new Set([
  'body',
  'geom',
  'site',
  'joint',
  'freejoint',
  'camera',
  'light',
  'link',
  'collision',
  'visual',
]);
const JOINT_DOFS: Readonly<Record<string, number>> = { free: 6, ball: 3 };
const FREE_DOFS = 6;
/** A particle, a cable's element or a flex's vertex moves in three directions or turns about three axes. */
const COMPOSITE_DOFS = 3;
/** Objects that one element of a composite becomes: body, joint, geom. */
const COMPOSITE_OBJECTS = 3;
/** Flexes with these `dof` have few degrees of freedom, however many vertices. */
const COARSE_FLEX = new Set(['trilinear', 'quadratic', 'radial']);
const CUBE_FACES = 6;
const TEXTURE_CHANNELS = 3;
const PNG_CHANNELS = 4;

/**
 * Counts what a model grows to.
 *
 * @throws SimroomError `model-too-large`, naming the element and its line
 */
export function prescan(model: Part): Growth {
  const models = modelsOf(model);
  for (const each of models) checkSamples(each);
  return new Scan(models).growthOf(model);
}

class Scan {
  private readonly known = new Map<Part, Growth>();
  private readonly modelsByName = new Map<string, Part>();

  constructor(models: readonly Part[]) {
    for (const part of models.flatMap(filesOf))
      for (const [index, model] of part.models) this.nameModel(part, index, model);
  }

  growthOf(part: Part): Growth {
    const known = this.known.get(part);
    if (known !== undefined) return known;
    const { elements } = part.xml;
    const objects = new Float64Array(elements.length);
    const dofs = new Float64Array(elements.length);
    let total: Growth = { elements: 0, dofs: 0 };
    // Children come after their parents: backwards, each element is complete when it is reached.
    for (let i = elements.length - 1; i >= 0; i -= 1) {
      const element = elements[i];
      if (element === undefined) continue;
      const own = this.ownGrowth(part, element, i);
      const copies = element.tag === 'replicate' ? replicateCount(part, element) : 1;
      const grown = {
        elements: ((objects[i] ?? 0) + own.elements) * copies,
        dofs: ((dofs[i] ?? 0) + own.dofs) * copies,
      };
      checkGrowth(part, element, grown);
      if (element.parent < 0)
        total = { elements: total.elements + grown.elements, dofs: total.dofs + grown.dofs };
      else {
        objects[element.parent] = (objects[element.parent] ?? 0) + grown.elements;
        dofs[element.parent] = (dofs[element.parent] ?? 0) + grown.dofs;
      }
    }
    this.known.set(part, total);
    return total;
  }

  private ownGrowth(part: Part, element: XmlElement, index: number): Growth {
    const { tag } = element;
    const value = (name: string): string | undefined => valueOf(part.xml, element, name);
    if (tag === 'include') {
      const included = part.includes.get(index);
      return included === undefined ? { elements: 0, dofs: 0 } : this.growthOf(included);
    }
    if (tag === 'attach') {
      const attached = this.modelsByName.get(value('model') ?? '');
      return attached === undefined ? { elements: 0, dofs: 0 } : this.growthOf(attached);
    }
    if (tag === 'composite') {
      const count = product(value('count'));
      return { elements: count * COMPOSITE_OBJECTS, dofs: count * COMPOSITE_DOFS };
    }
    if (tag === 'flexcomp') {
      const count = product(value('count'));
      const still = value('rigid') === 'true' || COARSE_FLEX.has(value('dof') ?? '');
      return { elements: count, dofs: still ? 0 : count * COMPOSITE_DOFS };
    }
    if (!OBJECTS.has(tag)) return { elements: 0, dofs: 0 };
    const free = tag === 'freejoint' ? FREE_DOFS : 0;
    return { elements: 1, dofs: tag === 'joint' ? (JOINT_DOFS[value('type') ?? ''] ?? 1) : free };
  }

  /** An `attach` names its model by the `model` element's name, else by the name the model gives itself. */
  private nameModel(part: Part, index: number, model: Part): void {
    const element = part.xml.elements[index];
    const root = rootOf(model);
    const given = element === undefined ? undefined : valueOf(part.xml, element, 'name');
    const own = root === undefined ? undefined : valueOf(model.xml, root, 'model');
    this.modelsByName.set(given ?? own ?? '', model);
  }
}

function replicateCount(part: Part, element: XmlElement): number {
  const count = Number(valueOf(part.xml, element, 'count') ?? 1);
  if (!(count <= MAX_REPLICATE_COUNT) && !Number.isNaN(count))
    throw tooLarge(
      part,
      element,
      `count="${count}" asks for more than ${MAX_REPLICATE_COUNT} copies, which take minutes to make`,
      'Lower the count, or nest two replicates',
    );
  return Number.isNaN(count) ? 1 : Math.max(0, count);
}

function checkGrowth(part: Part, element: XmlElement, { elements, dofs }: Growth): void {
  if (elements > MAX_ELEMENTS)
    throw tooLarge(
      part,
      element,
      `it grows to ${elements.toLocaleString('en')} bodies, joints and geoms; at most ` +
        `${MAX_ELEMENTS.toLocaleString('en')} are loaded, because more take minutes and gigabytes in a browser`,
      'Lower the counts',
    );
  if (dofs > MAX_DOFS)
    throw tooLarge(
      part,
      element,
      `it grows to ${dofs.toLocaleString('en')} degrees of freedom; at most ${MAX_DOFS.toLocaleString('en')} are ` +
        'loaded, because more take minutes and gigabytes in a browser',
      'Lower the counts, or remove joints',
    );
}

/** Height fields and built-in textures, whose attributes alone decide their size. */
function checkSamples(model: Part): void {
  let bytes = 0;
  for (const { part, element } of elementsOf(model)) {
    const number = (name: string): number => Number(valueOf(part.xml, element, name) ?? 0) || 0;
    if (element.tag === 'hfield') {
      const samples = number('nrow') * number('ncol');
      if (samples > MAX_HFIELD_SAMPLES)
        throw tooLarge(
          part,
          element,
          `${samples.toLocaleString('en')} samples; at most ${MAX_HFIELD_SAMPLES.toLocaleString('en')} fit`,
          'Lower nrow and ncol',
        );
    } else if (element.tag === 'texture') {
      const faces = valueOf(part.xml, element, 'type') === '2d' ? 1 : CUBE_FACES;
      // A cube's height follows from its width.
      const height = faces === 1 ? number('height') : number('width');
      bytes += number('width') * height * faces * TEXTURE_CHANNELS;
      if (bytes > MAX_TEXTURE_BYTES)
        throw tooLarge(
          part,
          element,
          `the textures up to here need ${sizeText(bytes)}; at most ${sizeText(MAX_TEXTURE_BYTES)} fit`,
          'Lower width and height',
        );
    }
  }
}

/** Offsets in a PNG file: its signature, then the header's width and height, big-endian. */
const PNG_SIGNATURE = 0x89_50_4e_47;
const PNG_WIDTH = 16;
const PNG_HEIGHT = 20;

/**
 * Checks what pictures unpack to: a few kB of PNG can hold gigabytes.
 *
 * @throws SimroomError `model-too-large`
 */
export function checkPictures(files: ReadonlyMap<string, Uint8Array>): void {
  for (const [path, bytes] of files) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    if (bytes.length < PNG_HEIGHT + 4 || view.getUint32(0) !== PNG_SIGNATURE) continue;
    const width = view.getUint32(PNG_WIDTH);
    const height = view.getUint32(PNG_HEIGHT);
    if (width * height * PNG_CHANNELS > MAX_TEXTURE_BYTES)
      throw new SimroomError(
        'model-too-large',
        `${path} is a picture of ${width} by ${height} pixels, which unpack to more than ${sizeText(MAX_TEXTURE_BYTES)}. ` +
          'Make it smaller.',
        { file: path },
      );
  }
}

/** The product of a count such as `8 8 8`, 0 when it is absent or no numbers. */
function product(text: string | undefined): number {
  if (text === undefined) return 0;
  return text
    .trim()
    .split(/\s+/)
    .map(Number)
    .reduce((sum, count) => sum * (Number.isNaN(count) ? 0 : Math.max(count, 1)), 1);
}

function tooLarge(part: Part, element: XmlElement, what: string, next: string): SimroomError {
  return new SimroomError(
    'model-too-large',
    `${part.path}, line ${element.line}, <${element.tag}>: ${what}. ${next}.`,
    { file: part.path, line: element.line, element: element.tag },
  );
}
