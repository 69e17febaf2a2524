import type { CompiledRule } from '../evaluate/compile.ts';
import { compilePatterns } from '../model/pattern.ts';
import { vocabularies } from '../vocabulary/registry.ts';
import type { Action } from '../vocabulary/vocabulary.ts';

export interface MissingEntry {
  readonly key: string;
  readonly values: readonly string[];
  /** How many pairs of patterns the rule speaks of; patterns with `*` count as a thousand. */
  readonly width: number;
}

/** What one of a rule's lists lacks so that it would cover the actions; undefined where it is more than one list. */
export function missingEntry({ rule }: CompiledRule, actions: readonly Action[]): MissingEntry | undefined {
  const { vocabulary, selector } = rule;
  if (vocabulary === undefined) return undefined;
  const lacks = new Map<string, Set<string>>();
  const lack = (key: string, value: string): void => {
    lacks.set(key, (lacks.get(key) ?? new Set()).add(value));
  };
  for (const action of actions) {
    if (action.vocabulary !== vocabulary) return undefined;
    for (const [key, patterns] of Object.entries(selector)) {
      const values =
        key === 'actions' ? [action.kind] : valuesOf(action, vocabularies[vocabulary].selectors[key]?.fact);
      if (values === undefined) return undefined;
      const matches = compilePatterns(patterns);
      for (const value of values) if (!matches(value)) lack(key, value);
    }
  }
  const [only, another] = [...lacks];
  if (only === undefined || another !== undefined) return undefined;
  const [key, values] = only;
  // Everything, or nobody knows what: that is no entry of a list that a person would write.
  if (values.has('*')) return undefined;
  const width = Object.values(selector).reduce(
    (product, patterns) => product * patterns.reduce((sum, each) => sum + (each.includes('*') ? 1000 : 1), 0),
    1,
  );
  return { key, values: [...values].sort(), width };
}

function valuesOf({ facts }: Action, fact: string | undefined): readonly string[] | undefined {
  const value = fact !== undefined && Object.hasOwn(facts, fact) ? facts[fact] : undefined;
  return typeof value === 'string' ? [value] : value;
}
