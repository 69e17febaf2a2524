import { removeEntry } from '../../../syntax/edits.ts';
import { entryOf } from '../../../syntax/tree.ts';
import type { Check, RuleUnit } from '../../check.ts';
import { kindsWith, listedKinds } from '../selected.ts';

const remove = 'Remove the key';

const words = (names: readonly string[]): string => {
  const shown = names.slice(0, 6).map((name) => `\`${name}\``);
  return names.length > 6 ? `${shown.join(', ')} and others` : shown.join(', ');
};

function explain(unit: RuleUnit, key: string, left: readonly string[]): string {
  const on = kindsWith(unit.rule, key) ?? [];
  const has = `\`${key}\` stands on ${words(on)} only`;
  const end =
    unit.rule.effect === 'allow'
      ? 'so this rule never allows anything'
      : 'so this rule never matches, and what it should stop passes by it';
  return left.length === listedKinds(unit.rule).length && unit.rule.selector.actions !== undefined
    ? `${has}, none of which the rule lists, ${end}. Remove the key, or list other actions.`
    : `${has}, and the other keys of the rule are on none of these, ${end}. Write a rule for each key.`;
}

export const selectorWithoutAction: Check<'rule'> = {
  code: 'selector-without-action',
  family: 'correctness',
  severity: 'error',
  title: 'A key of a rule that none of its actions can have.',
  unit: 'rule',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check(unit, report) {
    const block = entryOf(unit.node, unit.rule.vocabulary ?? '')?.value;
    if (block?.kind !== 'mapping') return;
    let left = listedKinds(unit.rule);
    for (const entry of block.entries) {
      const on = entry.key === 'actions' ? undefined : kindsWith(unit.rule, entry.key);
      if (on === undefined) continue;
      const next = left.filter((kind) => on.includes(kind));
      if (next.length > 0) {
        left = next;
        continue;
      }
      report(entry.keyRange, explain(unit, entry.key, left), {
        severity: unit.rule.effect === 'allow' ? 'warning' : 'error',
        fixes: [
          {
            title: remove,
            safety: 'unsafe',
            edits: [removeEntry(unit.policy.source, block, entry)],
          },
        ],
      });
      return;
    }
  },
};
