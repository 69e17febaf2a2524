/**
 * When one part of a policy surely covers another. Every answer of `true` is proven; `false` also means "not known",
 * so a comparison built on it may ask a person too often, and never too seldom.
 */
import { compilePattern, type Matcher } from '../model/pattern.ts';
import type { Applies, Mask, Rule } from '../model/policy.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import { hidesAsMuch } from './mask-strength.ts';

const compiled = new Map<string, Matcher>();
const MAX_COMPILED = 10_000;

const isAny = (pattern: string): boolean => /^\*+$/.test(pattern);

/**
 * Whether everything that `inner` matches, `outer` matches. Matching `inner` as if it were a value proves it: its `*`
 * can be met by a `*` of `outer` only, which then meets whatever stands for it.
 */
export function patternCovers(outer: string, inner: string): boolean {
  if (outer === inner || !outer.includes('*')) return outer === inner;
  let matches = compiled.get(outer);
  if (matches === undefined) {
    matches = compilePattern(outer);
    if (compiled.size >= MAX_COMPILED) compiled.clear();
    compiled.set(outer, matches);
  }
  return matches(inner);
}

export function patternsCover(outer: readonly string[], inner: readonly string[]): boolean {
  return inner.every((pattern) => outer.some((wider) => patternCovers(wider, pattern)));
}

/** As patternsCover() for two entries of `applies.to`. */
export function targetCovers(outer: string, inner: string): boolean {
  const [outerLabel, innerLabel] = [outer.indexOf('='), inner.indexOf('=')];
  // Every resource has a name, so a name of any kind covers a label too.
  if (outerLabel === -1) return innerLabel === -1 ? patternCovers(outer, inner) : isAny(outer);
  return (
    innerLabel !== -1 &&
    outer.slice(0, outerLabel) === inner.slice(0, innerLabel) &&
    patternCovers(outer.slice(outerLabel + 1), inner.slice(innerLabel + 1))
  );
}

export function scopeCovers(outer: Applies, inner: Applies): boolean {
  return (
    inner.to.every((target) => outer.to.some((wider) => targetCovers(wider, target))) &&
    patternsCover(outer.agents, inner.agents) &&
    (outer.groups === undefined || (inner.groups !== undefined && patternsCover(outer.groups, inner.groups)))
  );
}

/** Whether no request can be in both scopes: names spelled out, and none in common. */
export function scopesDisjoint(a: Applies, b: Applies): boolean {
  const apart = (left: readonly string[], right: readonly string[]) =>
    [...left, ...right].every((text) => !/[*=]/.test(text)) && left.every((text) => !right.includes(text));
  return apart(a.to, b.to) || apart(a.agents, b.agents);
}

/** The selector without an `actions` that says nothing. */
function keysOf(rule: Rule): readonly (readonly [string, readonly string[]])[] {
  return Object.entries(rule.selector).filter(
    ([key, patterns]) => key !== 'actions' || !patterns.some(isAny),
  );
}

/** Whether a rule speaks of requests without actions too. */
const isGeneral = (rule: Rule): boolean => Object.keys(rule.selector).length === 0;

/** Whether every action that `inner` matches, read as granting or as restricting, `outer` matches read likewise. */
export function selectorCovers(outer: Rule, inner: Rule): boolean {
  // A key means what its vocabulary declares; without one it means nothing, so only `actions` compares across.
  const wider =
    outer.vocabulary === undefined && Object.keys(outer.selector).every((key) => key === 'actions');
  return (
    (wider || outer.vocabulary === inner.vocabulary) &&
    keysOf(outer).every(([key, patterns]) => {
      const own = Object.hasOwn(inner.selector, key) ? inner.selector[key] : undefined;
      return own !== undefined && patternsCover(patterns, own);
    })
  );
}

/** As {@link selectorCovers} for what restricts, where a rule without keys holds for requests without actions. */
export function restrictionCovers(outer: Rule, inner: Rule): boolean {
  return selectorCovers(outer, inner) && (!isGeneral(inner) || isGeneral(outer));
}

/** A list that names nothing is granted by any allow rule and by no approve rule, so these two do not compare. */
export function holdsLists(rule: Rule): boolean {
  if (rule.vocabulary === undefined) return false;
  const { selectors } = vocabularies[rule.vocabulary];
  return Object.keys(rule.selector).some(
    (key) => Object.hasOwn(selectors, key) && selectors[key]?.holds === 'many',
  );
}

const LITERAL = /("""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')/;

/** The text of a condition with runs of white space as one, except in literals. */
function normal(condition: string): string {
  // A line comment ends with its line, so there the line breaks mean something.
  if (condition.includes('//')) return condition;
  return condition
    .split(LITERAL)
    .map((part, index) => (index % 2 === 0 ? part.replace(/[ \t\r\n]+/g, ' ') : part))
    .join('')
    .trim();
}

export function sameCondition(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return normal(a) === normal(b);
}

/** Whether `mask` hides all that `than` hides, and as much, from everyone from whom `than` hides it. */
export function maskCovers(mask: Mask, than: Mask): boolean {
  return (
    hidesAsMuch(mask, than) &&
    patternsCover(mask.columns, than.columns) &&
    patternsCover(than.unless?.groups ?? [], mask.unless?.groups ?? []) &&
    patternsCover(than.unless?.people ?? [], mask.unless?.people ?? [])
  );
}

/** Whether whoever may answer by `inner` may answer by `outer`. */
export function approversCover(outer: readonly string[], inner: readonly string[]): boolean {
  return outer.includes('*') || inner.every((approver) => outer.includes(approver));
}
