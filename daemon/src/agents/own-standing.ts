import {
  budgetWords,
  limitWords,
  maskSentence,
  ruleWords,
} from '@gatehouse/policy-schema/describe/policy.ts';
import type { Applicable } from '@gatehouse/policy-schema/evaluate/applicable.ts';
import { type CompiledPolicies, decide } from '@gatehouse/policy-schema/evaluate/decide.ts';
import type { AppliedMask, Principal, ResourceFacts } from '@gatehouse/policy-schema/evaluate/decision.ts';
import { explain } from '@gatehouse/policy-schema/evaluate/explain.ts';
import { strictestMask } from '@gatehouse/policy-schema/evaluate/mask-strength.ts';
import { describeAction } from '@gatehouse/policy-schema/evaluate/reason.ts';
import { inputOf } from '@gatehouse/policy-schema/evaluate/typed-request.ts';
import { compilePatterns, qualify } from '@gatehouse/policy-schema/model/pattern.ts';
import type { Budgets, Effect, Location } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import { tablesOf } from '../core/ask-person.ts';
import type { KnownNames } from '../core/known-names.ts';
import type { OwnDecision, OwnMask, OwnPolicy, OwnRule, OwnSchema } from './own.ts';

/** An agent on a resource, and the policy in force. */
export interface Standing {
  readonly policies: CompiledPolicies;
  readonly principal: Principal;
  readonly resource: Pick<Resource, 'name' | 'protocol' | 'labels'>;
}

const mostTables = 300;
const mostTraceLines = 120;
const mostInstead = 12;

const placeOf = ({ file, line }: Location): string => `${file}:${line}`;

function scopeOf({ policies, principal, resource }: Standing): Applicable {
  const { name, protocol, labels } = resource;
  const facts: ResourceFacts = { name, protocol, labels };
  return policies.scope(principal, facts);
}

/** What the policy in force says of an agent on a resource. */
export function ownPolicy(standing: Standing): Omit<OwnPolicy, 'access'> {
  const { principal, resource } = standing;
  const scope = scopeOf(standing);
  return {
    resource: resource.name,
    protocol: resource.protocol,
    labels: resource.labels,
    person: principal.person,
    agent: principal.agent,
    task: principal.task,
    rules: ownRules(standing, scope),
    masks: ownMasks(standing, scope.masks),
    bounds: boundWords(scope),
  };
}

function ownRules({ policies }: Standing, scope: Applicable): readonly OwnRule[] {
  const order: readonly Effect[] = ['allow', 'approve', 'deny'];
  return scope.rules
    .filter(({ mode }) => mode === 'enforce')
    .flatMap(({ policy, rule }) => {
      const of = policies.set.policies.find(({ name }) => name === policy);
      if (of === undefined) return [];
      const { effect, name, location } = rule;
      return [{ effect, policy, rule: name, place: placeOf(location), words: ruleWords(rule, of) }];
    })
    .sort((a, b) => order.indexOf(a.effect) - order.indexOf(b.effect));
}

function ownMasks({ policies }: Standing, applied: readonly AppliedMask[]): readonly OwnMask[] {
  return applied.map(({ columns, with: kind, policy, location }) => {
    const place = placeOf(location);
    const masks = policies.set.policies.find(({ name }) => name === policy)?.masks ?? [];
    const mask = masks.find((each) => placeOf(each.location) === place);
    return { columns, with: kind, place, words: mask === undefined ? '' : maskSentence(mask) };
  });
}

function boundWords({ limits, budgets }: Pick<Applicable, 'limits' | 'budgets'>): readonly string[] {
  const each: { -readonly [Scope in keyof Budgets]: Record<string, number> } = {};
  for (const { per, of, bound } of budgets) each[per] = { ...each[per], [of]: bound };
  return [...limitWords(limits), ...budgetWords(each)];
}

/**
 * What would be decided of a statement, by its text alone: names without a schema are taken to lie in public, and what a
 * mask makes of a result is not looked at.
 */
export async function ownDecision(standing: Standing, text: string): Promise<OwnDecision> {
  await loadReaders();
  const { policies, principal, resource } = standing;
  const input = inputOf({
    text,
    resource,
    principal,
    at: new Date(),
    session: { inTransaction: false, application: '' },
  });
  const decision = decide(policies, input);
  const { effect, reason, hint, approval } = decision;
  return {
    effect,
    reason,
    ...(hint === undefined ? {} : { hint }),
    actions: decision.actions.map((each) => ({
      kind: each.action.kind,
      words: describeAction(each.action),
      effect: each.effect,
      rules: each.rules.map(({ rule, policy, effect: rules, location, message }) => ({
        rule,
        policy,
        effect: rules,
        place: placeOf(location),
        ...(message === undefined ? {} : { message }),
      })),
    })),
    tables: tablesOf(input.request),
    masks: ownMasks(standing, decision.masks),
    bounds: boundWords(decision),
    ...(approval === undefined
      ? {}
      : { approval: { by: approval.by, withinSeconds: Math.round(approval.within / 1000) } }),
    needsPlan: decision.needs === 'plan',
    trace: explain(decision, input).slice(0, mostTraceLines),
    instead: ownRules(standing, scopeOf(standing))
      .filter((rule) => rule.effect !== 'deny')
      .slice(0, mostInstead),
  };
}

/** Tables and columns with what this agent would see of them. @param part of table names, whatever its case */
export async function ownSchema(standing: Standing, names: KnownNames, part = ''): Promise<OwnSchema> {
  await loadReaders();
  const { policies, principal, resource } = standing;
  const masks = scopeOf(standing).masks.map((mask) => ({ mask, matches: compilePatterns(mask.columns) }));
  const found = names.tables.filter(({ name }) => name.toLowerCase().includes(part.toLowerCase()));
  const at = new Date();
  const reading = (table: string): Effect => {
    const session = { inTransaction: false, application: '' };
    const input = inputOf({ text: `SELECT * FROM ${table}`, resource, principal, at, session });
    return decide(policies, input).effect;
  };
  return {
    tables: found.slice(0, mostTables).map(({ name, kind, columns }) => ({
      name,
      kind,
      reading: reading(name),
      columns: columns.map((column) => {
        const full = `${name}.${qualify(column.name)}`;
        const mask = strictestMask(masks.filter(({ matches }) => matches(full)).map((each) => each.mask));
        return { name: column.name, type: column.type, ...(mask === undefined ? {} : { mask: mask.with }) };
      }),
    })),
    partial: names.partial || found.length > mostTables,
  };
}
