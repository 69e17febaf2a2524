import { type CompiledPolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { Decision, DecisionInput } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { strictest } from '@gatehouse/policy-schema/evaluate/verdict.ts';
import { limitNames } from '@gatehouse/policy-schema/evaluate/bounds.ts';
import type { Effect, Limits } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { RequestDecided } from '../recordings/entry.ts';
import type { RuleRow } from '../recordings/index-rows.ts';
import { changedMasks } from './masks-touching.ts';
import type { Answered, ChangedLimit, Redecided } from './questions.ts';
import { type Asker, type RecordedInput, recordedInput } from './recorded-input.ts';

/** What the files say, for requests that were decided before. */
export interface PolicyNow {
  readonly compiled: CompiledPolicies;
  readonly resources: ReadonlyMap<string, Resource>;
}

/**
 * Decide a recorded request by another policy, and say what would change. Facts that the record lacks are never made up:
 * where they matter the answer is open.
 */
export function decideAgain(
  decided: RequestDecided & { readonly seq: number; readonly at: string },
  session: Asker,
  now: PolicyNow,
): Redecided {
  return redecide(decided, session, now).told;
}

/** {@link decideAgain}, with the decision that it tells of; of several that are possible, one. */
export function redecide(
  decided: RequestDecided & { readonly seq: number; readonly at: string },
  session: Asker,
  { compiled, resources }: PolicyNow,
): { readonly told: Redecided; readonly decision?: Decision } {
  const before = answeredBefore(decided);
  const about = { seq: decided.seq, request: decided.request, before };
  const resource = resources.get(session.resource);
  if (resource === undefined)
    return {
      told: {
        ...about,
        kind: 'open',
        why: `gatehouse.yaml declares no resource ${session.resource} any more.`,
      },
    };
  const recorded = asFarAsAsked(recordedInput(decided, session, resource), compiled);
  const decisions = variants(recorded).map((input) => decide(compiled, input));
  const [decision] = decisions;
  if (decision === undefined) return { told: { ...about, kind: 'open', why: 'It could not be decided.' } };
  const after = answeredNow(decision);
  const why = openBy(decided, before, recorded, decisions);
  if (why !== undefined) return { told: { ...about, kind: 'open', after, why }, decision };
  const passes = before.effect !== 'deny' && after.effect !== 'deny';
  const masks = passes ? changedMasks(decided, decision.masks) : undefined;
  const limits = passes ? changedLimits(decided.limits, decision.limits) : undefined;
  if (before.effect === after.effect && masks === undefined && limits === undefined)
    return { told: { ...about, kind: 'same', after }, decision };
  const told = {
    ...about,
    kind: 'changed',
    after,
    ...(masks && { masks }),
    ...(limits && { limits }),
  } as const;
  return { told, decision };
}

/** The rules' answer as it was recorded. A person who was asked and refused changes what became of it, not that answer. */
function answeredBefore(decided: RequestDecided): Answered {
  const { actions, reason, approval } = decided;
  const ruled = strictest(actions.map(({ effect }) => effect));
  const effect =
    decided.effect === 'deny' && approval !== undefined && ruled === 'approve' ? ruled : decided.effect;
  return {
    effect,
    reason,
    rules: rulesOf(
      effect,
      actions.map((each) => ({
        effect: each.effect,
        rules: each.rules.map(({ location, ...rule }) => ({ ...rule, ...location })),
      })),
    ),
  };
}

function answeredNow({ effect, reason, actions }: Decision): Answered {
  const told = actions.map((each) => ({
    effect: each.effect,
    rules: each.rules.map(({ location, ...rule }) => ({ ...rule, ...location })),
  }));
  return { effect, reason, rules: rulesOf(effect, told) };
}

/** The limits that differ; undefined where none does. */
function changedLimits(before: Limits, after: Limits): readonly ChangedLimit[] | undefined {
  const changed = limitNames.flatMap((limit): ChangedLimit[] => {
    const [old, now] = [before[limit], after[limit]];
    if (old === now) return [];
    return [{ limit, ...(old !== undefined && { before: old }), ...(now !== undefined && { after: now }) }];
  });
  return changed.length === 0 ? undefined : changed;
}

/** The rules behind the actions that the answer is about, each once. */
function rulesOf(
  effect: Effect,
  actions: readonly { readonly effect: Effect; readonly rules: readonly RuleRow[] }[],
): readonly RuleRow[] {
  const found = new Map<string, RuleRow>();
  for (const action of actions) {
    if (action.effect !== effect) continue;
    for (const { policy, rule, effect: own, file, line } of action.rules)
      found.set(`${file}\n${line}\n${policy}\n${rule}`, { policy, rule, effect: own, file, line });
  }
  return [...found.values()];
}

const conditions = new WeakMap<CompiledPolicies, string>();

/** Without the facts that no condition of any policy names, so that their values matter to nobody. */
export function asFarAsAsked(recorded: RecordedInput, compiled: CompiledPolicies): RecordedInput {
  let texts = conditions.get(compiled);
  if (texts === undefined) {
    texts = compiled.set.policies.flatMap(({ rules }) => rules.map(({ when }) => when ?? '')).join('\n');
    conditions.set(compiled, texts);
  }
  const isAsked = (fact: string) => texts.includes(fact);
  return { ...recorded, either: recorded.either.filter(isAsked), unknown: recorded.unknown.filter(isAsked) };
}

/** The input with each of the values that a fact may have had. */
export function variants({ input, either }: RecordedInput): readonly DecisionInput[] {
  return either.reduce<readonly DecisionInput[]>(
    (inputs, fact) => inputs.flatMap((each) => [false, true].map((value) => withFact(each, fact, value))),
    [input],
  );
}

function withFact(input: DecisionInput, fact: string, value: boolean): DecisionInput {
  const { request } = input;
  return { ...input, request: { ...request, facts: { ...request.facts, [fact]: value } } };
}

const words: Readonly<Record<string, string>> = {
  inTransaction: 'whether it was inside of a transaction',
  hasWhere: 'the prepared statement that it executes',
  hasLimit: 'the prepared statement that it executes',
  columns: 'the prepared statement that it executes',
  functions: 'the prepared statement that it executes',
  application: 'which application name the session had by then',
};

/** Why nobody can tell what would become of it; undefined where it can be told. */
function openBy(
  decided: RequestDecided,
  before: Answered,
  { input, either, unknown }: RecordedInput,
  decisions: readonly Decision[],
): string | undefined {
  const [decision] = decisions;
  if (decision === undefined) return undefined;
  const lacks = (facts: readonly string[]) =>
    `The record does not say ${[...new Set(facts.map((fact) => words[fact] ?? fact))].join(', nor ')}, and a rule asks.`;
  const asked = (fact: string) => askedOf(decisions)(fact);
  if (decisions.some(({ effect }) => effect !== decision.effect)) return lacks(either.filter(asked));
  const missing = unknown.length === 0 ? [] : unknown.filter(asked);
  if (missing.length > 0) return lacks(missing);
  if (decision.effect === 'deny') return undefined;
  if (decision.needs === 'plan' && input.plan === 'later')
    return 'The record does not say what the planner would have told of it, and a rule, limit or budget asks.';
  // Refused by something that is no rule: a rate, a budget, a mask that its values would have told.
  if (before.effect === 'deny' && refusedBeyondRules(decided))
    return `It was refused for something that the rules do not say, and that is not decided again: ${before.reason}`;
  return undefined;
}

/** Whether a condition that had a say names the fact. */
function askedOf(decisions: readonly Decision[]): (fact: string) => boolean {
  const conditions = decisions.flatMap((decision) =>
    decision
      .trace()
      .flatMap(({ when, actions, whole }) =>
        when !== undefined && (actions.length > 0 || whole === true) ? [when] : [],
      ),
  );
  return (fact) => conditions.some((when) => new RegExp(`\\b${fact}\\b`).test(when));
}

function refusedBeyondRules({ actions, undecidable, plan, limits }: RequestDecided): boolean {
  if (undecidable !== undefined || actions.length === 0) return false;
  if (actions.some(({ effect }) => effect === 'deny')) return false;
  const over = (value: number | undefined, bound: number | undefined) =>
    value !== undefined && bound !== undefined && value > bound;
  return !over(plan?.cost, limits.cost) && !over(plan?.rows, limits.estimatedRows);
}
