/**
 * How English letters sound, as far as lips show it: rules by context, the first that fits counts. Sounds are written
 * as `sounds.ts` has it.
 */

/** Words that no rule would get right, and that are said all the time. */
const WORDS: Readonly<Record<string, string>> = {
  a: 'e',
  above: 'ePaF',
  again: 'eKeN',
  any: 'eNi',
  are: 'aR',
  been: 'PiN',
  come: 'KaP',
  could: 'KuD',
  do: 'Du',
  does: 'DaS',
  done: 'DaN',
  eye: 'ai',
  eyes: 'aiS',
  friend: 'FReND',
  from: 'FRaP',
  give: 'KiF',
  great: 'KReiD',
  have: 'aF',
  heard: 'RD',
  heart: 'aRD',
  hour: 'auR',
  laugh: 'NaF',
  live: 'NiF',
  love: 'NaF',
  many: 'PeNi',
  of: 'oF',
  off: 'oF',
  one: 'uaN',
  once: 'uaNS',
  only: 'ouNNi',
  people: 'PiPN',
  robot: 'RouPoD',
  said: 'SeD',
  says: 'SeS',
  should: 'CuD',
  some: 'SaP',
  sure: 'CuR',
  the: 'Te',
  their: 'TeR',
  there: 'TeR',
  they: 'Tei',
  to: 'Du',
  today: 'DuDei',
  two: 'Du',
  very: 'FeRi',
  was: 'uaS',
  were: 'uR',
  what: 'uaD',
  where: 'ueR',
  who: 'u',
  whose: 'uS',
  women: 'uiPiN',
  would: 'uD',
  you: 'iu',
  your: 'ioR',
};

/** Words that are seldom stressed. */
const WEAK = new Set(
  'a an and are as at be but by can for from had has have he her him his i in is it its me of on or our she so than that the their them then there they this to us was we were will with would you your'.split(
    ' ',
  ),
);

/** Names of letters, for words that are spelled. */
const NAMES: Readonly<Record<string, string>> = {
  a: 'ei',
  b: 'Pi',
  c: 'Si',
  d: 'Di',
  e: 'i',
  f: 'eF',
  g: 'Ci',
  h: 'eiC',
  i: 'ai',
  j: 'Cei',
  k: 'Kei',
  l: 'eN',
  m: 'eP',
  n: 'eN',
  o: 'ou',
  p: 'Pi',
  q: 'Kiu',
  r: 'aR',
  s: 'eS',
  t: 'Di',
  u: 'iu',
  v: 'Fi',
  w: 'DaPNiu',
  x: 'eKS',
  y: 'uai',
  z: 'Si',
};

/** A consonant, then an e that is not heard: "make", "makes", "maker". */
const MAGIC = '(?=[bcdfgklmnpstvz](?:e[sdr]?$|ing$))';

