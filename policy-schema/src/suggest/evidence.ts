import { type CompiledPolicies, decide } from '../evaluate/decide.ts';
import type { Effect } from '../model/policy.ts';
import type { Asked, Evidence } from './suggestion.ts';

const rank: Readonly<Record<Effect, number>> = { allow: 0, approve: 1, deny: 2 };
const shown = 5;

/** What a policy says of a request in each of its ways. */
export function effectsOf(policies: CompiledPolicies, asked: Asked): readonly Effect[] {
  return asked.map((input) => decide(policies, input).effect);
}

/** How the answers to other requests differ. @param before What they were, by place */
export function evidenceOf(
  others: readonly Asked[],
  before: readonly (readonly Effect[])[],
  policies: CompiledPolicies,
): Evidence {
  let loosened = 0;
  let tightened = 0;
  const examples: number[] = [];
  const seen = new Set<string>();
  others.forEach((asked, place) => {
    const after = effectsOf(policies, asked);
    const changed = (by: (was: number, is: number) => boolean): boolean =>
      after.some((effect, way) => by(rank[before[place]?.[way] ?? 'deny'], rank[effect]));
    if (changed((was, is) => is > was)) tightened++;
    if (!changed((was, is) => is < was)) return;
    loosened++;
    const text = asked[0]?.request.text ?? '';
    if (examples.length >= shown || seen.has(text)) return;
    seen.add(text);
    examples.push(place);
  });
  return { loosened, tightened, examples };
}
