import { addEntry } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { onlyForTrials } from '../places.ts';
import { grantsFreely, namedActions } from '../../rule-parts.ts';

const restrict = 'Restrict it to the schema public';

export const allowWithoutTables: Check<'rule'> = {
  code: 'allow-without-tables',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule that lets rows of every table be read or written.',
  unit: 'rule',
  reads: 'world',
  fixes: { [restrict]: 'unsafe' },
  check(unit, report, world) {
    const { node, rule, policy } = unit;
    if (!grantsFreely(unit) || Object.keys(rule.selector).some((key) => key !== 'actions')) return;
    const found = namedActions(unit, ['select', 'insert', 'update', 'delete', 'truncate']);
    const [first] = found;
    const block = entryOf(node, 'sql')?.value;
    if (first === undefined || block?.kind !== 'mapping' || onlyForTrials(policy, world)) return;
    // Other kinds have no table, so `tables` would take them away.
    const alone = found.length === first.list.items.length && found.every(({ text }) => text === 'select');
    const names = found.map(({ text }) => `\`${text}\``).join(', ');
    const message = `Without \`tables\` this allows ${names} on every table, those of the server's catalog and those made later among them. Name the tables.`;
    const edits = [addEntry(policy.source, block, 'tables', '["public.*"]')];
    report(first.range, message, alone ? { fixes: [{ title: restrict, safety: 'unsafe', edits }] } : {});
  },
};
