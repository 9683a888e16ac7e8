import { expect, test } from 'vitest';
import { attributeOf, parseXml, valueOf } from './xml';

const tags = (text: string): string[] => parseXml(text).elements.map(({ tag, line }) => `${tag}:${line}`);

test('elements come in order with their lines and parents', () => {
  const document = parseXml('<?xml version="1.0"?>\n<a>\n <b/>\n <c>\n  <d/></c>\n</a>\n');
  expect(document.elements.map(({ tag, line, parent }) => [tag, line, parent])).toEqual([
    ['a', 2, -1],
    ['b', 3, 0],
    ['c', 4, 0],
    ['d', 5, 2],
  ]);
  expect(document.unclosed).toBeNull();
});

test('comments, CDATA, instructions and doctypes hold no elements', () => {
  expect(tags('<!-- <x> --><!DOCTYPE a [<!ENTITY e "<y>">]><a><![CDATA[<z/>]]></a>')).toEqual(['a:1']);
});

test('a bracket inside quotes does not end a tag', () => {
  const document = parseXml('<a b="x>y" c=\'2\'/>');
  const [a] = document.elements;
  if (a === undefined) throw new Error('no element');
  expect(valueOf(document, a, 'b')).toBe('x>y');
  expect(valueOf(document, a, 'c')).toBe('2');
  expect(valueOf(document, a, 'd')).toBeUndefined();
});

test('attribute names are matched whole, values are unescaped, offsets point at the raw value', () => {
  const text = '<mesh fileright="r"\n file = "a&amp;b&#46;obj"/>';
  const document = parseXml(text);
  const [mesh] = document.elements;
  if (mesh === undefined) throw new Error('no element');
  const file = attributeOf(document, mesh, 'file');
  expect(file?.value).toBe('a&b.obj');
  expect(text.slice(file?.start, file?.end)).toBe('a&amp;b&#46;obj');
});

test.each([
  ['<a><b>', 'b'],
  ['<a><b', 'b'],
  ['<a><b x="', 'b'],
  ['<a><!-- ', 'a'],
])('%s is cut off inside <%s>', (text, tag) => {
  expect(parseXml(text).unclosed?.tag).toBe(tag);
});

test('closing tags too many are left to the engine', () => {
  expect(parseXml('<a></a></b>').unclosed).toBeNull();
});

test('a hundred thousand nested elements are no deeper than their text', () => {
  const depth = 100_000;
  const { elements, unclosed } = parseXml('<b>'.repeat(depth) + '</b>'.repeat(depth));
  expect(elements).toHaveLength(depth);
  expect(unclosed).toBeNull();
});
