/** Smallest requests that show what a change means, one for each thing that it does. */
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import type { Example } from '@gatehouse/policy-schema/evaluate/meaning/compare-meaning.ts';
import type { Compared } from './compare-versions.ts';

/** What became of a request. In the order in which they are told: the most dangerous first. */
export const outcomes = {
  allowed: 'Newly allowed',
  approvable: 'No longer denied: a person may approve it',
  unheld: 'No longer held for a person',
  'asks-less': 'Asks less of who approves',
  unmasked: 'Shows more of masked columns',
  raised: 'Larger limits',
  denied: 'Newly denied',
  held: 'Newly held for a person',
  'asks-more': 'Asks more of who approves',
  masked: 'Newly masked',
  lowered: 'Smaller limits',
} as const;
export type ChangeOutcome = keyof typeof outcomes;

export interface ShownExample {
  readonly outcome: ChangeOutcome;
  readonly loosens: boolean;
  readonly example: Example;
}

const byEffects: Readonly<Record<Effect, Readonly<Record<Effect, ChangeOutcome>>>> = {
  deny: { allow: 'allowed', approve: 'approvable', deny: 'denied' },
  approve: { allow: 'unheld', approve: 'asks-less', deny: 'denied' },
  allow: { allow: 'allowed', approve: 'held', deny: 'denied' },
};

function outcomeOf({ laxity, before, after }: Example, loosens: boolean): ChangeOutcome {
  switch (laxity.kind) {
    case 'effect':
      return byEffects[before.effect][after.effect];
    case 'approval':
      return loosens ? 'asks-less' : 'asks-more';
    case 'mask':
      return loosens ? 'unmasked' : 'masked';
    case 'bound':
      return loosens ? 'raised' : 'lowered';
  }
}

/**
 * The examples of the whole change, then those of its parts that hold for the whole change too: a part that another one
 * makes harmless shows nothing.
 */
export async function changeExamples({
  before,
  after,
  meaning,
  judged,
}: Compared): Promise<readonly ShownExample[]> {
  const [{ compilePolicies, decide }, { laxity }] = await Promise.all([
    import('@gatehouse/policy-schema/evaluate/decide.ts'),
    import('@gatehouse/policy-schema/evaluate/meaning/laxer.ts'),
  ]);
  const [was, is] = [compilePolicies(before.set), compilePolicies(after.set)];
  const held = (example: Example, loosens: boolean): Example | undefined => {
    const [then, now] = [decide(was, example.input), decide(is, example.input)];
    const columns = example.laxity.kind === 'mask' ? [example.laxity.column] : [];
    const found = loosens ? laxity(then, now, columns) : laxity(now, then, columns);
    return found === undefined ? undefined : { ...example, before: then, after: now, laxity: found };
  };
  const shown = new Map<string, ShownExample>();
  for (const [at, { examples }] of [meaning, ...judged.flatMap((each) => each.meaning ?? [])].entries()) {
    for (const [given, loosens] of [
      [examples.loosens, true],
      [examples.tightens, false],
    ] as const) {
      const example = given && (at === 0 ? given : held(given, loosens));
      if (example === undefined) continue;
      const outcome = outcomeOf(example, loosens);
      const asked = example.statement ?? example.input.request.text;
      const what = outcome === 'raised' || outcome === 'lowered' ? JSON.stringify(example.laxity) : asked;
      const key = JSON.stringify([outcome, what]);
      if (!shown.has(key)) shown.set(key, { outcome, loosens, example });
    }
  }
  const order = Object.keys(outcomes);
  return [...shown.values()].sort((a, b) => order.indexOf(a.outcome) - order.indexOf(b.outcome));
}
