import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { onlyForTrials } from '../places.ts';
import { grantsFreely, narrowingKeys, speaksOfEveryKind } from '../../rule-parts.ts';

export const allowEverything: Check<'rule'> = {
  code: 'allow-everything',
  family: 'risk',
  severity: 'warning',
  title: 'An allow rule that lets every request pass.',
  unit: 'rule',
  reads: 'world',
  check(unit, report, world) {
    const { node, rule, policy } = unit;
    if (!grantsFreely(unit) || !speaksOfEveryKind(rule)) return;
    if (narrowingKeys(rule).length > 0 || Object.keys(rule.selector).some((key) => key !== 'actions')) return;
    const block = entryOf(node, 'sql');
    const range = block ? block.keyRange : entryOf(node, 'effect')?.value.range;
    if (range === undefined) return;
    const message =
      'This rule lets everything pass: changes of the schema, roles, files of the server, code. Name `actions` and `tables`.';
    report(range, message, onlyForTrials(policy, world) ? { severity: 'information' } : {});
  },
};
