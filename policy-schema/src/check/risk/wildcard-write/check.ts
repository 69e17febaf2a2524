import type { Check } from '../../check.ts';
import { onlyForTrials } from '../places.ts';
import { grantsFreely, isAny, namedActions, patternsOf } from '../../rule-parts.ts';

/** Every table there is, or every one of a schema. Temporary tables are the session's own. */
function isWide(pattern: string): boolean {
  return (isAny(pattern) || /\.\*+$/.test(pattern)) && !/^pg_temp(_|\.)/.test(pattern);
}

export const wildcardWrite: Check<'rule'> = {
  code: 'wildcard-write',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule that lets every table of a schema be written.',
  unit: 'rule',
  reads: 'world',
  check(unit, report, world) {
    if (!grantsFreely(unit)) return;
    // Columns by name are another way to say which tables are meant.
    if (unit.rule.selector.columns?.some((column) => !isAny(column))) return;
    const writes = namedActions(unit, ['insert', 'update', 'delete', 'truncate']);
    if (writes.length === 0 || onlyForTrials(unit.policy, world)) return;
    const names = writes.map(({ text }) => `\`${text}\``).join(', ');
    for (const { text, range } of patternsOf(unit, 'tables')) {
      if (!isWide(text)) continue;
      const whose = isAny(text) ? 'every table' : `every table of \`${text.replace(/\.\*+$/, '')}\``;
      const message = `This allows ${names} on ${whose}, those made later among them. Name the tables that may be written, or hold such requests with \`effect: approve\`.`;
      report(range, message);
    }
  },
};
