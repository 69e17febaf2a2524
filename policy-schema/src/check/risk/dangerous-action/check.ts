import type { SqlActionKind } from '../../../vocabulary/sql/vocabulary.ts';
import type { Check } from '../../check.ts';
import { grantsFreely, namedActions, removal } from '../../rule-parts.ts';

const remove = 'Allow it no longer';

/** What each can do that no table and no mask bounds. */
const dangers = {
  copy: 'reads and writes files of the server, and runs its programs. COPY from and to the client is `select` and `insert`, and needs no `copy`',
  do: 'runs code that nobody sees the inside of: it builds its statements as it goes, past rules about tables. Send its statements one by one',
  load: 'loads machine code into the server',
} as const satisfies { readonly [Kind in SqlActionKind]?: string };

export const dangerousAction: Check<'rule'> = {
  code: 'dangerous-action',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule for an action that reaches past tables and masks.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(unit, report) {
    if (!grantsFreely(unit) || unit.rule.selector.names !== undefined) return;
    for (const item of namedActions(unit, ['copy', 'do', 'load'])) {
      const danger = dangers[item.text as keyof typeof dangers];
      const message = `\`${item.text}\` ${danger}. Remove it, or hold it with \`effect: approve\`.`;
      report(item.range, message, removal(remove, unit.policy.source, [item]));
    }
  },
};
