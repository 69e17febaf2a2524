import type { Check } from '../../check.ts';
import { reachOf } from '../reaching-functions.ts';
import { grantsFreely, patternsOf, removal } from '../../rule-parts.ts';

const remove = 'Allow it no longer';

export const dangerousFunction: Check<'rule'> = {
  code: 'dangerous-function',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule for a function that reaches past tables and masks.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(unit, report) {
    if (!grantsFreely(unit)) return;
    for (const item of patternsOf(unit, 'functions')) {
      const reach = item.text.includes('*') ? undefined : reachOf(item.text);
      if (reach === undefined) continue;
      const message = `\`${item.text}\` ${reach}. Remove it, or hold its calls with \`effect: approve\`.`;
      report(item.range, message, removal(remove, unit.policy.source, [item]));
    }
  },
};
