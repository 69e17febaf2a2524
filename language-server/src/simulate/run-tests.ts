import type { PolicyUnit, RuleUnit } from '@gatehouse/policy-schema/check/check.ts';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import { policySetOf } from '@gatehouse/policy-schema/model/policy-set.ts';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { CoverageCount } from '@gatehouse/policy-schema/tests/coverage.ts';
import { type LoadedTests, readTestFile } from '@gatehouse/policy-schema/tests/load-tests.ts';
import { runTest, type TestResult } from '@gatehouse/policy-schema/tests/run-tests.ts';
import type { TestCase } from '@gatehouse/policy-schema/tests/test-case.ts';
import type { Desk, DeskFile } from '../desk.ts';
import { policiesOf } from './try-request.ts';

/** The tests of a file as it stands. */
export interface DeskTests {
  readonly file: string;
  readonly cases: readonly TestCase[];
  /** Why there are none: the first error of the file. */
  readonly problem?: { readonly message: string; readonly range: TextRange };
}

const kept = new WeakMap<DeskFile, LoadedTests>();

/** All test files of a desk, in the order of their names. */
export function testsOf(desk: Desk): readonly DeskTests[] {
  return [...desk.files.values()]
    .filter(({ kind }) => kind === 'Test')
    .map((file) => {
      let loaded = kept.get(file);
      if (loaded === undefined) {
        loaded = readTestFile(file.parsed);
        kept.set(file, loaded);
      }
      const [first] = loaded.diagnostics.filter(({ severity }) => severity === 'error');
      return {
        file: file.file,
        cases: loaded.tests?.cases ?? [],
        ...(first && { problem: { message: first.message, range: first.range } }),
      };
    });
}

/** Runs tests by the files as they stand, unsaved text included. Never throws; `loadReaders` must have finished before. */
export class TestRun {
  readonly #desk: Desk;
  readonly #count = new CoverageCount();
  readonly #problem: string | undefined;

  constructor(desk: Desk) {
    this.#desk = desk;
    this.#problem = problemOf(desk);
  }

  run(test: TestCase): TestResult {
    const { world } = this.#desk;
    if (this.#problem !== undefined)
      return { test, milliseconds: 0, outcome: 'broken', message: this.#problem };
    const resources = world.workspace?.workspace.resources ?? [];
    return runTest(test, { policies: policiesOf(world), resources }, this.#count);
  }

  /** What the tests that ran have shown of each rule, by policy files. */
  get coverage(): readonly FileCoverage[] {
    const { policies } = this.#desk.world;
    const counted = new Map(
      this.#count
        .of(policySetOf(policies.map(({ policy }) => policy)))
        .map((each) => [`${each.policy}/${each.rule}`, each]),
    );
    return policies.map((unit) => ({
      file: unit.file,
      rules: unit.rules.flatMap((rule) => {
        const found = counted.get(`${unit.policy.name}/${rule.rule.name}`);
        return found === undefined ? [] : [placed(unit, rule, found)];
      }),
    }));
  }
}

export interface FileCoverage {
  readonly file: string;
  readonly rules: readonly PlacedRule[];
}

export interface PlacedRule {
  /** As `policy/rule`. */
  readonly name: string;
  readonly effect: Effect;
  readonly range: TextRange;
  readonly deciding: number;
  readonly contributing: number;
  /** The condition as a whole, then its parts where it has several. */
  readonly condition: readonly {
    readonly text: string;
    readonly range: TextRange;
    readonly true: number;
    readonly false: number;
  }[];
}

function placed(
  { policy, source }: PolicyUnit,
  { rule, node, condition }: RuleUnit,
  found: ReturnType<CoverageCount['of']>[number],
): PlacedRule {
  const offsets = condition?.node.offsets();
  return {
    name: `${policy.name}/${rule.name}`,
    effect: rule.effect,
    range: withoutEnd(source.text, node.range),
    deciding: found.deciding,
    contributing: found.contributing,
    condition: found.condition.map(({ start, end, text, ...answers }) => ({
      text,
      range: offsets === undefined ? node.range : offsets.range(start, end),
      ...answers,
    })),
  };
}

/** A mapping's range takes the breaks behind it in, and with them the line of what follows. */
function withoutEnd(text: string, { start, end }: TextRange): TextRange {
  return { start, end: start + text.slice(start, end).trimEnd().length };
}

/** Why no test could tell anything: a policy that is broken decides otherwise, or not at all. */
function problemOf(desk: Desk): string | undefined {
  for (const { file, kind } of desk.files.values()) {
    if (kind === 'Test') continue;
    const error = desk.diagnostics(file).find(({ severity }) => severity === 'error');
    if (error !== undefined)
      return `The policies have errors, so nothing can be told: ${file}:${error.line}: ${error.message}`;
  }
  return desk.world.workspace === undefined
    ? 'There is no gatehouse.yaml, so no resource is known.'
    : undefined;
}
