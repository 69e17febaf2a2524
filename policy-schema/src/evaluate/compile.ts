import { type Condition, compileCondition } from '../conditions/condition.ts';
import { compileTarget } from '../model/applies.ts';
import { compilePatterns } from '../model/pattern.ts';
import type { Approval, Location, Mask, Policy, PolicySet, Rule } from '../model/policy.ts';
import type { AppliedMask, Principal, ResourceFacts, RuleOutcome } from './decision.ts';
import { readsPlan } from './plan.ts';
import { compileSelector, type Selector } from './selector.ts';

/** What an approve rule without words of its own asks for. */
export const defaultApproval: Approval = { by: ['*'], within: 600_000 };

export interface CompiledRule {
  readonly mode: Policy['mode'];
  readonly policy: string;
  readonly rule: Rule;
  readonly selector: Selector;
  /** `broken`: it does not compile, so it fails always. */
  readonly condition: Condition | { readonly broken: string } | undefined;
  /**
   * The condition gives the same for the same facts, principal and resource: it surely reads neither the clock nor the
   * text, since neither word stands in it.
   */
  readonly steady: boolean;
  /** The condition may read what only the plan tells: the name of such a fact stands in it. */
  readonly readsPlan: boolean;
  readonly approval: Approval;
  /** The outcome when the rule matches; shared by all decisions. */
  readonly matched: RuleOutcome;
}

export interface CompiledMask {
  readonly applied: AppliedMask;
  readonly excepts: (principal: Principal) => boolean;
}

export interface CompiledPolicy {
  readonly policy: Policy;
  readonly applies: (principal: Principal, resource: ResourceFacts) => boolean;
  readonly rules: readonly CompiledRule[];
  readonly masks: readonly CompiledMask[];
}

const byText = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** Order by place in the files: the order in which a set was read never shows. */
export function byLocation(a: Location, b: Location): number {
  return byText(a.file, b.file) || a.line - b.line || a.column - b.column;
}

function byRule(a: CompiledRule, b: CompiledRule): number {
  return (
    byLocation(a.rule.location, b.rule.location) ||
    byText(a.policy, b.policy) ||
    byText(a.rule.name, b.rule.name) ||
    byText(JSON.stringify(a.rule), JSON.stringify(b.rule))
  );
}

export function sortRules(rules: readonly CompiledRule[]): readonly CompiledRule[] {
  return [...rules].sort(byRule);
}

function compileRule(policy: Policy, rule: Rule): CompiledRule {
  let condition: CompiledRule['condition'];
  if (rule.when !== undefined) {
    const result = compileCondition(rule.when);
    condition = result.ok ? result.condition : { broken: result.error.message };
  }
  return {
    mode: policy.mode,
    policy: policy.name,
    rule,
    selector: compileSelector(rule),
    condition,
    steady: rule.when === undefined || !/now|text/.test(rule.when),
    readsPlan: readsPlan(rule.when),
    approval: rule.approval ?? defaultApproval,
    matched: {
      policy: policy.name,
      rule: rule.name,
      effect: rule.effect,
      location: rule.location,
      outcome: 'matched',
      ...(rule.message === undefined ? {} : { message: rule.message }),
    },
  };
}

function compileMask(policy: Policy, mask: Mask): CompiledMask {
  const groups = compilePatterns(mask.unless?.groups ?? []);
  const people = compilePatterns(mask.unless?.people ?? []);
  return {
    applied: {
      columns: mask.columns,
      with: mask.with,
      ...(mask.keep === undefined ? {} : { keep: mask.keep }),
      ...(mask.step === undefined ? {} : { step: mask.step }),
      ...(mask.harmless === undefined ? {} : { harmless: mask.harmless.map((name) => `pg_catalog.${name}`) }),
      ...(mask.writable === undefined ? {} : { writable: mask.writable }),
      ...(mask.tokens === undefined ? {} : { tokens: mask.tokens }),
      policy: policy.name,
      location: mask.location,
    },
    excepts: (principal) => people(principal.person) || principal.groups.some(groups),
  };
}

function compilePolicy(policy: Policy): CompiledPolicy {
  const targets = policy.applies.to.map(compileTarget);
  const agents = compilePatterns(policy.applies.agents);
  const groups = policy.applies.groups === undefined ? undefined : compilePatterns(policy.applies.groups);
  return {
    policy,
    applies: (principal, resource) =>
      targets.some((matches) => matches(resource)) &&
      agents(principal.agent) &&
      (groups === undefined || principal.groups.some(groups)),
    rules: policy.rules.map((rule) => compileRule(policy, rule)),
    masks: policy.masks.map((mask) => compileMask(policy, mask)),
  };
}

export function compileSet(set: PolicySet): readonly CompiledPolicy[] {
  return set.policies.map(compilePolicy);
}
