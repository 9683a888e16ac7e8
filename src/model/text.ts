/**
 * Bytes of an XML file to text, whatever it was encoded in.
 */

import { SimroomError } from '../core/errors';

/** First bytes of things people drop that are no XML, and what to tell them. */
const MAGIC: readonly (readonly [string, string])[] = [
  ['\x89PNG', 'a PNG picture'],
  ['PK\x03\x04', 'a zip archive: give it the extension .zip'],
  ['\x1f\x8b', 'a gzip archive: unpack it first'],
  ['Rar!', 'a RAR archive: unpack it, or pack it as .zip'],
  ['7z\xbc\xaf', 'a 7z archive: unpack it, or pack it as .zip'],
  ['glTF', 'a glTF model: MuJoCo reads MJCF and URDF'],
  ['%PDF', 'a PDF document'],
  ['solid ', 'an STL mesh: drop it together with the XML that uses it'],
];

/** Characters looked at to see an encoding declaration or a web page. */
const HEAD_CHARS = 512;

/**
 * Decodes UTF-8, UTF-16 and whatever encoding the XML declares; undeclared bytes that are no UTF-8 are taken as
 * Windows-1252.
 *
 * @throws SimroomError `not-a-model` for empty files, binary data and web pages
 */
export function decodeXml(bytes: Uint8Array, path: string): string {
  if (bytes.length === 0) throw notXml(path, 'it is empty');
  const head = String.fromCharCode(...bytes.subarray(0, HEAD_CHARS));
  const magic = MAGIC.find(([start]) => head.startsWith(start));
  if (magic !== undefined) throw notXml(path, `it is ${magic[1]}`);
  const text = decode(bytes, encodingOf(bytes, head), path);
  const start = text.trimStart();
  if (start === '') throw notXml(path, 'it holds nothing but white space');
  if (text.includes('\0')) throw notXml(path, 'it is binary data');
  if (/^<(!doctype\s+)?html/i.test(start))
    throw notXml(path, 'it is a web page: give the address of the raw file');
  if (!start.startsWith('<'))
    throw notXml(path, `it is no XML: it begins with ${JSON.stringify(start.slice(0, 20))}`);
  return text;
}

function encodingOf(bytes: Uint8Array, head: string): string {
  if (head.startsWith('\xef\xbb\xbf')) return 'utf-8';
  if (head.startsWith('\xff\xfe') || head.startsWith('<\0')) return 'utf-16le';
  if (head.startsWith('\xfe\xff') || head.startsWith('\0<')) return 'utf-16be';
  const declared = /^\s*<\?xml[^>]*encoding\s*=\s*["']([\w.:-]+)["']/i.exec(head)?.[1]?.toLowerCase();
  // One byte per character was enough to read the declaration, so a declared UTF-16 is wrong.
  if (declared !== undefined && declared !== 'utf-8' && declared !== 'utf8' && !declared.startsWith('utf-16'))
    return declared;
  return isUtf8(bytes) ? 'utf-8' : 'windows-1252';
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch (thrown) {
    if (thrown instanceof TypeError) return false;
    throw thrown;
  }
}

function decode(bytes: Uint8Array, encoding: string, path: string): string {
  try {
    return new TextDecoder(encoding).decode(bytes);
  } catch (thrown) {
    if (!(thrown instanceof RangeError)) throw thrown;
    throw new SimroomError(
      'xml-invalid',
      `${path} declares the encoding "${encoding}", which is unknown. Save it as UTF-8.`,
      { file: path, line: 1 },
    );
  }
}

function notXml(path: string, why: string): SimroomError {
  return new SimroomError('not-a-model', `${path} is not a model: ${why}.`, { file: path });
}
