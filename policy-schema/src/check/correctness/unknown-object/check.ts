import { compilePattern } from '../../../model/pattern.ts';
import { replace, yamlScalar } from '../../../syntax/edits.ts';
import { suggest } from '../../../syntax/suggest.ts';
import { objectNames } from '../../../vocabulary/sql/postgres/object-kinds.ts';
import type { Check } from '../../check.ts';
import { patternsOf } from '../../rule-parts.ts';

const write = 'Write the kind of object that is meant';

export const unknownObject: Check<'rule'> = {
  code: 'unknown-object',
  family: 'correctness',
  severity: 'error',
  title: 'A kind of object that no statement speaks of.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [write]: 'safe' },
  check(unit, report) {
    for (const { text, range } of patternsOf(unit, 'objects')) {
      if (objectNames.some(compilePattern(text))) continue;
      const meant = suggest(text.replaceAll(/[-_]/g, ' '), objectNames);
      const help =
        meant === undefined
          ? 'Kinds are written as in commands and in lower case, such as `table`, `index` or `materialized view`.'
          : `Did you mean \`${meant}\`?`;
      report(range, `No statement speaks of an object \`${text}\`, so this matches nothing. ${help}`, {
        severity: unit.rule.effect === 'allow' ? 'warning' : 'error',
        fixes:
          meant === undefined
            ? []
            : [
                {
                  title: write,
                  safety: text.toLowerCase() === meant ? 'safe' : 'unsafe',
                  edits: [replace(unit.policy.source, range, yamlScalar(meant))],
                },
              ],
      });
    }
  },
};
