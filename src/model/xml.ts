/**
 * A small forgiving XML reader: elements with their lines and offsets, attributes on demand.
 *
 * It never throws and never recurses, so that hostile files cost no more than their length. Whether a file is well
 * formed is for MuJoCo to say; this one only has to see what MuJoCo would see. Entities are not expanded beyond XML's
 * own five, as in MuJoCo.
 */

export interface XmlElement {
  readonly tag: string;
  /** 1-based line of its `<`. */
  readonly line: number;
  /** Index of the parent among the document's elements, -1 at the top. */
  readonly parent: number;
  /** Offsets into the text: `<`, the end of the tag's name, just past the opening tag's `>`. */
  readonly start: number;
  readonly nameEnd: number;
  readonly openEnd: number;
  /** Offsets of the closing tag, both `openEnd` where there is none. */
  closeStart: number;
  closeEnd: number;
}

export interface XmlDocument {
  readonly text: string;
  /** In document order. */
  readonly elements: readonly XmlElement[];
  /** What is still open where the text ends: the file is cut off. */
  readonly unclosed: XmlElement | null;
  /** Lines in all. */
  readonly lines: number;
}

export interface XmlAttribute {
  readonly value: string;
  /** Offsets of the raw value, without its quotes. */
  readonly start: number;
  readonly end: number;
}

const NAME_END = /[\s/>]/g;

/** Reads the elements of an XML text. */
export function parseXml(text: string): XmlDocument {
  const elements: XmlElement[] = [];
  const open: number[] = [];
  let cutOff = false;
  let line = 1;
  let newline = text.indexOf('\n');
  const lineAt = (offset: number): number => {
    for (; newline >= 0 && newline < offset; newline = text.indexOf('\n', newline + 1)) line += 1;
    return line;
  };

  let at = text.indexOf('<');
  while (at >= 0) {
    let end: number;
    if (text.startsWith('<!--', at)) end = past(text, '-->', at + 4);
    else if (text.startsWith('<![CDATA[', at)) end = past(text, ']]>', at + 9);
    else if (text.startsWith('<?', at)) end = past(text, '?>', at + 2);
    else if (text.startsWith('<!', at)) end = pastDoctype(text, at + 2);
    else if (text.startsWith('</', at)) {
      end = past(text, '>', at + 2);
      const element = elements[open.pop() ?? -1];
      if (element !== undefined && end > 0) {
        element.closeStart = at;
        element.closeEnd = end;
      }
    } else {
      end = pastTag(text, at + 1);
      NAME_END.lastIndex = at + 1;
      const nameEnd = NAME_END.exec(text)?.index ?? text.length;
      const openEnd = end < 0 ? text.length : end;
      elements.push({
        tag: text.slice(at + 1, nameEnd),
        line: lineAt(at),
        parent: open.at(-1) ?? -1,
        start: at,
        nameEnd,
        openEnd,
        closeStart: openEnd,
        closeEnd: openEnd,
      });
      if (end < 0 || text[end - 2] !== '/') open.push(elements.length - 1);
    }
    if (end < 0) {
      cutOff = true;
      break;
    }
    at = text.indexOf('<', end);
  }
  const lines = lineAt(text.length);
  const innermost = elements[open.at(-1) ?? -1] ?? null;
  return { text, elements, unclosed: cutOff ? (innermost ?? elements.at(-1) ?? null) : innermost, lines };
}

/** An attribute of an element, or null. */
export function attributeOf(document: XmlDocument, element: XmlElement, name: string): XmlAttribute | null {
  const { text } = document;
  let at = element.nameEnd;
  while (at < element.openEnd) {
    const equals = text.indexOf('=', at);
    if (equals < 0 || equals >= element.openEnd) return null;
    let open = equals + 1;
    while (open < element.openEnd && text[open] !== '"' && text[open] !== "'") open += 1;
    const close = text.indexOf(text[open] ?? '"', open + 1);
    if (open >= element.openEnd || close < 0) return null;
    if (text.slice(at, equals).trim() === name)
      return { value: unescape(text.slice(open + 1, close)), start: open + 1, end: close };
    at = close + 1;
  }
  return null;
}

/** An attribute's value, or undefined. */
export function valueOf(document: XmlDocument, element: XmlElement, name: string): string | undefined {
  return attributeOf(document, element, name)?.value;
}

/** Text as it may stand in a quoted attribute. */
export function escapeAttribute(value: string): string {
  return value
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&apos;');
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescape(value: string): string {
  if (!value.includes('&')) return value;
  return value.replace(/&(#x?[0-9a-f]+|\w+);/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return ENTITIES[name] ?? whole;
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0 && code <= 0x10_ff_ff ? String.fromCodePoint(code) : whole;
  });
}

function past(text: string, mark: string, from: number): number {
  const found = text.indexOf(mark, from);
  return found < 0 ? -1 : found + mark.length;
}

/** Past a tag's `>`, which may also stand inside quotes. */
function pastTag(text: string, from: number): number {
  let quote = 0;
  for (let i = from; i < text.length; i += 1) {
    const code = text.charCodeAt(i);
    if (quote !== 0) {
      if (code === quote) quote = 0;
    } else if (code === 0x22 || code === 0x27) quote = code;
    else if (code === 0x3e) return i + 1;
  }
  return -1;
}

/** Past a `<!DOCTYPE ...>`, whose internal subset stands in brackets. */
function pastDoctype(text: string, from: number): number {
  const end = past(text, '>', from);
  const bracket = text.indexOf('[', from);
  if (bracket < 0 || end < 0 || bracket > end) return end;
  const close = past(text, ']', bracket);
  return close < 0 ? -1 : past(text, '>', close);
}
