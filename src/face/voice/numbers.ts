/** Numbers and signs in English words. */

const SMALL =
  'zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen'.split(
    ' ',
  );
const TENS = '  twenty thirty forty fifty sixty seventy eighty ninety'.split(' ');
const POWERS = ['', 'thousand', 'million', 'billion', 'trillion'];
/** More digits are said one by one. */
const MAX_DIGITS = 15;

const SIGNS: Readonly<Record<string, string>> = {
  '&': 'and',
  '%': 'percent',
  '@': 'at',
  '+': 'plus',
  '=': 'equals',
  '#': 'number',
  $: 'dollars',
  '€': 'euros',
  '£': 'pounds',
  '°': 'degrees',
};

/** The word for a sign, or nothing. */
export const wordOfSign = (sign: string): string => SIGNS[sign] ?? '';

/**
 * A number in words.
 *
 * @param digits decimal digits, with commas between thousands and a point
 */
export function wordsOfNumber(digits: string): string {
  const [whole = '', fraction = ''] = digits.replaceAll(',', '').split('.', 2);
  const words = whole.length > MAX_DIGITS ? oneByOne(whole) : wholeInWords(Number(whole));
  return fraction === '' ? words : `${words} point ${oneByOne(fraction)}`;
}

function oneByOne(digits: string): string {
  return Array.from(digits, (digit) => SMALL[Number(digit)] ?? '').join(' ');
}

function wholeInWords(value: number): string {
  if (value === 0) return SMALL[0] ?? '';
  const parts: string[] = [];
  let rest = value;
  for (let power = 0; rest > 0; power++) {
    const group = rest % 1000;
    rest = Math.floor(rest / 1000);
    if (group > 0) parts.unshift(`${hundreds(group)} ${POWERS[power] ?? ''}`.trim());
  }
  return parts.join(' ');
}

function hundreds(value: number): string {
  const parts: string[] = [];
  if (value >= 100) parts.push(`${SMALL[Math.floor(value / 100)] ?? ''} hundred`);
  const rest = value % 100;
  if (rest >= 20) {
    parts.push(TENS[Math.floor(rest / 10)] ?? '');
    if (rest % 10 > 0) parts.push(SMALL[rest % 10] ?? '');
  } else if (rest > 0) {
    parts.push(SMALL[rest] ?? '');
  }
  return parts.join(' ');
}
