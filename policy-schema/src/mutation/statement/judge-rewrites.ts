/** Whether a statement that is denied stays denied, however it is written. */
import { type CompiledPolicies, decide } from '../../evaluate/decide.ts';
import { inputOf, type TypedRequest } from '../../evaluate/typed-request.ts';
import type { Effect } from '../../model/policy.ts';
import { decidingRules } from '../../tests/compare-expected.ts';
import { type Rewrite, rewriteStatement } from './rewrite-statement.ts';

export interface PassedRewrite {
  readonly rewrite: Rewrite;
  readonly effect: Exclude<Effect, 'deny'>;
  /** Those that decided, as `policy/rule`. */
  readonly rules: readonly string[];
}

export interface JudgedDenial {
  /** How many ways to write it were tried; 0: the parser does not take it, or it is long. */
  readonly tried: number;
  /** Those that are not denied. */
  readonly passed: readonly PassedRewrite[];
}

/**
 * Undefined: the policies do not deny the request itself, so that nothing is to be held. `loadReaders` must have finished before.
 * @param database Of the resource
 */
export function judgeRewrites(
  asked: TypedRequest,
  database: string,
  policies: CompiledPolicies,
): JudgedDenial | undefined {
  const decided = (text: string) => decide(policies, inputOf({ ...asked, text }));
  if (decided(asked.text).effect !== 'deny') return undefined;
  const schema = asked.session.searchPath?.[0] ?? 'public';
  const rewrites = rewriteStatement(asked.text, { schema, database });
  const passed = rewrites.flatMap((rewrite): PassedRewrite[] => {
    const decision = decided(rewrite.text);
    const { effect } = decision;
    return effect === 'deny' ? [] : [{ rewrite, effect, rules: decidingRules(decision) }];
  });
  return { tried: rewrites.length, passed };
}
