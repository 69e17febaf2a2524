/** Whether tests tell a mutant from the policies that it was made of; and if not, a request that would. */
import { type CompiledPolicies, compilePolicies, decide } from '../../evaluate/decide.ts';
import type { DecisionInput } from '../../evaluate/decision.ts';
import { compareMeaning, type Example } from '../../evaluate/meaning/compare-meaning.ts';
import { compileSelector } from '../../evaluate/selector.ts';
import type { PolicySet } from '../../model/policy.ts';
import type { Resource } from '../../model/workspace.ts';
import { compareExpected } from '../../tests/compare-expected.ts';
import { decideTest } from '../../tests/run-tests.ts';
import type { TestCase } from '../../tests/test-case.ts';
import type { Request } from '../../vocabulary/vocabulary.ts';
import { type MissingTest, missingTest } from './missing-test.ts';
import type { PolicyMutant } from './policy-mutant.ts';

export type JudgedMutant = { readonly mutant: PolicyMutant } & (
  | { readonly outcome: 'killed'; readonly by: TestCase }
  /** No request is decided otherwise, so that no test could tell. */
  | { readonly outcome: 'equivalent' }
  /** What differs is nothing that a test may ask or expect: resources that are not declared, who approves, budgets. */
  | { readonly outcome: 'untestable'; readonly example: Example }
  | {
      readonly outcome: 'survived';
      /** A test that the policies pass and the mutant fails; several mutants may share one. */
      readonly missing?: MissingTest;
      /** A request that is decided otherwise, where no test could be written of it. */
      readonly example?: Example;
      /** What could not be compared, in words, where no request was found. */
      readonly unknown: readonly string[];
    }
);

interface ReadTest {
  readonly test: TestCase;
  readonly input: DecisionInput;
}

/** Holds mutants of one set against the tests that the set passes. `loadReaders` must have finished before. */
export class MutantJudge {
  readonly #set: PolicySet;
  readonly #compiled: CompiledPolicies;
  readonly #resources: readonly Resource[];
  readonly #tests: readonly ReadTest[];
  /** What was proposed for mutants before. */
  readonly #missing: (ReadTest & { readonly missing: MissingTest })[] = [];
  readonly #names: Set<string>;

  /** @param tests Those that do not pass tell nothing, and are left out. */
  constructor(set: PolicySet, resources: readonly Resource[], tests: readonly TestCase[]) {
    this.#set = set;
    this.#resources = resources;
    this.#compiled = compilePolicies(set);
    this.#tests = readTests(this.#compiled, resources, tests);
    this.#names = new Set(tests.map(({ name }) => name));
  }

  /** Never throws for a mutant of a set that loaded. */
  judge(mutant: PolicyMutant): JudgedMutant {
    const compiled = compilePolicies(mutant.set);
    const touches = touchedBy(this.#set, mutant.set);
    const tells = ({ test, input }: ReadTest) =>
      (touches(input.request) || test.expected.message !== undefined) &&
      compareExpected(test.expected, decide(compiled, input), test.place).length > 0;
    const by = this.#tests.find(tells);
    if (by !== undefined) return { mutant, outcome: 'killed', by: by.test };
    const known = this.#missing.find(tells);
    if (known !== undefined) return { mutant, outcome: 'survived', missing: known.missing, unknown: [] };
    const resources = this.#resources;
    const { verdict, examples, unknown } = compareMeaning(this.#set, mutant.set, { resources });
    if (verdict === 'equivalent') return { mutant, outcome: 'equivalent' };
    const found = [examples.loosens, examples.tightens].filter((each) => each !== undefined);
    const sets = { before: this.#compiled, after: compiled, resources };
    for (const example of found) {
      const missing = missingTest(example, sets, this.#names);
      if (missing === undefined) continue;
      this.#names.add(missing.test.name);
      this.#missing.push(
        ...readTests(this.#compiled, resources, [missing.test]).map((read) => ({ ...read, missing })),
      );
      return { mutant, outcome: 'survived', missing, unknown: [] };
    }
    const [example] = found;
    if (example !== undefined && unknown.length === 0 && found.every(isBeyondTests))
      return { mutant, outcome: 'untestable', example };
    return { mutant, outcome: 'survived', ...(example && { example }), unknown };
  }
}

function isBeyondTests({ declared, laxity }: Example): boolean {
  return (
    !declared || laxity.kind === 'approval' || (laxity.kind === 'bound' && laxity.name.startsWith('budget '))
  );
}

/**
 * Whether a request may be decided otherwise: where nothing but rules changed, it does something of which one of them speaks. The
 * words of a decision may change with any rule.
 */
function touchedBy(before: PolicySet, after: PolicySet): (request: Request) => boolean {
  const at = before.policies.findIndex((policy, place) => policy !== after.policies[place]);
  const [was, is] = [before.policies[at], after.policies[at]];
  if (was === undefined || is === undefined) return () => true;
  if (was.applies !== is.applies || was.masks !== is.masks || was.limits !== is.limits) return () => true;
  const changed = [
    ...was.rules.filter((rule) => !is.rules.includes(rule)),
    ...is.rules.filter((rule) => !was.rules.includes(rule)),
  ].map(compileSelector);
  return ({ actions }) =>
    changed.some(
      ({ general, restricts, grants }) =>
        general || actions.some((action) => restricts(action) || grants(action)),
    );
}

/** Texts are read once. Who asks and what is reached are shared, as what applies to them is kept by identity. */
function readTests(
  policies: CompiledPolicies,
  resources: readonly Resource[],
  tests: readonly TestCase[],
): readonly ReadTest[] {
  const shared = new Map<string, object>();
  const share = <Value extends object>(value: Value): Value => {
    const key = JSON.stringify(value);
    const known = shared.get(key);
    if (known === undefined) shared.set(key, value);
    // Of equal text, and so of equal shape.
    return (known as Value | undefined) ?? value;
  };
  return tests.flatMap((test): ReadTest[] => {
    const ran = decideTest(test, { policies, resources });
    if ('problem' in ran) return [];
    if (compareExpected(test.expected, ran.decision, test.place).length > 0) return [];
    const { input } = ran;
    const principal = share(input.principal);
    return [{ test, input: { ...input, principal, resource: share(input.resource) } }];
  });
}
