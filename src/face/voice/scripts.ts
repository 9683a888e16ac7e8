import { MAX_WORD_CHARS, soundWord } from './english';

/** What words of any script sound like, as far as lips would show it to somebody who cannot read them. */

/** Latin letters that are no letter and a mark. */
const LATIN: Readonly<Record<string, string>> = {
  ß: 'ss',
  æ: 'ae',
  œ: 'oe',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'th',
  þ: 'th',
  ı: 'i',
};

/** Letters of other alphabets, without marks, that lips show: sounds as `sounds.ts` writes them, then the letters. */
const ALPHABETS: readonly (readonly [string, string])[] = [
  ['a', 'аяαاᅡᅣ'],
  ['e', 'еэєεᅢᅥᅦᅧ'],
  ['i', 'иіїыйηιυيᅵᅴ'],
  ['o', 'оёοωᅩᅭ'],
  ['u', 'уюوᅮᅲ'],
  ['P', 'мпбμπبمᄆᄇᄈᄑᆷᆸ'],
  ['F', 'фвφβف'],
  ['C', 'чшщжцحشجᄌᄎ'],
  ['S', 'сзσςζξسزᄉᄊ'],
  ['R', 'рρرᄅ'],
  ['N', 'нлνλنلᄂᆫᆯ'],
  ['K', 'кгхκγχكقᄀᄏᆨ'],
  ['T', 'θث'],
  ['D', 'тдτδتدᄃᄐ'],
  ['', 'ьъ'],
];
const BY_LETTER = new Map(
  ALPHABETS.flatMap(([sounds, letters]) => Array.from(letters, (letter) => [letter, sounds] as const)),
);

/** Scripts in which a character is a syllable at least. */
const SYLLABIC = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;
/** Syllables of characters that are not known: they have to look like speech, and the same each time. */
const SYLLABLES = ['Da', 'Ni', 'Ku', 'Re', 'So', 'Pa', 'Ci', 'No', 'Te', 'Du', 'Fa'];
const VOWELS = ['a', 'e', 'i', 'o', 'u'];

/** The sounds of a word in lower case, of whatever letters it has. */
export function soundsOfWord(word: string): string {
  const plain = word.normalize('NFD').replaceAll(/\p{M}/gu, '').replaceAll('’', "'");
  const latin = plain.replaceAll(/[ßæœøłđðþı]/g, (letter) => LATIN[letter] ?? '');
  if (/^[a-z']+$/.test(latin)) return soundWord(latin.slice(0, MAX_WORD_CHARS));
  let sounds = '';
  let consonant = false;
  for (const letter of plain) {
    const known = BY_LETTER.get(letter);
    const code = letter.codePointAt(0) ?? 0;
    if (known !== undefined) sounds += known;
    else if (SYLLABIC.test(letter)) sounds += SYLLABLES[code % SYLLABLES.length] ?? '';
    // Letters of an alphabet that is not known open and close the mouth in turn.
    else sounds += consonant ? 'D' : (VOWELS[code % VOWELS.length] ?? '');
    consonant = !consonant;
  }
  return sounds;
}
