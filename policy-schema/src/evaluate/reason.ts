/** Words for people and agents. Deterministic: rules come sorted, actions in the order of the request. */
import { vocabularies } from '../vocabulary/registry.ts';
import type { Action } from '../vocabulary/vocabulary.ts';
import type { Applicable } from './applicable.ts';
import type { CompiledRule } from './compile.ts';
import type { RuleOutcome } from './decision.ts';
import type { Verdict } from './verdict.ts';

const SHOWN = 3;
const HINTED = 4;

/** `rule no-drops (policies/shop.policy.yaml:9)`. */
export function ruleLabel({ rule, location }: RuleOutcome): string {
  return `rule ${rule} (${location.file}:${location.line})`;
}

function list(items: readonly string[], shown = SHOWN): string {
  const unique = [...new Set(items)];
  if (unique.length <= shown) return unique.join(', ');
  return `${unique.slice(0, shown).join(', ')} and ${unique.length - shown} more`;
}

/** `drop table on public.orders`: the kind, and what it is done to. */
export function describeAction(action: Action): string {
  const { selectors } = vocabularies[action.vocabulary];
  const facts = Object.values(selectors)
    .filter(({ holds, fact }) => holds === 'one' && Object.hasOwn(action.facts, fact))
    .map(({ fact }) => ({ fact, value: String(action.facts[fact]) }));
  const object = facts.find(({ fact }) => fact === 'object');
  const target = facts.find(({ fact }) => fact !== 'object');
  return `${action.kind}${object ? ` ${object.value}` : ''}${target ? ` on ${target.value}` : ''}`;
}

function denial(outcome: RuleOutcome): string {
  const by = `denied by ${ruleLabel(outcome)}`;
  if (outcome.outcome === 'failed')
    return `${by}: its condition could not be evaluated: ${outcome.error ?? ''}`;
  return outcome.message === undefined ? by : `${by}: ${outcome.message}`;
}

/** One line on why a verdict is what it is. */
export function reasonFor(
  verdict: Verdict,
  scope: Applicable,
  where: { agent: string; resource: string },
): string {
  const speaking = verdict.actions.filter(({ effect }) => effect === verdict.effect);
  switch (verdict.effect) {
    case 'deny': {
      const rules = [...verdict.whole, ...speaking.flatMap(({ rules }) => rules)];
      // A rule that a person wrote says more than one that failed, and that more than the default.
      const first = rules.find(({ outcome }) => outcome === 'matched') ?? rules[0];
      if (first !== undefined) return denial(first);
      if (!scope.enforces && !scope.observes)
        return `no policy applies to ${where.agent} on ${where.resource}`;
      return `no rule allows ${list(speaking.map(({ action }) => describeAction(action)))}`;
    }
    case 'approve': {
      const rules = speaking.flatMap(({ rules }) => rules);
      const message = rules.find((rule) => rule.message !== undefined)?.message;
      const asks = new Set(rules.map(ruleLabel)).size > 1 ? 'ask' : 'asks';
      return `${list(rules.map(ruleLabel))} ${asks} for approval${message === undefined ? '' : `: ${message}`}`;
    }
    case 'allow': {
      if (verdict.actions.length === 0) return 'nothing to do';
      return `allowed by ${list(speaking.flatMap(({ rules }) => rules).map(ruleLabel))}`;
    }
  }
}

function may(rule: CompiledRule): string {
  const { selector, when } = rule.rule;
  const { actions, ...others } = selector;
  const kinds = actions === undefined || actions.includes('*') ? 'anything' : list(actions, 8);
  const [first, ...more] = Object.entries(others);
  const target = first === undefined ? '' : ` on ${list(first[1], 5)}`;
  const further = more.map(([key, patterns]) => `, ${key} ${list(patterns, 5)}`).join('');
  return `${kinds}${target}${further}${when === undefined ? '' : ' (under a condition)'}`;
}

/** What the agent could do instead: what rules allow here, and what a person could approve. */
export function hintFor(scope: Applicable): string | undefined {
  const speak = (effect: 'allow' | 'approve'): string | undefined => {
    const rules = scope.rules.filter(({ mode, rule }) => mode === 'enforce' && rule.effect === effect);
    const items = [...new Set(rules.map(may))];
    if (items.length === 0) return undefined;
    const more = items.length > HINTED ? `; and ${items.length - HINTED} more` : '';
    return `${items.slice(0, HINTED).join('; ')}${more}`;
  };
  const [allowed, approved] = [speak('allow'), speak('approve')];
  if (approved === undefined) return allowed === undefined ? undefined : `this agent may: ${allowed}`;
  if (allowed === undefined) return `with approval this agent may: ${approved}`;
  return `this agent may: ${allowed}; and with approval: ${approved}`;
}
