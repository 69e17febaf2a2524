import { segmentsOf } from '../../../model/pattern.ts';
import { functionEffect } from '../../../vocabulary/sql/postgres/functions.ts';
import type { Check } from '../../check.ts';
import { patternsOf, removal } from '../../rule-parts.ts';

const remove = 'Remove the function';
/** Harmless, unless their argument is known only to the server. */
const atTimesCalls: ReadonlySet<string> = new Set(['pg_catalog.current_setting']);

export const harmlessFunctionSelected: Check<'rule'> = {
  code: 'harmless-function-selected',
  family: 'correctness',
  severity: 'warning',
  title: 'A rule for calls of a function that is harmless, and so never is an action.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(unit, report) {
    const restricts = unit.rule.effect !== 'allow';
    for (const item of patternsOf(unit, 'functions')) {
      if (item.text.includes('*') || atTimesCalls.has(item.text)) continue;
      const [schema, name, ...more] = segmentsOf(item.text) ?? [];
      if (schema === undefined || name === undefined || more.length > 0) continue;
      if (functionEffect(schema, name) !== 'harmless') continue;
      const message = restricts
        ? `\`${name}\` computes and does nothing else, so its calls are no actions and this pattern never matches. To look for it, write \`when: "${item.text}" in request.sql.functions\`.`
        : `\`${name}\` computes and does nothing else, so it needs no rule. Remove it.`;
      report(item.range, message, {
        severity: restricts ? 'warning' : 'information',
        ...removal(remove, unit.policy.source, [item]),
      });
    }
  },
};
