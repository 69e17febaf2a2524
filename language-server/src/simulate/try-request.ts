import type { World } from '@gatehouse/policy-schema/check/check.ts';
import type { ConditionPart } from '@gatehouse/policy-schema/conditions/parts.ts';
import { budgetWords, limitWords } from '@gatehouse/policy-schema/describe/policy.ts';
import { span } from '@gatehouse/policy-schema/describe/words.ts';
import { type CompiledPolicies, compilePolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { Decision, DecisionInput, TraceStep } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { partIn, partsOf } from '@gatehouse/policy-schema/evaluate/explain.ts';
import { isPlanned, withPlan } from '@gatehouse/policy-schema/evaluate/plan.ts';
import { maskWords } from '@gatehouse/policy-schema/evaluate/mask-strength.ts';
import { describeAction } from '@gatehouse/policy-schema/evaluate/reason.ts';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import { policySetOf } from '@gatehouse/policy-schema/model/policy-set.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { FileRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { suggest } from '@gatehouse/policy-schema/syntax/suggest.ts';
import type { Desk } from '../desk.ts';
import { readers } from './readers.ts';

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
  const resource = chosen(workspace.workspace.resources, asked.resource);
  if ('message' in resource) return resource;
  if (asked.text.trim() === '')
    return { ok: false, message: `Type ${readers[resource.protocol].what} to try.` };
  const request = readers[resource.protocol].read(asked.text, {
    inTransaction: asked.inTransaction === true,
  });
  const { person = 'you', groups = [], agent = 'agent', task = '', plan } = asked;
  const input: DecisionInput = {
    request: plan === undefined || isPlanned(request) ? request : withPlan(request, plan),
    principal: { person, groups, agent, workspace: 'desk', task },
    resource: { name: resource.name, protocol: resource.protocol, labels: resource.labels },
    now: asked.at ?? desk.world.now,
    plan: 'later',
  };
  const decision = decide(policiesOf(desk.world), input);
  return {
    ok: true,
    text: asked.text,
    resource: resource.name,
    who: `${agent} for ${person}${groups.length === 0 ? '' : ` (${groups.join(', ')})`}`,
    effect: decision.effect,
    reason: decision.reason,
    ...(decision.hint !== undefined && { hint: decision.hint }),
    actions: actionsOf(desk, decision, input),
    masks: decision.masks.map((mask) => `${maskWords(mask)}: ${mask.columns.join(', ')}`),
    limits: [...limitWords(decision.limits), ...budgetsOf(decision)],
    ...(decision.approval && { approval: approvalWords(decision.approval) }),
    open: openWords(desk.world, decision),
  };
}

function chosen(resources: readonly Resource[], name: string | undefined): Resource | NotTried {
  const names = resources.map((each) => each.name);
  if (name === undefined) {
    const [only, another] = resources;
    if (only !== undefined && another === undefined) return only;
    return { ok: false, message: `Which resource? There are: ${names.join(', ') || 'none'}.` };
  }
  const found = resources.find((each) => each.name === name);
  if (found !== undefined) return found;
  const meant = suggest(name, names);
  return {
    ok: false,
    message: `No resource is named “${name}”. ${meant === undefined ? `There are: ${names.join(', ')}.` : `Did you mean ${meant}?`}`,
  };
}

const compiled = new WeakMap<World, CompiledPolicies>();

function policiesOf(world: World): CompiledPolicies {
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
  return decision.actions.map(({ action, effect }, index) => {
    const rules = placed.map(({ step, place }): TriedRule => {
      const { spoke, text } = partIn(step, index);
      return {
        policy: step.policy,
        rule: step.rule,
        effect: step.effect,
        spoke,
        why: text,
        observes: step.mode === 'observe',
        ...(place && { place }),
        condition: partsOf(step, index, input),
      };
    });
    return {
      words: describeAction(action),
      effect,
      implied: action.implied === true,
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
