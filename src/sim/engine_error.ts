/**
 * MuJoCo's own words about a model, and the file, line and element they are about.
 */

import { SimroomError } from '../core/errors';
import { elementsOf, filesOf, modelsOf, type Part } from '../model/parts';
import { valueOf, type XmlElement } from '../model/xml';

/** What the engine said. */
export interface EngineWords {
  /** Its reason, without the binding's prefixes and the place. */
  readonly reason: string;
  /** Whether the text could not even be read; otherwise it was compiling. */
  readonly parsing: boolean;
  /** Elements it names with their lines, the innermost first; line 0 stands for one of an included file. */
  readonly places: readonly { readonly tag: string; readonly line: number }[];
  /** Line of a broken tag, in the file that the places lead to. */
  readonly brokenLine: number | null;
  /** Name and line of the object that does not compile. */
  readonly object: { readonly name: string; readonly line: number } | null;
}

const PREFIXES = /^(MuJoCo Error: |Could not create Spec from XML string: |XML Error: |Error: )+/;

/** Reads an error message of the parser or the compiler. */
export function engineWords(message: string): EngineWords {
  const places = [...message.matchAll(/Element '([^']*)', line (-?\d+)/g)].map(([, tag = '', line]) => ({
    tag,
    line: Number(line),
  }));
  const object = /Element name '([^']*)', id -?\d+(?:, line (-?\d+))?/.exec(message);
  const broken = /Line number=(\d+)/.exec(message);
  const reason = message
    .replace(PREFIXES, '')
    .replaceAll(/\n?Element '[^']*', line -?\d+\n*/g, '')
    .replace(/\n?Element name '[^']*', id -?\d+(, line -?\d+)?/, '')
    .trim();
  return {
    reason,
    parsing: message.includes('Could not create Spec'),
    places,
    brokenLine: broken === null ? null : Number(broken[1]),
    object: object === null ? null : { name: object[1] ?? '', line: Number(object[2] ?? 0) },
  };
}

/** A place in a model's files. */
export interface Location {
  readonly part: Part;
  readonly line: number;
  readonly element: XmlElement | null;
}

/**
 * Where the engine's words point. MuJoCo keeps no lines of included files: those are found with {@link flatten}.
 *
 * @returns null when the words do not tell
 */
export function locate(words: EngineWords, model: Part): Location | null {
  if (words.object !== null && words.object.line > 0) return locateObject(words.object, model);
  // An error inside an attached model names the elements that lead there, outermost last.
  let part: Part = model;
  for (const place of words.places.slice(1).toReversed()) {
    const index = part.xml.elements.findIndex(({ tag, line }) => tag === place.tag && line === place.line);
    const next = part.models.get(index);
    if (next === undefined) return null;
    part = next;
  }
  const place = words.places[0];
  if (words.brokenLine !== null) {
    const included = place?.tag === 'include' ? includedAt(part, place.line) : part;
    return included === null ? null : { part: included, line: words.brokenLine, element: null };
  }
  if (place === undefined || place.line <= 0) return null;
  return { part, line: place.line, element: elementAt(part, place.line, place.tag) };
}

function includedAt(part: Part, line: number): Part | null {
  const index = part.xml.elements.findIndex((element) => element.tag === 'include' && element.line === line);
  return part.includes.get(index) ?? null;
}

function elementAt(part: Part, line: number, tag: string): XmlElement | null {
  return part.xml.elements.find((element) => element.line === line && element.tag === tag) ?? null;
}

/** The engine tells an object's line but not its file; attaching and replicating lengthen its name. */
function locateObject({ name, line }: { name: string; line: number }, model: Part): Location | null {
  let best: Location | null = null;
  let bestLength = -1;
  for (const part of modelsOf(model)) {
    for (const element of part.xml.elements) {
      if (element.line !== line || element.parent < 0) continue;
      const own = valueOf(part.xml, element, 'name') ?? '';
      if (name.includes(own) && own.length > bestLength) {
        best = { part, line, element };
        bestLength = own.length;
      }
    }
  }
  return best;
}

