import type { Check } from '../../check.ts';
import { placesOf, put } from '../characters.ts';
import { latinLooks } from '../look-alikes.ts';
import { proseOf, standsIn } from '../prose.ts';

const latin = 'Write it in Latin letters';

/** Letters of one word; what names are joined by ends it. */
const word = /[\p{L}\p{M}]+/gu;
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
    // Most files have no other letters at all.
    if (!/[\u0370-\uffff]/.test(text)) return;
    const prose = proseOf(source);
    for (const place of placesOf(text, word)) {
      const found = Object.entries(scripts).flatMap(([name, script]) =>
        script.test(place.text) ? [name] : [],
      );
      const foreign = found.some((name) => name !== 'Latin');
      if (!foreign || standsIn(prose, place.start)) continue;
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

/** Whether the rest of a dotted or joined name is in Latin letters. */
function amongLatin(text: string, start: number, end: number): boolean {
  const before = /[\p{L}\p{M}\p{N}._@-]{0,64}$/u.exec(text.slice(Math.max(0, start - 64), start))?.[0] ?? '';
  const after = /^[\p{L}\p{M}\p{N}._@-]{0,64}/u.exec(text.slice(end, end + 64))?.[0] ?? '';
  return /[A-Za-z]/.test(before + after);
}
