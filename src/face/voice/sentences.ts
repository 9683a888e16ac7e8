/** Longer pieces than that are cut where a word ends, characters: browsers stop speaking after some 15 s. */
const MAX_SENTENCE_CHARS = 180;

/** A text in pieces that are said one after another. */
export function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  for (const sentence of text.split(/(?<=[.!?…])\s+|(?<=[。！？])|\n+/u)) {
    let rest = sentence.trim();
    while (rest.length > MAX_SENTENCE_CHARS) {
      const head = rest.slice(0, MAX_SENTENCE_CHARS);
      const comma = head.search(/[,;:，、；：][^,;:，、；：]*$/u);
      const space = head.lastIndexOf(' ');
      let cut = comma > MAX_SENTENCE_CHARS / 3 ? comma + 1 : space > 0 ? space : MAX_SENTENCE_CHARS;
      // Not between the halves of a character.
      if (/[\uD800-\uDBFF]/.test(rest[cut - 1] ?? '')) cut--;
      sentences.push(rest.slice(0, cut));
      rest = rest.slice(cut).trim();
    }
    if (rest !== '') sentences.push(rest);
  }
  return sentences;
}
