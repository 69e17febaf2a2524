import type { Check } from '../../check.ts';
import { onlyForTrials } from '../places.ts';
import { grantsFreely, namedActions, removal } from '../../rule-parts.ts';

const remove = 'Allow it no longer';

/** Every key that names an object, by any of its names without a star. */
function namesObjects(selector: Readonly<Record<string, readonly string[]>>): boolean {
  return ['tables', 'names'].some((key) => {
    const patterns = selector[key];
    return patterns?.every((pattern) => !pattern.includes('*') || /^pg_temp(_|\.)/.test(pattern)) === true;
  });
}

export const allowSchemaChanges: Check<'rule'> = {
  code: 'allow-schema-changes',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule that lets the schema or privileges be changed without a person.',
  unit: 'rule',
  reads: 'world',
  fixes: { [remove]: 'unsafe' },
  check(unit, report, world) {
    if (!grantsFreely(unit) || namesObjects(unit.rule.selector)) return;
    const found = namedActions(unit, [
      'create',
      'alter',
      'drop',
      'grant',
      'revoke',
      'reassign',
      'security-label',
      'import',
    ]);
    const [first] = found;
    if (first === undefined || onlyForTrials(unit.policy, world)) return;
    const names = found.map(({ text }) => `\`${text}\``).join(', ');
    const message = `This allows ${names} without a person, and what is changed so (roles, functions, views, policies) can let more pass. Name the \`tables\`, hold it with \`effect: approve\`, or leave it to migrations.`;
    report(first.range, message, removal(remove, unit.policy.source, found));
  },
};
