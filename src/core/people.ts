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

/** What to write in on a colour (`#rrggbb`), for the better contrast (WCAG 2's relative luminance). */
export function inkOn(colour: string): string {
  const channel = (at: number): number => {
    const c = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  };
  const luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
  // White has a contrast of 1.05 / (L + 0.05), the ink of about (L + 0.05) / 0.055.
  return (luminance + 0.05) ** 2 > 1.05 * 0.055 ? '#0b0f14' : '#ffffff';
}
