import { expect, test } from 'vitest';
import { decodeXml } from './text';

const XML = '<mujoco model="Äpfel"/>';
const latin1 = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

function utf16(text: string, littleEndian: boolean, bom: boolean): Uint8Array {
  const bytes = new Uint8Array(2 * text.length + (bom ? 2 : 0));
  const view = new DataView(bytes.buffer);
  [...(bom ? '\ufeff' : ''), ...text].forEach((char, i) =>
    view.setUint16(2 * i, char.charCodeAt(0), littleEndian),
  );
  return bytes;
}

test.each([
  ['UTF-8', new TextEncoder().encode(XML)],
  ['UTF-8 with a BOM', new TextEncoder().encode(`\ufeff${XML}`)],
  ['UTF-16 little-endian', utf16(XML, true, true)],
  ['UTF-16 big-endian', utf16(XML, false, true)],
  ['UTF-16 without a BOM', utf16(XML, true, false)],
  ['undeclared Latin-1', latin1(XML)],
])('%s is read', (_, bytes) => {
  expect(decodeXml(bytes, 'a.xml')).toBe(XML);
});

test('a declared encoding is obeyed', () => {
  const text = `<?xml version="1.0" encoding="ISO-8859-15"?>${XML.replace('Ä', '\u00a4')}`;
  expect(decodeXml(latin1(text), 'a.xml')).toContain('€pfel');
});

test.each([
  ['an empty file', new Uint8Array(), 'empty'],
  ['white space', latin1(' \n '), 'white space'],
  ['a PNG', latin1('\x89PNG\r\n\x1a\n\0\0'), 'PNG picture'],
  ['an archive under another name', latin1('PK\x03\x04\0\0'), 'zip archive'],
  ['binary data', latin1('<\x01\x02\0\x03\xff'), 'binary data'],
  ['a web page', latin1('<!DOCTYPE html><html></html>'), 'web page'],
  ['prose', latin1('Dear MuJoCo,'), 'no XML'],
])('%s is refused with the reason', (_, bytes, reason) => {
  const decode = (): string => decodeXml(bytes, 'a.xml');
  expect(decode).toThrow(expect.objectContaining({ code: 'not-a-model' }));
  expect(decode).toThrow(reason);
});

test('an unknown encoding is named', () => {
  expect(() => decodeXml(latin1('<?xml version="1.0" encoding="klingon"?><a/>'), 'a.xml')).toThrow(
    /klingon.*UTF-8/,
  );
});
