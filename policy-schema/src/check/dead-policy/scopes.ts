/** Which policies hold wherever others hold, remembered while their `applies` stays. */
import { scopeCovers } from '../../evaluate/cover.ts';
import type { PolicyUnit } from '../check.ts';

const MAX_PAIRS = 200_000;

const numbers = new Map<string, number>();
const numbered = new WeakMap<PolicyUnit, number>();
const known = new Map<number, boolean>();
let next = 0;

function numberOf(unit: PolicyUnit): number {
  let number = numbered.get(unit);
  if (number === undefined) {
    const text = JSON.stringify(unit.policy.applies);
    if (numbers.size >= MAX_PAIRS) numbers.clear();
    number = numbers.get(text) ?? next++;
    numbers.set(text, number);
    numbered.set(unit, number);
  }
  return number;
}

/** Whether `outer` surely applies whenever `inner` does. */
export function appliesWherever(outer: PolicyUnit, inner: PolicyUnit): boolean {
  const [wide, narrow] = [numberOf(outer), numberOf(inner)];
  if (wide === narrow) return true;
  const pair = wide * 2 ** 26 + narrow;
  let covers = known.get(pair);
  if (covers === undefined) {
    covers = scopeCovers(outer.policy.applies, inner.policy.applies);
    if (known.size >= MAX_PAIRS) known.clear();
    known.set(pair, covers);
  }
  return covers;
}
