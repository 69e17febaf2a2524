import type { Decision, TraceStep } from '../evaluate/decision.ts';
import { strictestMask } from '../evaluate/mask-strength.ts';
import { compilePatterns } from '../model/pattern.ts';
import type { Limits } from '../model/policy.ts';
import type { Expectation, Expected, TestPlace } from './test-case.ts';

/** Where a decision is not what was expected. */
export interface Difference {
  readonly what: Expectation | 'plan';
  /** Texts of the same form, for a comparison side by side. */
  readonly expected: string;
  readonly actual: string;
  /** Where the expectation stands. */
  readonly place: TestPlace;
}

/** The rules that speak for the decision's effect, as `policy/rule`, each once, sorted. */
export function decidingRules(decision: Decision): readonly string[] {
  const rules = decision.actions
    .filter(({ effect }) => effect === decision.effect)
    .flatMap((action) => action.rules)
    .map(nameOf);
  // A request without actions is denied as a whole.
  const whole = decision.actions.length > 0 ? [] : decision.trace().filter(deniesWhole).map(nameOf);
  return [...new Set([...rules, ...whole])].sort();
}

function nameOf({ policy, rule }: { readonly policy: string; readonly rule: string }): string {
  return `${policy}/${rule}`;
}

function deniesWhole({ whole, mode, effect, condition }: TraceStep): boolean {
  if (whole !== true || mode !== 'enforce') return false;
  if (condition === 'failed') return effect !== 'allow';
  return effect === 'deny' && (condition === 'none' || condition === 'true');
}

/** Everything that a decision says otherwise than expected, in the order in which people want to know. */
export function compareExpected(
  expected: Expected,
  decision: Decision,
  whole: TestPlace,
): readonly Difference[] {
  const found: Difference[] = [];
  const differ = (what: Difference['what'], wanted: string, actual: string): void => {
    const place = what === 'plan' ? expected.places.decision : expected.places[what];
    if (wanted !== actual) found.push({ what, expected: wanted, actual, place: place ?? whole });
  };
  differ('decision', expected.decision, decision.effect);
  // Without the plan the gate would deny what it cannot tell, so an answer that may change is no answer.
  if (decision.needs === 'plan' && decision.effect !== 'deny')
    differ(
      'plan',
      `${expected.decision}, whatever the server’s plan says`,
      'open: some condition, limit or budget reads the plan. Give `facts: { estimatedRows: 1, plannerCost: 1 }`.',
    );
  if (expected.observed !== undefined) differ('observed', expected.observed, decision.observed);
  if (expected.rules !== undefined) differ('rules', list(expected.rules), list(decidingRules(decision)));
  for (const [column, kind] of Object.entries(expected.masks ?? {}))
    differ('masks', `${column}: ${kind}`, `${column}: ${maskOn(decision, column)}`);
  for (const key of Object.keys(expected.limits ?? {}) as (keyof Limits)[])
    differ('limits', `${key}: ${expected.limits?.[key]}`, `${key}: ${decision.limits[key] ?? 'none'}`);
  const { message } = expected;
  const words = decision.hint === undefined ? decision.reason : `${decision.reason}\n${decision.hint}`;
  if (message !== undefined && !words.includes(message)) differ('message', message, decision.reason);
  return found;
}

function maskOn(decision: Decision, column: string): string {
  const masks = decision.masks.filter(({ columns }) => compilePatterns(columns)(column));
  return strictestMask(masks)?.with ?? 'none';
}

function list(rules: readonly string[]): string {
  return rules.length === 0 ? 'no rule' : rules.join('\n');
}
