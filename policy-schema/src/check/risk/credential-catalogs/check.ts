import { compilePattern } from '../../../model/pattern.ts';
import type { Check } from '../../check.ts';
import { grantsFreely, isAny, patternsOf, removal } from '../../rule-parts.ts';

const remove = 'Remove the pattern';

const holds: Readonly<Record<string, string>> = {
  'pg_catalog.pg_authid': 'the hashes of passwords',
  'pg_catalog.pg_shadow': 'the hashes of passwords',
  'pg_catalog.pg_user_mapping': 'passwords of other servers',
  'pg_catalog.pg_user_mappings': 'passwords of other servers',
  'pg_catalog.pg_subscription': 'connection strings with passwords',
  'pg_catalog.pg_hba_file_rules': 'who may log in from where, and how',
  'pg_catalog.pg_ident_file_mappings': 'who may log in as whom',
  'pg_catalog.pg_file_settings': 'settings of the server, secrets among them',
  'pg_catalog.pg_largeobject': 'the contents of all large objects',
};

export const credentialCatalogs: Check<'rule'> = {
  code: 'credential-catalogs',
  family: 'risk',
  severity: 'warning',
  title: "An allow rule that lets the server's own credentials be read.",
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(unit, report) {
    const { actions, columns } = unit.rule.selector;
    if (!grantsFreely(unit) || columns?.some((column) => !isAny(column))) return;
    if (actions !== undefined && !actions.some((kind) => kind === 'select' || isAny(kind))) return;
    for (const item of patternsOf(unit, 'tables')) {
      // Who allows every table thinks of the shop's tables; that is another check's matter.
      if (isAny(item.text)) continue;
      const table = Object.keys(holds).find(compilePattern(item.text));
      if (table === undefined) continue;
      const what = item.text === table ? `\`${table}\`` : `\`${item.text}\` matches \`${table}\`, which`;
      const message = `${what} holds ${holds[table]}, if the database's user may read it. Name the tables of the catalog that clients need.`;
      report(item.range, message, removal(remove, unit.policy.source, [item]));
    }
  },
};
