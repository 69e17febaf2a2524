import type { PolicySet, Rule } from '../../model/policy.ts';
import type { Request } from '../../vocabulary/vocabulary.ts';
import { compilePolicies, decide } from '../decide.ts';
import type { Decision, DecisionInput } from '../decision.ts';
import { compileSelector, type Selector } from '../selector.ts';

const selectors = new WeakMap<Rule, Selector>();

function selectorOf(rule: Rule): Selector {
  let selector = selectors.get(rule);
  if (selector === undefined) {
    selector = compileSelector(rule);
    selectors.set(rule, selector);
  }
  return selector;
}

/**
 * Decides single requests by a large set. Rules that match no action of a request say nothing of it, so only the others are
 * made ready: making a whole set ready takes longer than all that is asked of it here.
 */
export class Judge {
  readonly #set: PolicySet;

  constructor(set: PolicySet) {
    this.#set = set;
  }

  decide(input: DecisionInput): Decision {
    const policies = this.#set.policies.map((policy) => ({
      ...policy,
      rules: policy.rules.filter((rule) => mayMatch(rule, input.request)),
    }));
    return decide(compilePolicies({ ...this.#set, policies }), input);
  }
}

function mayMatch(rule: Rule, { actions }: Request): boolean {
  const selector = selectorOf(rule);
  return actions.length === 0
    ? selector.general
    : actions.some((action) => selector.restricts(action) || selector.grants(action));
}
