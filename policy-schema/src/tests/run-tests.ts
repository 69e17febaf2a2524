import { type CompiledPolicies, decide } from '../evaluate/decide.ts';
import type { Decision, DecisionInput } from '../evaluate/decision.ts';
import { inputOf } from '../evaluate/typed-request.ts';
import { chooseResource } from '../model/choose-resource.ts';
import type { Effect } from '../model/policy.ts';
import type { Resource } from '../model/workspace.ts';
import { compareExpected, decidingRules, type Difference } from './compare-expected.ts';
import type { CoverageCount } from './coverage.ts';
import type { TestCase } from './test-case.ts';
import { whyDecided } from './why.ts';

/** What tests are run against. */
export interface Tested {
  readonly policies: CompiledPolicies;
  readonly resources: readonly Resource[];
}

/** What became of a test's request. */
export interface Decided {
  readonly effect: Effect;
  readonly reason: string;
  /** Those that decided, as `policy/rule`. */
  readonly rules: readonly string[];
}

export type TestResult = { readonly test: TestCase; readonly milliseconds: number } & (
  | { readonly outcome: 'passed'; readonly decided: Decided }
  | {
      readonly outcome: 'failed';
      readonly decided: Decided;
      /** At least one. */
      readonly differences: readonly Difference[];
      /** What decided, a line each. */
      readonly explanation: readonly string[];
    }
  /** It says nothing about the policies: what to do. */
  | { readonly outcome: 'broken'; readonly message: string }
);

/**
 * Run one test. Never throws.
 * @param coverage Counts what rules had a part
 * @throws nothing; `loadReaders` must have finished before
 */
export function runTest(test: TestCase, tested: Tested, coverage?: CoverageCount): TestResult {
  const start = performance.now();
  const ran = decideTest(test, tested);
  const taken = () => ({ test, milliseconds: performance.now() - start });
  if ('problem' in ran) return { ...taken(), outcome: 'broken', message: ran.problem };
  const { decision, input } = ran;
  coverage?.add(decision, input);
  const differences = compareExpected(test.expected, decision, test.place);
  const decided: Decided = {
    effect: decision.effect,
    reason: decision.reason,
    rules: decidingRules(decision),
  };
  if (differences.length === 0) return { ...taken(), outcome: 'passed', decided };
  const explanation = whyDecided(decision, input, test.expected.rules ?? []);
  return { ...taken(), outcome: 'failed', decided, differences, explanation };
}

/** What is decided of a test's request; `problem` says what to do where it cannot be asked. */
export function decideTest(
  test: TestCase,
  { policies, resources }: Tested,
): { readonly decision: Decision; readonly input: DecisionInput } | { readonly problem: string } {
  const choice = chooseResource(resources, test.resource);
  switch (choice.kind) {
    case 'unsaid':
      return {
        problem: `Which resource? Say \`resource\`: ${choice.names.join(', ') || 'none is declared'}.`,
      };
    case 'unknown':
      return { problem: choice.words };
    case 'chosen': {
      const input = inputOf({
        text: test.text,
        resource: choice.resource,
        principal: test.principal,
        at: test.now,
        session: test.session,
        ...(test.plan && { plan: test.plan }),
      });
      return { decision: decide(policies, input), input };
    }
  }
}
