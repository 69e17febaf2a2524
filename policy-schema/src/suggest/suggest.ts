import { type CompiledPolicies, decide } from '../evaluate/decide.ts';
import type { Decision } from '../evaluate/decision.ts';
import type { Effect } from '../model/policy.ts';
import { type Candidate, candidatesFor } from './candidates.ts';
import { Desk } from './desk.ts';
import { effectsOf, evidenceOf } from './evidence.ts';
import type { Obstacle, Suggested, SuggestInput, Suggestion } from './suggestion.ts';

/**
 * The narrowest changes of the policy files after which a request is no longer denied, or no longer held. Each is made,
 * read and decided by, so that none is told that does not do it. Rules that deny stay as they are in all but those of kind
 * `exception`. Pure; it takes about as long as deciding each of `others` a dozen times.
 */
export function suggestRules(input: SuggestInput): Suggested {
  const desk = Desk.open(input);
  if (!(desk instanceof Desk)) return { kind: 'broken', problems: desk };
  const { request, others } = input;
  const decisions = request.map((each) => decide(desk.compiled, each));
  const worst = worstOf(decisions);
  if (worst === undefined) return nothing('allow', '', [], 'The request could not be read.');
  const { effect, reason } = worst;
  const obstacles = obstaclesOf(decisions);
  if (effect === 'allow')
    return nothing(effect, reason, [], 'The policy files allow this request as they stand.');
  const unread = request.find((each) => each.request.undecidable !== undefined);
  const hopeless =
    unread === undefined
      ? whyHopeless(worst)
      : 'It could not be read, and what cannot be read is denied whatever the policy says.';
  if (hopeless !== undefined) return nothing(effect, reason, obstacles, hopeless);
  const before = others.map((asked) => effectsOf(desk.compiled, asked));
  const suggestions: Suggestion[] = [];
  const seen = new Set<string>();
  for (const candidate of candidatesFor(desk, request, effect)) {
    const key = JSON.stringify(candidate.edits);
    if (seen.has(key) || candidate.edits.length === 0) continue;
    seen.add(key);
    const after = desk.with(candidate.edits);
    if (after === undefined || !answers(after, candidate, input)) continue;
    const { rank: _, ...told } = candidate;
    suggestions.push({ ...told, evidence: evidenceOf(others, before, after) });
  }
  const note = noteOf(obstacles, suggestions);
  return {
    kind: 'suggested',
    effect,
    reason,
    obstacles,
    suggestions,
    ...(note === undefined ? {} : { note }),
  };
}

function answers(after: CompiledPolicies, { effect }: Candidate, { request }: SuggestInput): boolean {
  return request.every((each) => decide(after, each).effect === effect);
}

const strictness: Readonly<Record<Effect, number>> = { allow: 0, approve: 1, deny: 2 };

function worstOf(decisions: readonly Decision[]): Decision | undefined {
  return [...decisions].sort((one, other) => strictness[other.effect] - strictness[one.effect])[0];
}

/** The rules that deny or hold any action, each once. */
function obstaclesOf(decisions: readonly Decision[]): readonly Obstacle[] {
  const found = new Map<string, Obstacle>();
  for (const { actions } of decisions)
    for (const { rules } of actions)
      for (const { policy, rule, effect, location, message, error } of rules)
        if (effect !== 'allow')
          found.set(`${policy}/${rule}`, {
            policy,
            rule,
            effect,
            location,
            ...(message === undefined ? {} : { message }),
            ...(error === undefined ? {} : { error }),
          });
  return [...found.values()];
}

/** Why no rule would help; undefined where one may. */
function whyHopeless({ effect, actions, reason, limitSources }: Decision): string | undefined {
  if (effect !== 'deny') return undefined;
  if (actions.length === 0)
    return 'Without a single action that was read there is nothing that a rule could allow.';
  if (actions.some((each) => each.effect === 'deny')) return undefined;
  const place = (limitSources.cost ?? limitSources.estimatedRows)?.location;
  return `No rule denies it, but a bound does: ${reason}. Raise it${place === undefined ? '' : ` in ${place.file}:${place.line}`}, or let the agent ask for less.`;
}

function noteOf(obstacles: readonly Obstacle[], suggestions: readonly Suggestion[]): string | undefined {
  const forbids = obstacles.filter(({ effect }) => effect === 'deny');
  if (forbids.length > 0) {
    const names = forbids
      .map(({ rule, location }) => `${rule} (${location.file}:${location.line})`)
      .join(', ');
    return `No allow rule lifts a deny rule. What is in the way is ${names}: only a change of ${forbids.length === 1 ? 'that rule' : 'those rules'} lets the request pass.`;
  }
  if (suggestions.length === 0)
    return 'No small change of the files does it; the policy that applies here has to be written by hand.';
  return undefined;
}

function nothing(effect: Effect, reason: string, obstacles: readonly Obstacle[], note: string): Suggested {
  return { kind: 'suggested', effect, reason, obstacles, suggestions: [], note };
}
