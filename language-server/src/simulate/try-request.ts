import type { World } from '@gatehouse/policy-schema/check/check.ts';
import type { ConditionPart } from '@gatehouse/policy-schema/conditions/parts.ts';
import { budgetWords, limitWords } from '@gatehouse/policy-schema/describe/policy.ts';
import { span } from '@gatehouse/policy-schema/describe/words.ts';
import { type CompiledPolicies, compilePolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { Decision, DecisionInput, TraceStep } from '@gatehouse/policy-schema/evaluate/decision.ts';
import {
  askedOf,
  basisWords,
  partIn,
  partsOf,
  placeOfFault,
} from '@gatehouse/policy-schema/evaluate/explain.ts';
import { maskWords } from '@gatehouse/policy-schema/evaluate/mask-strength.ts';
import { inputOf } from '@gatehouse/policy-schema/evaluate/typed-request.ts';
import { chooseResource } from '@gatehouse/policy-schema/model/choose-resource.ts';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import { policySetOf } from '@gatehouse/policy-schema/model/policy-set.ts';
import type { FileRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { readers } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import type { Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Desk } from '../desk.ts';

/** A request that nobody made, to see what would become of it. */
export interface Try {
  /** As people would write it: for a database a SQL statement. */
  readonly text: string;
  /** A declared resource; may be left out where there is only one. */
  readonly resource?: string;
  readonly person?: string;
  readonly groups?: readonly string[];
  readonly agent?: string;
  readonly task?: string;
  readonly at?: Date;
  readonly inTransaction?: boolean;
  /** What the server's planner would say; without it, what depends on it is left open. */
  readonly plan?: { readonly cost: number; readonly rows: number };
}

export interface TriedRule {
  readonly policy: string;
  readonly rule: string;
  readonly effect: Effect;
  /** The rule speaks for or against the action. */
  readonly spoke: boolean;
  /** Why it matched or not. */
  readonly why: string;
  readonly observes: boolean;
  /** Where it stands, by the text as it is now. */
  readonly place?: FileRange & { readonly line: number };
  readonly condition: readonly ConditionPart[];
}

export interface TriedAction {
  readonly words: string;
  readonly effect: Effect;
  readonly implied: boolean;
  /** What the answer stands on where it is not rules, in words. */
  readonly basis?: string;
  /** Those that spoke first. */
  readonly rules: readonly TriedRule[];
}

export interface Tried {
  readonly ok: true;
  readonly text: string;
  readonly resource: string;
  readonly who: string;
  readonly effect: Effect;
  readonly reason: string;
  readonly hint?: string;
  /** The text cannot be decided on: why, and where in the text, from 1. */
  readonly fault?: Pick<Undecidable, 'code' | 'native'> & {
    readonly line?: number;
    readonly column?: number;
  };
  readonly actions: readonly TriedAction[];
  readonly masks: readonly string[];
  readonly limits: readonly string[];
  readonly approval?: string;
  /** What is not known on a desk, in words. */
  readonly open: readonly string[];
}

export interface NotTried {
  readonly ok: false;
  /** What to do. */
  readonly message: string;
}

/** What `request.sql.application` is on a desk. */
export const application = 'gatehouse';

/**
 * Decide a typed request by the files as they stand, unsaved text included. Never throws.
 * @throws nothing; `loadReaders` must have finished before
 */
export function tryRequest(desk: Desk, asked: Try): Tried | NotTried {
  const { workspace } = desk.world;
  if (workspace === undefined)
    return {
      ok: false,
      message: 'gatehouse.yaml is not there, or has errors, so no resource is known to try on.',
    };
  const choice = chooseResource(workspace.workspace.resources, asked.resource);
  if (choice.kind === 'unsaid')
    return { ok: false, message: `Which resource? There are: ${choice.names.join(', ') || 'none'}.` };
  if (choice.kind === 'unknown') return { ok: false, message: choice.words };
  const { resource } = choice;
  const reader = readers[resource.protocol];
  if (asked.text.trim() === '') return { ok: false, message: `Type ${reader.what} to try.` };
  const { person = 'you', groups = [], agent = 'agent', task = '', plan } = asked;
  const input = inputOf({
    text: asked.text,
    resource,
    principal: { person, groups, agent, workspace: 'desk', task },
    at: asked.at ?? desk.world.now,
    session: { inTransaction: asked.inTransaction === true, application },
    ...(plan && { plan }),
  });
  const decision = decide(policiesOf(desk.world), input);
  const { undecidable } = input.request;
  return {
    ok: true,
    text: asked.text,
    resource: resource.name,
    who: `${agent} for ${person}${groups.length === 0 ? '' : ` (${groups.join(', ')})`}`,
    effect: decision.effect,
    reason: decision.reason,
    ...(decision.hint !== undefined && { hint: decision.hint }),
    ...(undecidable && {
      fault: {
        code: undecidable.code,
        ...(undecidable.native !== undefined && { native: undecidable.native }),
        ...placeOfFault(input.request),
      },
    }),
    actions: actionsOf(desk, decision, input),
    masks: decision.masks.map((mask) => `${maskWords(mask)}: ${mask.columns.join(', ')}`),
    limits: [...limitWords(decision.limits), ...budgetsOf(decision)],
    ...(decision.approval && { approval: approvalWords(decision.approval) }),
    open: [
      ...(reader.isForeign(input.request)
        ? [
            `On ${resource.name} ${reader.what} can be tried. Shell commands, kubectl lines, HTTP requests and tool calls cannot be tried yet.`,
          ]
        : []),
      ...openWords(desk.world, decision),
    ],
  };
}

const compiled = new WeakMap<World, CompiledPolicies>();

/** The policies of a world made ready, once for each. */
export function policiesOf(world: World): CompiledPolicies {
  let known = compiled.get(world);
  if (known === undefined) {
    known = compilePolicies(policySetOf(world.policies.map(({ policy }) => policy)));
    compiled.set(world, known);
  }
  return known;
}

function actionsOf(desk: Desk, decision: Decision, input: DecisionInput): readonly TriedAction[] {
  const trace = decision.trace();
  const placed = trace.map((step) => ({ step, place: placeOf(desk, step) }));
  return askedOf(decision, input).map(({ about, words, effect, implied, basis }) => {
    const rules = placed.map(({ step, place }): TriedRule => {
      const { spoke, text } = partIn(step, about);
      return {
        policy: step.policy,
        rule: step.rule,
        effect: step.effect,
        spoke,
        why: text,
        observes: step.mode === 'observe',
        ...(place && { place }),
        condition: partsOf(step, about, input),
      };
    });
    return {
      words,
      effect,
      implied,
      ...(basis !== 'rules' && { basis: basisWords[basis] }),
      rules: [...rules.filter(({ spoke }) => spoke), ...rules.filter(({ spoke }) => !spoke)],
    };
  });
}

/** Where a step's rule stands now. */
function placeOf({ world }: Desk, { policy, rule, location }: TraceStep): TriedRule['place'] {
  const unit = world.policies.find(
    ({ file, policy: each }) => file === location.file && each.name === policy,
  );
  const found = unit?.rules.find((each) => each.rule.name === rule);
  if (unit === undefined || found === undefined) return undefined;
  const { range } = found.node;
  return { file: unit.file, ...range, line: unit.source.position(range.start).line };
}

function budgetsOf({ budgets }: Decision): readonly string[] {
  return budgets.flatMap(({ per, of, bound }) => budgetWords({ [per]: { [of]: bound } }));
}

function approvalWords({ by, within, counts }: NonNullable<Decision['approval']>): string {
  const people = by.map((names) => names.join(' or ')).join(', and ');
  return `Waits ${span(within)} for ${people}${counts === undefined ? '' : ', who is shown how many rows change'}.`;
}

function openWords(world: World, decision: Decision): readonly string[] {
  return [
    ...(decision.needs === 'plan' && decision.effect !== 'deny'
      ? ['The server’s plan is not known here, and some condition, limit or budget reads it.']
      : []),
    ...(world.partial ? ['Some file or rule has errors and had no part in this.'] : []),
    ...(decision.observed !== decision.effect
      ? [`With the observing policies it would be: ${decision.observed}.`]
      : []),
  ];
}
