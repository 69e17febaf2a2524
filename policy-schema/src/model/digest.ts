import { createHash } from 'node:crypto';
import type { Mask, Policy, Rule } from './policy.ts';

type Canonical =
  | string
  | number
  | boolean
  | null
  | readonly Canonical[]
  | { readonly [key: string]: Canonical | undefined };

/**
 * The digest of what policies mean: SHA-256, hex, over canonical JSON. Files, places, comments, formatting, and the
 * order of files, rules, masks and patterns do not count. Any change of a name, effect, pattern, condition, message,
 * mask or limit does.
 */
export function policyDigest(policies: readonly Policy[]): string {
  const canonical = stringify({ gatehouse: 'v1', policies: bag(policies.map(meaning)) });
  return createHash('sha256').update(canonical, 'utf8').digest('hex');
}

function meaning(policy: Policy): Canonical {
  return {
    name: policy.name,
    mode: policy.mode,
    to: set(policy.applies.to),
    agents: set(policy.applies.agents),
    groups: policy.applies.groups && set(policy.applies.groups),
    rules: bag(policy.rules.map(ruleMeaning)),
    masks: bag(policy.masks.map(maskMeaning)),
    limits: { ...policy.limits },
    ...budgetsMeaning(policy.budgets),
  };
}

/** Nothing where there is none, so that what was accepted before there were budgets keeps its digest. */
function budgetsMeaning(budgets: Policy['budgets']): { readonly budgets?: Canonical } {
  const scopes = Object.entries(budgets).filter(([, budget]) => Object.keys(budget).length > 0);
  return scopes.length === 0
    ? {}
    : { budgets: Object.fromEntries(scopes.map(([scope, budget]) => [scope, { ...budget }])) };
}

function ruleMeaning(rule: Rule): Canonical {
  const selector: Record<string, Canonical> = Object.create(null);
  for (const [key, patterns] of Object.entries(rule.selector)) selector[key] = set(patterns);
  return {
    name: rule.name,
    effect: rule.effect,
    vocabulary: rule.vocabulary,
    selector,
    when: rule.when,
    message: rule.message,
    approval: rule.approval && {
      by: set(rule.approval.by),
      within: rule.approval.within,
      counts: rule.approval.counts,
    },
  };
}

function maskMeaning(mask: Mask): Canonical {
  return {
    columns: set(mask.columns),
    with: mask.with,
    keep: mask.keep && { ...mask.keep },
    step: mask.step,
    harmless: mask.harmless && set(mask.harmless),
    writable: mask.writable,
    tokens: mask.tokens,
    unless: mask.unless && {
      groups: mask.unless.groups && set(mask.unless.groups),
      people: mask.unless.people && set(mask.unless.people),
    },
  };
}

function set(values: readonly string[]): readonly string[] {
  return [...new Set(values)].sort();
}

function bag(values: readonly Canonical[]): readonly Canonical[] {
  return values
    .map((value) => ({ value, key: stringify(value) }))
    .sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0))
    .map(({ value }) => value);
}

/** JSON with sorted keys and without those that are undefined. */
function stringify(value: Canonical): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (isList(value)) return `[${value.map(stringify).join(',')}]`;
  const members: string[] = [];
  for (const key of Object.keys(value).sort()) {
    const member = value[key];
    if (member !== undefined) members.push(`${JSON.stringify(key)}:${stringify(member)}`);
  }
  return `{${members.join(',')}}`;
}

function isList(value: object): value is readonly Canonical[] {
  return Array.isArray(value);
}
