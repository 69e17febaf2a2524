import { defaultApproval } from '../../evaluate/compile.ts';
import type { Effect, Policy, Rule } from '../../model/policy.ts';
import { yamlScalar } from '../../syntax/edits.ts';
import { conditionMutants } from './condition-mutants.ts';
import { listMutants } from './list-mutants.ts';
import type { PolicyChange } from './policy-mutant.ts';

const effects: readonly Effect[] = ['allow', 'approve', 'deny'];

/** What can be done to each rule of a policy. */
export function* ruleMutants(policy: Policy): Generator<PolicyChange> {
  for (const [at, rule] of policy.rules.entries()) {
    const with_ = (made: Rule | undefined): Policy => ({
      ...policy,
      rules: policy.rules.flatMap((each) => (each !== rule ? [each] : made === undefined ? [] : [made])),
    });
    const about = { part: rule.name, location: rule.location };
    const path = ['rules', at] as const;
    yield {
      ...about,
      mutation: 'removed',
      path,
      was: `name: ${yamlScalar(rule.name)}`,
      made: with_(undefined),
    };
    for (const effect of effects) {
      if (effect === rule.effect) continue;
      yield {
        ...about,
        mutation: 'effect flipped',
        path: [...path, 'effect'],
        was: `effect: ${rule.effect}`,
        now: `effect: ${effect}`,
        made: with_(flipped(rule, effect)),
      };
    }
    yield* listsOf(rule, path, about, with_);
    if (rule.when === undefined) continue;
    const { when: _, ...unconditional } = rule;
    const when = { ...about, path: [...path, 'when'], was: `when: ${oneLine(rule.when)}` };
    yield { ...when, mutation: 'condition removed', made: with_(unconditional) };
    for (const mutant of conditionMutants(rule.when)) {
      const now = `when: ${oneLine(mutant.when)}`;
      yield { ...when, mutation: mutant.mutation, now, made: with_({ ...rule, when: mutant.when }) };
    }
  }
}

const oneLine = (condition: string): string => condition.replace(/\s+/g, ' ').trim();

function flipped({ approval, ...rule }: Rule, effect: Effect): Rule {
  return { ...rule, effect, ...(effect === 'approve' ? { approval: approval ?? defaultApproval } : {}) };
}

function* listsOf(
  rule: Rule,
  path: readonly (string | number)[],
  about: Pick<PolicyChange, 'part' | 'location'>,
  with_: (made: Rule) => Policy,
): Generator<PolicyChange> {
  const { vocabulary } = rule;
  if (vocabulary === undefined) return;
  for (const [key, items] of Object.entries(rule.selector)) {
    for (const { items: others, ...change } of listMutants([...path, vocabulary, key], key, items))
      yield { ...about, ...change, made: with_({ ...rule, selector: { ...rule.selector, [key]: others } }) };
  }
}
