import { compilePattern } from '../../../model/pattern.ts';
import type { Check } from '../../check.ts';
import { grantsFreely, namedActions, patternsOf, removal } from '../../rule-parts.ts';

const remove = 'Allow it no longer';

const dangers: Readonly<Record<string, string>> = {
  role: 'lets the session act with the rights of another role',
  session_authorization: 'lets the session act as another user',
  session_replication_role: 'switches triggers and foreign keys off',
  default_transaction_read_only: 'lifts a setting that keeps the session from writing',
  transaction_read_only: 'lifts a setting that keeps the session from writing',
  local_preload_libraries: 'loads code into the server',
  session_preload_libraries: 'loads code into the server',
  shared_preload_libraries: 'loads code into the server',
  dynamic_library_path: 'changes where the server takes code from',
  allow_system_table_mods: "opens the server's own catalog for writing",
  zero_damaged_pages: 'lets the server throw rows away',
};

export const dangerousParameter: Check<'rule'> = {
  code: 'dangerous-parameter',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule for setting a parameter that changes what the session may do.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(unit, report) {
    if (!grantsFreely(unit)) return;
    const set = namedActions(unit, ['set'])[0];
    if (set === undefined) return;
    if (Object.keys(unit.rule.selector).length === 1) {
      const message =
        'Without `parameters` this allows setting every parameter, `role` and `session_authorization` among them. Name those that clients need, such as `statement_timeout`.';
      report(set.range, message);
    }
    for (const item of patternsOf(unit, 'parameters')) {
      const matches = compilePattern(item.text);
      const name = Object.keys(dangers).find(matches);
      if (name === undefined) continue;
      const what = item.text === name ? `\`${name}\`` : `\`${item.text}\` matches \`${name}\`, which`;
      const message = `${what} ${dangers[name]}. Remove it, or name the parameters that clients need.`;
      report(item.range, message, removal(remove, unit.policy.source, [item]));
    }
  },
};
