/** Which actions a rule speaks of; the two readings of a list are told in vocabulary.ts at Action. */
import { compilePatterns } from '../model/pattern.ts';
import type { Rule } from '../model/policy.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import type { Action } from '../vocabulary/vocabulary.ts';

/** The value that stands for all values, or for an unknown one. */
const ANY = '*';

export interface Selector {
  /** The selector has no keys, so it speaks of every action, and of a request without any. */
  readonly general: boolean;
  /** As deny and approve rules read it: any value of a list is enough. */
  restricts(action: Action): boolean;
  /** As allow rules read it: every value of a list must match. */
  grants(action: Action): boolean;
  /** Why an action is not granted (or restricted, which differs for lists only), for the trace. */
  mismatch(action: Action): string | undefined;
}

interface Part {
  readonly key: string;
  readonly fact: string | undefined;
  readonly patterns: readonly string[];
  readonly matches: (value: string) => boolean;
  readonly grantsAny: boolean;
}

function valuesOf(part: Part, action: Action): readonly string[] | undefined {
  if (part.fact === undefined) return undefined;
  const value = Object.hasOwn(action.facts, part.fact) ? action.facts[part.fact] : undefined;
  return typeof value === 'string' ? [value] : value;
}

const touches = (part: Part, values: readonly string[]): boolean =>
  values.some((value) => (value === ANY ? part.patterns.length > 0 : part.matches(value)));

const covers = (part: Part, values: readonly string[]): boolean =>
  values.every((value) => (value === ANY ? part.grantsAny : part.matches(value)));

/** Compile a rule's selector. A key that its vocabulary does not declare widens what restricts and grants nothing. */
export function compileSelector(rule: Rule): Selector {
  const { vocabulary } = rule;
  const declared = vocabulary === undefined ? {} : vocabularies[vocabulary].selectors;
  const kinds = Object.hasOwn(rule.selector, 'actions') ? rule.selector.actions : undefined;
  const matchesKind = kinds === undefined ? () => true : compilePatterns(kinds);
  const parts: Part[] = Object.entries(rule.selector)
    .filter(([key]) => key !== 'actions')
    .map(([key, patterns]) => ({
      key,
      fact: Object.hasOwn(declared, key) ? declared[key]?.fact : undefined,
      patterns,
      matches: compilePatterns(patterns),
      grantsAny: patterns.some((pattern) => /^\*+$/.test(pattern)),
    }));
  const speaksOf = (action: Action): boolean =>
    (vocabulary === undefined || vocabulary === action.vocabulary) && matchesKind(action.kind);

  return {
    general: kinds === undefined && parts.length === 0,
    restricts: (action) =>
      speaksOf(action) &&
      parts.every((part) => {
        if (part.fact === undefined) return true;
        const values = valuesOf(part, action);
        return values !== undefined && touches(part, values);
      }),
    grants: (action) =>
      speaksOf(action) &&
      parts.every((part) => {
        const values = valuesOf(part, action);
        return values !== undefined && covers(part, values);
      }),
    mismatch: (action) => {
      if (vocabulary !== undefined && vocabulary !== action.vocabulary) return `speaks of ${vocabulary} only`;
      if (!matchesKind(action.kind)) return `actions: ${action.kind} is none of ${(kinds ?? []).join(', ')}`;
      const reads = rule.effect === 'allow' ? covers : touches;
      for (const part of parts) {
        const values = valuesOf(part, action);
        if (values === undefined) return `${part.key}: the action names none`;
        if (!reads(part, values))
          return `${part.key}: ${values.join(', ')} against ${part.patterns.join(', ')}`;
      }
      return undefined;
    },
  };
}
