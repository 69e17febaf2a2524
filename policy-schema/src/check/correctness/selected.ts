/** Kinds of action that a rule's block can match at all. */
import type { Rule } from '../../model/policy.ts';
import { vocabularies } from '../../vocabulary/registry.ts';

/** The kinds that a rule lists, or all where it lists none or `*`. */
export function listedKinds({ vocabulary, selector }: Rule): readonly string[] {
  if (vocabulary === undefined) return [];
  const { actions } = selector;
  return actions === undefined || actions.includes('*')
    ? Object.keys(vocabularies[vocabulary].actions)
    : actions;
}

/** The kinds of action that may have a key of the block; undefined for a key that is not declared. */
export function kindsWith({ vocabulary }: Rule, key: string): readonly string[] | undefined {
  if (vocabulary === undefined) return undefined;
  const { selectors } = vocabularies[vocabulary];
  return Object.hasOwn(selectors, key) ? selectors[key]?.on : undefined;
}