/** Letters with what they sound like, for each first letter in order. `(?<=` and `(?=` say between which others. */
const RULES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  a: [
    ['(?<=l)augh', 'aF'],
    ['augh|au|aw', 'o'],
    ['ai(?=r)', 'e'],
    ['ai|ay', 'ei'],
    ['a(?=re)', 'e'],
    ['al(?=k)', 'o'],
    ['a(?=ll)', 'o'],
    ['(?<=w)a(?=[nst])', 'o'],
    ['a(?=ti)', 'ei'],
    [`a${MAGIC}`, 'ei'],
    ['(?<=..)a$', 'e'],
    ['a', 'a'],
  ],
  b: [
    ['(?<=m)b$', ''],
    ['bb?', 'P'],
  ],
  c: [
    ['ch', 'C'],
    ['ck', 'K'],
    ['(?<=s)c(?=[eiy])', ''],
    ['ci(?=[ao])', 'C'],
    ['cc(?=[eiy])', 'KS'],
    ['c(?=[eiy])', 'S'],
    ['cc?', 'K'],
  ],
  d: [
    ['dg(?=e)', 'C'],
    ['dd?', 'D'],
  ],
  e: [
    ['eigh|eig(?=n)', 'ei'],
    ['eau', 'ou'],
    ['ear(?=[nlt])', 'R'],
    ['ea(?=d$|ther|sure|lth)', 'e'],
    ['ee|ea|ei', 'i'],
    ['ew|eu', 'u'],
    ['ey$', 'i'],
    ['ey', 'ei'],
    ['er(?![aeiouy])', 'R'],
    ['(?<=[td])e(?=d$)', 'e'],
    ['(?<=.[aeiouy].*)e(?=d$)', ''],
    ['(?<=(?:[sxzcg]|ch|sh))e(?=s$)', 'e'],
    ['(?<=[aeiouy].*)e(?=s?$)', ''],
    ['(?<=^[^aeiouy]*)e$', 'i'],
    ['e(?=[bcdfgklmnprstvz]e$)', 'i'],
    ['e', 'e'],
  ],
  f: [['ff?', 'F']],
  g: [
    ['^gh', 'K'],
    ['gh', ''],
    ['^g(?=n)|g(?=n$)', ''],
    ['gg', 'K'],
    ['g(?=et|iv|irl|ift)', 'K'],
    ['g(?=[eiy])', 'C'],
    ['gu(?=[eiy])|g', 'K'],
  ],
  h: [['h', '']],
  i: [
    ['igh', 'ai'],
    ['ir(?![aeiouy])', 'R'],
    ['(?<=^[^aeiouy]*)ie$', 'ai'],
    ['ie', 'i'],
    ['i(?=(?:nd|ld)$)', 'ai'],
    [`i${MAGIC}`, 'ai'],
    ['(?<=^.?)i$', 'ai'],
    ['i', 'i'],
  ],
  j: [['j', 'C']],
  k: [
    ['^k(?=n)', ''],
    ['kk?', 'K'],
  ],
  l: [
    ['l(?=[dkm]$)(?<=[ou]l|al)', ''],
    ['ll?', 'N'],
  ],
  m: [['mm?', 'P']],
  n: [['ng$|nn?', 'N']],
  o: [
    ['ough(?=t)', 'o'],
    ['ough', 'ou'],
    ['oo', 'u'],
    ['oi|oy', 'oi'],
    ['oa|oe$', 'ou'],
    ['ou(?=ld|p)', 'u'],
    ['our', 'oR'],
    ['ou', 'au'],
    ['(?<=^(?:[hcnv]|all))ow', 'au'],
    ['ow$', 'ou'],
    ['ow', 'au'],
    ['(?<=m|pr)o(?=v)', 'u'],
    ['o(?=ther|ney$|ve$|ver$|me$|nth)', 'a'],
    ['o(?=r)', 'o'],
    [`o${MAGIC}`, 'ou'],
    ['o(?=ld|ll$|st$)', 'ou'],
    ['o$', 'ou'],
    ['o', 'o'],
  ],
  p: [
    ['ph', 'F'],
    ['^p(?=[sn])', ''],
    ['pp?', 'P'],
  ],
  q: [['qu?', 'Ku']],
  r: [['rr?h?', 'R']],
  s: [
    ['sch', 'SK'],
    ['sh', 'C'],
    ['ss?ion', 'CeN'],
    ['ss?', 'S'],
  ],
  t: [
    ['tion', 'CeN'],
    ['ti(?=al|ous)', 'C'],
    ['tu(?=re)', 'C'],
    ['tch', 'C'],
    ['th', 'T'],
    ['(?<=s)t(?=le|en$)', ''],
    ['tt?', 'D'],
  ],
  u: [
    ['ur(?![aeiouy])', 'R'],
    ['ui|ue|uy$', 'u'],
    [`u${MAGIC}`, 'u'],
    ['(?<=[pbf])u(?=ll|t$|sh)', 'u'],
    ['u(?=[bcdfgklmnpstvz][aiou])', 'u'],
    ['u$', 'u'],
    ['u', 'a'],
  ],
  v: [['vv?', 'F']],
  w: [
    ['w(?=r)', ''],
    ['wh(?=o)', ''],
    ['wh?', 'u'],
  ],
  x: [
    ['^x', 'S'],
    ['x', 'KS'],
  ],
  y: [
    ['^y', 'i'],
    ['(?<=^[^aeiouy]{1,3})y$', 'ai'],
    ['y(?=[^aeiouy]e$)', 'ai'],
    ['y', 'i'],
  ],
  z: [['zz?', 'S']],
};

interface Rule {
  readonly pattern: RegExp;
  readonly sounds: string;
}

const COMPILED: ReadonlyMap<string, readonly Rule[]> = new Map(
  Object.entries(RULES).map(([letter, rules]) => [
    letter,
    rules.map(([pattern, sounds]) => ({ pattern: new RegExp(pattern, 'y'), sounds })),
  ]),
);

/** A word's letters only, at most so many: nobody's word is longer, and rules look about in it. */
export const MAX_WORD_CHARS = 48;

/**
 * What an English word sounds like.
 *
 * @param word `a` to `z` and apostrophes, at most MAX_WORD_CHARS
 */
export function soundWord(word: string): string {
  const [stem = '', ending = ''] = word.split("'", 2);
  const known = WORDS[word] ?? WORDS[stem];
  let sounds = known ?? '';
  if (known === undefined) {
    for (let at = 0; at < stem.length;) {
      let length = 1;
      for (const rule of COMPILED.get(stem[at] ?? '') ?? []) {
        rule.pattern.lastIndex = at;
        const fits = rule.pattern.exec(stem);
        if (fits === null) continue;
        sounds += rule.sounds;
        length = Math.max(1, fits[0].length);
        break;
      }
      at += length;
    }
  }
  for (const letter of ending) sounds += RULES[letter]?.at(-1)?.[1] ?? '';
  return sounds;
}

/** What letters sound like one by one. */
export function spell(letters: string): string {
  let sounds = '';
  for (const letter of letters) sounds += NAMES[letter] ?? '';
  return sounds;
}

/** Whether a word is seldom stressed. */
export const isWeak = (word: string): boolean => WEAK.has(word);
