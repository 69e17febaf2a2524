import type { TextRange } from '../../../syntax/diagnostic.ts';
import type { Check } from '../../check.ts';
import { put } from '../characters.ts';
import { latinLooks } from '../look-alikes.ts';
import { proseOf, standsIn } from '../prose.ts';

const latin = 'Write it in Latin letters';

const foreign = /[\p{Script=Cyrillic}\p{Script=Greek}\p{Script=Armenian}\p{Script=Cherokee}]/gu;
/** Letters of a word; what names are joined by ends it. */
const letters = /[\p{L}\p{M}]+/uy;
const letter = /[\p{L}\p{M}]/u;
const scripts = {
  Latin: /\p{Script=Latin}/u,
  Cyrillic: /\p{Script=Cyrillic}/u,
  Greek: /\p{Script=Greek}/u,
  Armenian: /\p{Script=Armenian}/u,
  Cherokee: /\p{Script=Cherokee}/u,
} as const satisfies Readonly<Record<string, RegExp>>;

export const mixedScriptName: Check<'text'> = {
  code: 'mixed-script-name',
  family: 'confusables',
  severity: 'warning',
  title: 'A name with letters of several scripts, or of another than it seems.',
  unit: 'text',
  reads: 'unit',
  fixes: { [latin]: 'unsafe' },
  check(source, report) {
    const { text } = source;
    for (const place of foreignWords(text)) {
      if (standsIn(proseOf(source), place.start)) continue;
      const found = Object.entries(scripts).flatMap(([name, script]) =>
        script.test(place.text) ? [name] : [],
      );
      const looks = latinLooks(place.text);
      // A word in one script is a word of that language, unless it could as well be Latin and stands among Latin ones.
      if (found.length === 1 && (looks === undefined || !amongLatin(text, place.start, place.end))) continue;
      const message =
        found.length > 1
          ? `\`${place.text}\` mixes letters that are ${found.join(' and ')}, so it is not the name that it looks like. Write it anew.`
          : `\`${place.text}\` is written in ${found[0]} letters and looks like \`${looks}\`, which is another name. Write it anew.`;
      report(place, message, looks === undefined ? {} : put(source, place, looks, latin, 'unsafe'));
    }
  },
};

/** Each word with a letter that is not Latin and may look so. */
function* foreignWords(text: string): Generator<TextRange & { readonly text: string }> {
  let from = 0;
  for (const { index } of text.matchAll(foreign)) {
    if (index < from) continue;
    let start = index;
    while (start > from && letter.test(text[start - 1] ?? '')) start--;
    letters.lastIndex = start;
    from = start + (letters.exec(text)?.[0].length ?? 1);
    yield { start, end: from, text: text.slice(start, from) };
  }
}

/** Whether the rest of a dotted or joined name is in Latin letters. */
function amongLatin(text: string, start: number, end: number): boolean {
  const before = /[\p{L}\p{M}\p{N}._@-]{0,64}$/u.exec(text.slice(Math.max(0, start - 64), start))?.[0] ?? '';
  const after = /^[\p{L}\p{M}\p{N}._@-]{0,64}/u.exec(text.slice(end, end + 64))?.[0] ?? '';
  return /[A-Za-z]/.test(before + after);
}
