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

/** Counts over the requests of tests. */
export class CoverageCount {
  readonly #counts = new Map<string, Count>();

  add(decision: Decision, input: DecisionInput): void {
    const deciding = new Set(decidingRules(decision));
    for (const step of decision.trace()) {
      const name = `${step.policy}/${step.rule}`;
      if (step.actions.length === 0 && step.whole !== true) continue;
      const count = this.#of(name);
      if (deciding.has(name)) count.deciding++;
      else if (step.condition === 'none' || step.condition === 'true') count.contributing++;
      this.#answers(count, step, input);
    }
  }

  #answers({ answers }: Count, { condition, when }: TraceStep, input: DecisionInput): void {
    if (when === undefined || (condition !== 'true' && condition !== 'false')) return;
    const put = (key: string, value: 'true' | 'false'): void => {
      const counted = answers.get(key) ?? { true: 0, false: 0 };
      counted[value]++;
      answers.set(key, counted);
    };
    put('whole', condition);
    for (const { start, end, outcome } of evaluateParts(when, input)) {
      const value = answerOf(outcome);
      if (value !== undefined) put(`${start}-${end}`, value);
    }
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
