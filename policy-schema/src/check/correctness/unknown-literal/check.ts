import { comparedTexts } from '../../../conditions/compared.ts';
import { replace } from '../../../syntax/edits.ts';
import { suggest } from '../../../syntax/suggest.ts';
import { sqlVocabulary } from '../../../vocabulary/sql/vocabulary.ts';
import type { Check } from '../../check.ts';

const write = 'Write the word that is meant';

const kinds = Object.keys(sqlVocabulary.actions);

/** What some facts can be at all, and what to call it. */
const words: Readonly<Record<string, { readonly known: readonly string[]; readonly what: string }>> = {
  'request.sql.actions[]': { known: kinds, what: 'kind of action' },
  'request.sql.statements[]': { known: kinds, what: 'kind of statement' },
  'resource.protocol': { known: ['postgres'], what: 'protocol' },
};

export const unknownLiteral: Check<'rule'> = {
  code: 'unknown-literal',
  family: 'correctness',
  severity: 'error',
  title: 'A condition that looks for a kind of action that does not exist.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [write]: 'safe' },
  check({ policy, rule, condition }, report) {
    if (!condition?.compiled.ok) return;
    for (const { against, literal, text } of comparedTexts(condition.compiled.condition.tree)) {
      const fact = Object.hasOwn(words, against) ? words[against] : undefined;
      if (fact === undefined || fact.known.includes(text)) continue;
      const meant = suggest(text, fact.known);
      const help =
        meant === undefined ? `There are: ${fact.known.join(', ')}.` : `Did you mean \`${meant}\`?`;
      const range = condition.node.offsets().range(literal.start, literal.end);
      // In the file the quotes of the condition may be escaped; only what stands there plainly is replaced.
      const written = policy.source.text.slice(range.start, range.end);
      const isPlain = written === `"${text}"` || written === `'${text}'`;
      report(range, `There is no ${fact.what} \`${text}\`. ${help}`, {
        severity: rule.effect === 'allow' ? 'warning' : 'error',
        fixes:
          meant !== undefined && isPlain
            ? [
                {
                  title: write,
                  safety: text.toLowerCase() === meant ? 'safe' : 'unsafe',
                  edits: [replace(policy.source, { start: range.start + 1, end: range.end - 1 }, meant)],
                },
              ]
            : [],
      });
    }
  },
};
