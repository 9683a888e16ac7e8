import { describe, expect, it } from 'vitest';
import type { ModelCopy } from '../core/model';
import { lookup } from './lookup';

function model(...body: string[]): ModelCopy {
  return { names: { body } } as unknown as ModelCopy;
}

describe('lookup', () => {
  it('finds by name and by id', () => {
    expect(lookup(model('world', 'cart', ''), 'body', 'cart')).toBe(1);
    expect(lookup(model('world', 'cart', ''), 'body', 2)).toBe(2);
  });

  it('names what there is instead', () => {
    expect(() => lookup(model('world', 'cart', ''), 'body', 'card')).toThrow(
      'There is no body named "card": use one of world, cart.',
    );
    expect(() => lookup(model('', ''), 'body', 'card')).toThrow(/none has a name, use a number/);
    expect(() => lookup(model('world'), 'body', 1)).toThrow(/no body 1: this model has 1/);
    expect(() => lookup(model('world'), 'body', 0.5)).toThrow(/no body 0.5/);
  });

  it('does not take an unnamed object for the empty name', () => {
    expect(() => lookup(model('world', ''), 'body', '')).toThrow(/no body named ""/);
  });
});
