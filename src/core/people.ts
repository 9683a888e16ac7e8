/** Colours of people: told apart at a glance on light and dark, and by the common kinds of colour blindness in pairs. */
export const PEOPLE_COLOURS = [
  '#3b82f6',
  '#e8590c',
  '#12b886',
  '#be4bdb',
  '#f0a500',
  '#e64980',
  '#15aabf',
  '#82c91e',
  '#7950f2',
  '#d6336c',
  '#868e96',
  '#c2255c',
] as const;

/** The colour of an index that may come from anyone. */
export function peopleColour(index: number): string {
  return PEOPLE_COLOURS[index % PEOPLE_COLOURS.length] ?? PEOPLE_COLOURS[0];
}
