/**
 * A model's XML files as they hang together: includes and attached models, each read once.
 */

import { SimroomError } from '../core/errors';
import { MAX_FILES, MAX_XML_BYTES, sizeText } from './limits';
import { folderOf, joinPath, withoutRoot } from './paths';
import { decodeXml } from './text';
import type { Tree } from './tree';
import { parseXml, valueOf, type XmlDocument, type XmlElement } from './xml';

/** An XML file of a model. */
export interface Part {
  /** Where MuJoCo is to find it, relative to the source's root. */
  readonly path: string;
  readonly xml: XmlDocument;
  /** Files its `include` elements bring in, and the models its `model` elements name, by element index. */
  readonly includes: Map<number, Part>;
  readonly models: Map<number, Part>;
}

/** A reference to a file that does not exist. */
export interface MissingFile {
  readonly path: string;
  readonly part: Part;
  readonly element: XmlElement;
}

/** An element where it stands in the model with its includes. */
export interface Placed {
  readonly part: Part;
  readonly element: XmlElement;
  readonly index: number;
}

/** The root element, or undefined in a file without any. */
export function rootOf(part: Part): XmlElement | undefined {
  return part.xml.elements[0];
}

/** All elements of a model in MuJoCo's order, includes in place, attached models left out. */
export function* elementsOf(part: Part): Generator<Placed> {
  for (const [index, element] of part.xml.elements.entries()) {
    yield { part, element, index };
    const included = part.includes.get(index);
    if (included !== undefined) yield* elementsOf(included);
  }
}

/** The files of one model: itself and its includes. */
export function filesOf(part: Part): Part[] {
  return [part, ...[...part.includes.values()].flatMap(filesOf)];
}

/** A model and all it attaches, however deep, each once. */
export function modelsOf(main: Part): Part[] {
  const models = new Set([main]);
  // A set's iteration includes what is added on the way.
  for (const model of models)
    for (const file of filesOf(model)) for (const attached of file.models.values()) models.add(attached);
  return [...models];
}

/** Reads a model's XML files. References to missing ones are collected, for all to be told at once. */
export class PartReader {
  readonly missing: MissingFile[] = [];
  private readonly parts = new Map<string, Promise<Part | null>>();

  constructor(private readonly tree: Tree) {}

  /**
   * Reads a model with everything it includes and attaches.
   *
   * @throws SimroomError `not-found`, `not-a-model`, `xml-invalid`, `file-too-large`, `model-rejected`
   */
  async model(path: string): Promise<Part> {
    const main = await this.withIncludes(path, path, new Set([path]));
    if (main === null) throw new SimroomError('not-found', `There is no file ${path}.`, { file: path });
    const models = new Map([[main.path, main]]);
    for (const model of models.values()) await this.attach(model, models);
    refuseCircles(main);
    return main;
  }

  /** A file with its includes in place; `seen` ends circles and repetitions, which MuJoCo itself refuses. */
  private async withIncludes(path: string, main: string, seen: Set<string>): Promise<Part | null> {
    const source = await this.part([path]);
    if (source === null) return null;
    // Several models may include one file, and its own includes depend on the model.
    const part: Part = { ...source, includes: new Map(), models: new Map() };
    await Promise.all(
      part.xml.elements.map(async (element, index) => {
        if (element.tag !== 'include') return;
        const found = await this.find(part, element, main);
        if (found === null || seen.has(found)) return;
        seen.add(found);
        const included = await this.withIncludes(found, main, seen);
        if (included !== null) part.includes.set(index, included);
      }),
    );
    return part;
  }

  private async attach(model: Part, models: Map<string, Part>): Promise<void> {
    for (const { part, element, index } of elementsOf(model)) {
      if (element.tag !== 'model') continue;
      const found = await this.find(part, element, model.path);
      if (found === null) continue;
      const attached = models.get(found) ?? (await this.withIncludes(found, found, new Set([found])));
      if (attached === null) continue;
      models.set(found, attached);
      part.models.set(index, attached);
    }
  }

  /** Where the file of an `include` or `model` is: beside the main model first, then beside the file that asks. */
  private async find(asking: Part, element: XmlElement, main: string): Promise<string | null> {
    const file = valueOf(asking.xml, element, 'file');
    if (file === undefined) return null;
    const relative = withoutRoot(file);
    const tries = [joinPath(folderOf(main), relative), joinPath(folderOf(asking.path), relative)];
    const part = await this.part(tries);
    if (part === null) this.missing.push({ path: tries[0] ?? relative, part: asking, element });
    return part?.path ?? null;
  }

  private part(tries: readonly string[]): Promise<Part | null> {
    const known = this.parts.get(tries.join('\n'));
    if (known !== undefined) return known;
    if (this.parts.size > MAX_FILES)
      throw new SimroomError('model-too-large', `The model has more than ${MAX_FILES} XML files.`);
    const reading = this.read(tries);
    this.parts.set(tries.join('\n'), reading);
    return reading;
  }

  private async read(tries: readonly string[]): Promise<Part | null> {
    const found = await this.tree.read(tries);
    if (found === null) return null;
    // A file found elsewhere is treated as if it lay where the model looks for it.
    return parsePart(tries.includes(found.path) ? found.path : (tries[0] ?? found.path), found.bytes);
  }
}

/**
 * One XML file, alone.
 *
 * @throws SimroomError `file-too-large`, `not-a-model`, `xml-invalid`
 */
export function parsePart(path: string, bytes: Uint8Array): Part {
  if (bytes.length > MAX_XML_BYTES)
    throw new SimroomError(
      'file-too-large',
      `${path} has ${sizeText(bytes.length)} of XML; at most ${sizeText(MAX_XML_BYTES)} are loaded. ` +
        'Move meshes and height fields into files of their own.',
      { file: path },
    );
  const xml = parseXml(decodeXml(bytes, path));
  if (xml.unclosed !== null)
    throw new SimroomError(
      'xml-invalid',
      `${path} ends at line ${xml.lines} inside <${xml.unclosed.tag}> of line ${xml.unclosed.line}: the file is cut ` +
        'off, or a closing tag, quote or bracket is missing. Get the whole file again.',
      { file: path, line: xml.unclosed.line, element: xml.unclosed.tag },
    );
  return { path, xml, includes: new Map(), models: new Map() };
}

/** A model that attaches itself, however far around, would overflow MuJoCo's stack. */
function refuseCircles(main: Part): void {
  const done = new Set<Part>();
  const visit = (model: Part, above: ReadonlySet<Part>): void => {
    if (done.has(model)) return;
    const inside = new Set([...above, model]);
    for (const { part, element, index } of elementsOf(model)) {
      const attached = part.models.get(index);
      if (attached === undefined) continue;
      if (inside.has(attached))
        throw new SimroomError(
          'model-rejected',
          `${part.path}, line ${element.line}, <model>: ${attached.path} would attach itself without end. ` +
            'Attach another model there.',
          { file: part.path, line: element.line, element: 'model' },
        );
      visit(attached, inside);
    }
    done.add(model);
  };
  visit(main, new Set());
}
