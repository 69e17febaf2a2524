/** Which rules tests have shown at work, and both answers of their conditions. */
import { compiledCondition } from '../conditions/condition-cache.ts';
import { type ConditionPart, evaluateParts } from '../conditions/parts.ts';
import type { ConditionNode } from '../conditions/tree.ts';
import type { Decision, DecisionInput, TraceStep } from '../evaluate/decision.ts';
import type { Effect, Location, PolicySet } from '../model/policy.ts';
import { decidingRules } from './compare-expected.ts';

/** How often a condition, or a part of it, was true and false. Offsets are UTF-16 units of the condition's text. */
export interface Answers {
  readonly start: number;
  readonly end: number;
  readonly text: string;
  readonly true: number;
  readonly false: number;
}

export interface RuleCoverage {
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  readonly location: Location;
  /** Requests that it decided. */
  readonly deciding: number;
  /** Requests that it matched, and others decided. */
  readonly contributing: number;
  /** The condition as a whole, then its parts where it has several. Empty for a rule without one. */
  readonly condition: readonly Answers[];
}

export interface CoverageTotals {
  /** Rules that decided some request, of all. */
  readonly rules: { readonly covered: number; readonly total: number };
  /** Answers of conditions that were seen, of all: each condition has two, and each of its parts. */
  readonly answers: { readonly covered: number; readonly total: number };
}

interface Count {
  deciding: number;
  contributing: number;
  readonly answers: Map<string, { true: number; false: number }>;
}

type Shown =
  | { readonly kind: 'deciding' | 'contributing'; readonly rule: string }
  | {
      readonly kind: 'answer';
      readonly rule: string;
      readonly part: string;
      readonly value: 'true' | 'false';
    };

/** Counts over the requests of tests, or of a record. */
export class CoverageCount {
  readonly #counts = new Map<string, Count>();

  add(decision: Decision, input: DecisionInput): void {
    for (const each of shownBy(decision, input)) this.#count(each);
  }

  /**
   * One request of which not all is known, as each of what it may have been. Only what all of them show is counted.
   * @returns whether all show the same
   */
  addEither(possible: readonly { readonly decision: Decision; readonly input: DecisionInput }[]): boolean {
    const [only] = possible;
    if (only !== undefined && possible.length === 1) {
      this.add(only.decision, only.input);
      return true;
    }
    const [first, ...others] = possible.map(
      ({ decision, input }) => new Map(shownBy(decision, input).map((each) => [JSON.stringify(each), each])),
    );
    let isSame = true;
    for (const [key, each] of first ?? []) {
      if (others.every((other) => other.has(key))) this.#count(each);
      else isSame = false;
    }
    return isSame && others.every(({ size }) => size === first?.size);
  }

  #count(shown: Shown): void {
    const count = this.#of(shown.rule);
    if (shown.kind !== 'answer') {
      count[shown.kind]++;
      return;
    }
    const counted = count.answers.get(shown.part) ?? { true: 0, false: 0 };
    counted[shown.value]++;
    count.answers.set(shown.part, counted);
  }

  #of(name: string): Count {
    let count = this.#counts.get(name);
    if (count === undefined) {
      count = { deciding: 0, contributing: 0, answers: new Map() };
      this.#counts.set(name, count);
    }
    return count;
  }

  /** Every rule of the set, in the order of places, those included that no test has asked. */
  of({ policies }: PolicySet): readonly RuleCoverage[] {
    return policies.flatMap((policy) =>
      policy.rules.map((rule): RuleCoverage => {
        const count = this.#counts.get(`${policy.name}/${rule.name}`);
        const seen = (key: string) => count?.answers.get(key) ?? { true: 0, false: 0 };
        const { when } = rule;
        return {
          policy: policy.name,
          rule: rule.name,
          effect: rule.effect,
          location: rule.location,
          deciding: count?.deciding ?? 0,
          contributing: count?.contributing ?? 0,
          condition:
            when === undefined
              ? []
              : [
                  { start: 0, end: when.length, text: when.trim(), ...seen('whole') },
                  ...partsOf(when).map(({ start, end }) => ({
                    start,
                    end,
                    text: when.slice(start, end),
                    ...seen(`${start}-${end}`),
                  })),
                ],
        };
      }),
    );
  }
}

function shownBy(decision: Decision, input: DecisionInput): readonly Shown[] {
  const deciding = new Set(decidingRules(decision));
  return decision.trace().flatMap((step): readonly Shown[] => {
    if (step.actions.length === 0 && step.whole !== true) return [];
    const rule = `${step.policy}/${step.rule}`;
    const answers = answersOf(rule, step, input);
    if (deciding.has(rule)) return [{ kind: 'deciding', rule }, ...answers];
    const matches = step.condition === 'none' || step.condition === 'true';
    return matches ? [{ kind: 'contributing', rule }, ...answers] : answers;
  });
}

function answersOf(rule: string, { condition, when }: TraceStep, input: DecisionInput): readonly Shown[] {
  if (when === undefined || (condition !== 'true' && condition !== 'false')) return [];
  const parts = evaluateParts(when, input).flatMap(({ start, end, outcome }): readonly Shown[] => {
    const value = answerOf(outcome);
    return value === undefined ? [] : [{ kind: 'answer', rule, part: `${start}-${end}`, value }];
  });
  return [{ kind: 'answer', rule, part: 'whole', value: condition }, ...parts];
}

function answerOf(outcome: ConditionPart['outcome']): 'true' | 'false' | undefined {
  if (outcome.kind !== 'value') return undefined;
  return outcome.value === 'true' || outcome.value === 'false' ? outcome.value : undefined;
}

/** What `&&` and `||` join: each may be true or false by itself. Empty for a condition that joins nothing. */
function partsOf(when: string): readonly Pick<ConditionNode, 'start' | 'end'>[] {
  const compiled = compiledCondition(when);
  if (!compiled.ok) return [];
  const leaves = (node: ConditionNode): readonly ConditionNode[] =>
    node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')
      ? [...leaves(node.left), ...leaves(node.right)]
      : [node];
  const found = leaves(compiled.condition.tree);
  return found.length < 2 ? [] : found;
}

export function coverageTotals(rules: readonly RuleCoverage[]): CoverageTotals {
  const answers = rules.flatMap(({ condition }) => condition.flatMap((each) => [each.true, each.false]));
  const covered = (counts: readonly number[]) => counts.filter((each) => each > 0).length;
  return {
    rules: { covered: covered(rules.map(({ deciding }) => deciding)), total: rules.length },
    answers: { covered: covered(answers), total: answers.length },
  };
}

/** What is known of a rule, or of an answer of its condition. */
export type Standing = 'proven by tests' | 'only seen in traffic' | 'never seen';

/** @param tested how often tests show it @param seen how often recorded requests do */
export function standingOf(tested: number, seen: number): Standing {
  if (tested > 0) return 'proven by tests';
  return seen > 0 ? 'only seen in traffic' : 'never seen';
}
