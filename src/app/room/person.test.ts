// @vitest-environment happy-dom
import { afterEach, describe, expect, it } from 'vitest';
import { OwnPerson } from './person';

afterEach(() => window.localStorage.clear());

describe('what others see of oneself', () => {
  it('is a numbered guest at first, and the same ever after', () => {
    const { settings } = new OwnPerson();
    expect(settings.name).toMatch(/^Guest [1-9][0-9]?$/);
    expect(new OwnPerson().settings).toEqual(settings);
  });

  it('is what one has chosen, from then on', () => {
    const person = new OwnPerson();
    person.change({ name: '  Ana ' });
    person.change({ colour: 3 });
    expect(person.settings).toEqual({ name: 'Ana', colour: 3 });
    expect(new OwnPerson().settings).toEqual({ name: 'Ana', colour: 3 });
  });

  it('stays when what is asked for cannot be', () => {
    const person = new OwnPerson();
    const { settings } = person;
    for (const changes of [{ name: '  ' }, { name: 'x'.repeat(65) }, { colour: 99 }, { colour: -1 }]) {
      expect(() => person.change(changes)).toThrow(expect.objectContaining({ code: 'bad-argument' }));
    }
    expect(person.settings).toBe(settings);
  });

  it('does not trust what lies in the storage', () => {
    for (const stored of ['{', '"x"', '{"name":""}', '{"name":"Ana","colour":"red"}']) {
      window.localStorage.setItem('simroom.person', stored);
      expect(new OwnPerson().settings.name).toMatch(/^Guest/);
    }
    window.localStorage.setItem('simroom.person', '{"name":"Ana","colour":1000}');
    expect(new OwnPerson().settings).toEqual({ name: 'Ana', colour: 0 });
  });
});
