import { segmentsOf } from '../../../model/pattern.ts';
import { replace, yamlScalar } from '../../../syntax/edits.ts';
import { suggest } from '../../../syntax/suggest.ts';
import { builtinEffect, builtinNames } from '../../../vocabulary/sql/postgres/functions.ts';
import type { Check } from '../../check.ts';
import { patternsOf } from '../../rule-parts.ts';

const write = 'Write the name that PostgreSQL has';

export const unknownBuiltinFunction: Check<'rule'> = {
  code: 'unknown-builtin-function',
  family: 'correctness',
  severity: 'warning',
  title: 'A function of `pg_catalog` that PostgreSQL does not have.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [write]: 'unsafe' },
  check(unit, report) {
    for (const { text, range } of patternsOf(unit, 'functions')) {
      if (text.includes('*')) continue;
      const [schema, name, ...more] = segmentsOf(text) ?? [];
      if (schema !== 'pg_catalog' || name === undefined || more.length > 0) continue;
      if (builtinEffect(name) !== undefined) continue;
      const meant = suggest(name, builtinNames());
      const help =
        meant === undefined
          ? 'Functions of extensions and of your own lie in the schema that they were made in, such as `public`.'
          : `Did you mean \`pg_catalog.${meant}\`?`;
      report(range, `PostgreSQL has no function \`${name}\` in \`pg_catalog\`. ${help}`, {
        fixes:
          meant === undefined
            ? []
            : [
                {
                  title: write,
                  safety: 'unsafe',
                  edits: [replace(unit.policy.source, range, yamlScalar(`pg_catalog.${meant}`))],
                },
              ],
      });
    }
  },
};