export interface FlatModel {
  readonly text: string;
  /** File and line of each line of the text, from index 1 on. */
  readonly lines: readonly { readonly part: Part; readonly line: number }[];
}

/** The model with its includes written out, to make the engine tell the lines it otherwise loses. */
export function flatten(model: Part): FlatModel {
  let text = '';
  const lines: { part: Part; line: number }[] = [{ part: model, line: 0 }];
  const write = (part: Part, from: number, to: number, firstLine: number): void => {
    const slice = part.xml.text.slice(from, to);
    const count = slice.split('\n').length;
    for (let i = 0; i < count; i += 1) lines.push({ part, line: firstLine + i });
    text += `${slice}\n`;
  };
  const visit = (part: Part, from: number, to: number, firstLine: number): void => {
    let at = from;
    let line = firstLine;
    for (const [index, included] of [...part.includes].toSorted(([a], [b]) => a - b)) {
      const element = part.xml.elements[index];
      const root = included.xml.elements[0];
      if (element === undefined || root === undefined) continue;
      write(part, at, element.start, line);
      visit(included, root.openEnd, root.closeStart, lineOf(included, root.openEnd));
      at = element.closeEnd;
      line = lineOf(part, at);
    }
    write(part, at, to, line);
  };
  visit(model, 0, model.xml.text.length, 1);
  return { text, lines };
}

function lineOf(part: Part, offset: number): number {
  return part.xml.text.slice(0, offset).split('\n').length;
}

/** Whether some words leave the line open because it is in an included file. */
export function lacksLine(words: EngineWords, model: Part): boolean {
  if (filesOf(model).length === 1) return false;
  return words.object === null ? (words.places[0]?.line ?? 1) <= 0 : words.object.line <= 0;
}

/** The words about a flat model, told of the files it was made from. */
export function locateFlat(words: EngineWords, flat: FlatModel): Location | null {
  const line = words.object?.line ?? words.places[0]?.line ?? 0;
  const origin = line > 0 ? flat.lines[line] : undefined;
  if (origin === undefined) return null;
  const onLine = origin.part.xml.elements.filter((element) => element.line === origin.line);
  const tag = words.places[0]?.tag;
  const name = words.object?.name;
  const element = onLine.find((each) =>
    tag === undefined ? (valueOf(origin.part.xml, each, 'name') ?? '') === (name ?? '') : each.tag === tag,
  );
  return { ...origin, element: element ?? onLine[0] ?? null };
}

/** The error a person sees: where, what the engine says, what to do. */
export function engineError(words: EngineWords, location: Location | null, entry: string): SimroomError {
  const file = location?.part.path ?? entry;
  const element = location?.element ?? null;
  const name =
    element === null || location === null ? undefined : valueOf(location.part.xml, element, 'name');
  const tag = element?.tag ?? words.places[0]?.tag;
  const label = tag === undefined ? '' : `, <${tag}${name === undefined ? '' : ` name="${name}"`}>`;
  const where = `${file}${location === null ? '' : `, line ${location.line}`}${label}`;
  return new SimroomError(
    words.parsing ? 'xml-invalid' : 'model-rejected',
    `MuJoCo does not accept the model. ${where}: ${words.reason.replace(/\.?$/, '.')} Correct the file and load it again.`,
    {
      file,
      ...(location === null ? {} : { line: location.line }),
      ...(tag === undefined ? {} : { element: tag }),
    },
  );
}

/** All elements of all files with a name; for messages without any place. */
export function elementNamed(model: Part, name: string): Location | null {
  for (const each of modelsOf(model))
    for (const { part, element } of elementsOf(each))
      if (valueOf(part.xml, element, 'name') === name) return { part, line: element.line, element };
  return null;
}
