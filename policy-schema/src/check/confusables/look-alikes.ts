/**
 * Letters that look like Latin ones in common fonts. A small table, for names in Latin letters: what matters is whether a
 * name can be taken for another, not every pair that Unicode lists (UTS #39).
 */
const pairs = {
  // Cyrillic
  а: 'a',
  в: 'b',
  е: 'e',
  ё: 'e',
  з: '3',
  і: 'i',
  ї: 'i',
  ј: 'j',
  к: 'k',
  м: 'm',
  н: 'h',
  о: 'o',
  р: 'p',
  с: 'c',
  т: 't',
  у: 'y',
  х: 'x',
  ѕ: 's',
  ԁ: 'd',
  һ: 'h',
  ԛ: 'q',
  ԝ: 'w',
  ɡ: 'g',
  ь: 'b',
  г: 'r',
  п: 'n',
  и: 'u',
  А: 'A',
  В: 'B',
  Е: 'E',
  З: '3',
  І: 'I',
  Ј: 'J',
  К: 'K',
  М: 'M',
  Н: 'H',
  О: 'O',
  Р: 'P',
  С: 'C',
  Т: 'T',
  У: 'Y',
  Х: 'X',
  Ѕ: 'S',
  Ԛ: 'Q',
  Ԝ: 'W',
  Ғ: 'F',
  Ӏ: 'I',
  ӏ: 'l',
  // Greek
  α: 'a',
  γ: 'y',
  ι: 'i',
  κ: 'k',
  ν: 'v',
  ο: 'o',
  ρ: 'p',
  σ: 'o',
  τ: 't',
  υ: 'u',
  χ: 'x',
  ϲ: 'c',
  ϳ: 'j',
  η: 'n',
  ω: 'w',
  Α: 'A',
  Β: 'B',
  Ε: 'E',
  Ζ: 'Z',
  Η: 'H',
  Ι: 'I',
  Κ: 'K',
  Μ: 'M',
  Ν: 'N',
  Ο: 'O',
  Ρ: 'P',
  Τ: 'T',
  Υ: 'Y',
  Χ: 'X',
  Ϲ: 'C',
  // Armenian and others
  ա: 'w',
  օ: 'o',
  ս: 'u',
  ո: 'n',
  հ: 'h',
  զ: 'q',
  ց: 'g',
  յ: 'j',
  ı: 'i',
  ʟ: 'l',
  ꜱ: 's',
  ⅼ: 'l',
  ⅰ: 'i',
  ⅴ: 'v',
  ⅹ: 'x',
} as const satisfies Readonly<Record<string, string>>;

const latin: ReadonlyMap<string, string> = new Map(Object.entries(pairs));

/** A text with every letter that looks like a Latin one as that one; undefined where a letter outside ASCII looks like none. */
export function latinLooks(text: string): string | undefined {
  let made = '';
  for (const letter of text) {
    const looks = letter <= '\u007f' ? letter : latin.get(letter);
    if (looks === undefined) return undefined;
    made += looks;
  }
  return made;
}

/** What names that look the same share: `prod-db1`, `prod-dbl` and a `prod-dbl` with a Cyrillic letter. */
export function skeleton(name: string): string {
  let made = name;
  if (/[\u0131-\uffff]/.test(name)) {
    made = '';
    for (const letter of name) made += latin.get(letter) ?? letter;
  }
  return made
    .replace(/[1Il|]/g, 'l')
    .replace(/[0O]/g, 'o')
    .replaceAll('rn', 'm')
    .replaceAll('vv', 'w');
}
