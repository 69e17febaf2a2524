/**
 * What a change of policy means, decided over all requests: every line that a rule, mask or bound of either set draws cuts the
 * requests into cells, and one request stands for each. See docs/meaning.md for what this can and cannot tell.
 */
import type { PolicySet } from '../../model/policy.ts';
import type { Action } from '../../vocabulary/vocabulary.ts';
import { compareSets } from '../compare.ts';
import type { Decision, DecisionInput, ResourceFacts } from '../decision.ts';
import type { Direction, Found } from './found.ts';
import type { Laxity } from './laxer.ts';
import { type Taken, takeApart } from './pieces.ts';
import { textFor } from './requests.ts';
import { Search } from './search.ts';

export type MeaningVerdict = 'equivalent' | 'stricter' | 'looser' | 'incomparable' | 'unknown';

/** A request that the sets decide differently, as decide() says of each. */
export interface Example {
  readonly input: DecisionInput;
  readonly actions: readonly Action[];
  /** A statement that asks for just this; absent: there is no short one. */
  readonly statement?: string;
  readonly before: Decision;
  readonly after: Decision;
  /** In what the one is laxer than the other. */
  readonly laxity: Laxity;
  /** The resource is one that the workspace declares. */
  readonly declared: boolean;
}

export interface Meaning {
  readonly verdict: MeaningVerdict;
  readonly examples: { readonly loosens?: Example; readonly tightens?: Example };
  /** What could not be decided, in words; empty unless the verdict is `unknown`. */
  readonly unknown: readonly string[];
}

export interface Known {
  /** The resources that the workspace declares. */
  readonly resources: readonly ResourceFacts[];
}

/** More changed rules than this are not held against each other one by one, which takes their product in time. */
const MAX_COVER = 400;

function exampleOf({ input, before, after, laxity, declared }: Found): Example {
  const { actions, text } = input.request;
  const hasStatement = textFor(actions, new Map()) !== undefined;
  return {
    input,
    actions,
    ...(hasStatement ? { statement: text } : {}),
    before,
    after,
    laxity,
    declared,
  };
}

/**
 * Compare two policy sets over all requests. Never throws on sets that loaded.
 *
 * `equivalent`: no request gets another decision. `stricter`: some get a stricter one, none a laxer one; `looser` the other way
 * round; `incomparable`: both. `unknown`: what was found is told, and something else may be. What policies only observe has no
 * part in it, as long as some policy enforces.
 */
export function compareMeaning(before: PolicySet, after: PolicySet, known: Known): Meaning {
  const taken = takeApart(before, after);
  const wanted = possible(taken);
  const { found, open } = new Search(before, after, taken, known.resources, wanted).run();
  const { loosens, tightens } = found;
  const unknown = [
    ...new Set([
      ...(loosens === undefined && wanted.loosens ? open.loosens : []),
      ...(tightens === undefined && wanted.tightens ? open.tightens : []),
    ]),
  ];
  return {
    verdict: verdictOf(loosens !== undefined, tightens !== undefined, unknown.length > 0),
    examples: {
      ...(loosens && { loosens: exampleOf(loosens) }),
      ...(tightens && { tightens: exampleOf(tightens) }),
    },
    unknown,
  };
}

/** The directions that a change may go: none that rules surely cover. What both sets hold covers nothing but itself. */
function possible({ changed }: Taken): Readonly<Record<Direction, boolean>> {
  const count = (set: PolicySet) => set.policies.reduce((sum, policy) => sum + policy.rules.length, 0);
  if (count(changed.before) + count(changed.after) > MAX_COVER) return { loosens: true, tightens: true };
  const covered = compareSets(changed.before, changed.after);
  return { loosens: covered.loosens.length > 0, tightens: covered.tightens.length > 0 };
}

function verdictOf(loosens: boolean, tightens: boolean, unknown: boolean): MeaningVerdict {
  if (unknown) return 'unknown';
  if (loosens) return tightens ? 'incomparable' : 'looser';
  return tightens ? 'stricter' : 'equivalent';
}
