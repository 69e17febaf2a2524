import type { Decision, DecisionInput } from '../evaluate/decision.ts';
import { askedOf, basisWords, partIn, partsOf } from '../evaluate/explain.ts';

/**
 * What decided, a line each, indented by two spaces a level: each action, the rules that spoke of it or whose selectors
 * match it, and those that were expected to. The other rules have nothing to do with the request.
 * @param expected Rules as `policy/rule`
 */
export function whyDecided(
  decision: Decision,
  input: DecisionInput,
  expected: readonly string[],
): readonly string[] {
  const lines = [`${decision.effect}: ${decision.reason}`];
  const trace = decision.trace();
  for (const { about, words, effect, implied, basis } of askedOf(decision, input)) {
    lines.push(`  ${words}${implied ? ' (implied)' : ''}: ${effect}`);
    if (basis !== 'rules') lines.push(`    ${basisWords[basis]}`);
    const told = trace.map((step) => ({ step, part: partIn(step, about) }));
    for (const spoke of [true, false]) {
      for (const { step, part } of told) {
        const touches = about === 'whole' ? step.whole === true : step.actions.includes(about);
        const isMeant = touches || expected.includes(`${step.policy}/${step.rule}`);
        if (part.spoke !== spoke || !isMeant) continue;
        const { file, line } = step.location;
        lines.push(`    ${step.effect} ${step.policy}/${step.rule} (${file}:${line}): ${part.text}`);
        for (const { text, depth, outcome } of partsOf(step, about, input).slice(1)) {
          const value =
            outcome.kind === 'value' ? outcome.value : outcome.kind === 'error' ? 'failed' : 'not looked at';
          lines.push(`      ${'  '.repeat(depth - 1)}${text} → ${value}`);
        }
      }
    }
  }
  return lines;
}
