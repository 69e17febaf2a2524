/** `gatehouse test --mutate`: whether the tests would notice if the policies were others. */

import { existsSync } from 'node:fs';
import type { PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { JudgedMutant } from '@gatehouse/policy-schema/mutation/policy/judge-mutants.ts';
import type { TestCase } from '@gatehouse/policy-schema/tests/test-case.ts';
import { statePaths } from '../workspace/state.ts';
import { withRecords } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type MutationReport, type PlacedMutant, showMutation } from './mutate-report.ts';
import {
  judgeStatements,
  recordedDenials,
  type StatementReport,
  testedDenials,
} from './mutate-statements.ts';
import { Progress } from './progress.ts';
import { json } from './terminal.ts';

export interface MutateOptions {
  readonly asJson: boolean;
  /** How far to look back in the record, in milliseconds. */
  readonly since: number;
  /** The least score, 0 to 100. */
  readonly threshold?: number;
}

export interface MutateInput {
  readonly set: PolicySet;
  readonly resources: readonly Resource[];
  /** Texts of the policy files by path. */
  readonly policies: ReadonlyMap<string, string>;
  /** Where the workspace is. */
  readonly root: string;
  /** All of them pass. */
  readonly tests: readonly TestCase[];
}

/** Judge every mutant and report. `loadReaders` must have finished before. */
export async function mutate(
  input: MutateInput,
  { asJson, threshold, since }: MutateOptions,
): Promise<ExitCode> {
  const start = performance.now();
  const { countOf, scoreOf, scoreParts } = await import('@gatehouse/policy-schema/mutation/policy/score.ts');
  const judged = await judgeAll(input);
  const statements = await judgeDenials(input, since);
  const mutants = judged.map(({ mutant }) => mutant);
  const counts = countOf(mutants);
  const score = scoreOf(counts);
  const report: MutationReport = {
    tests: input.tests.length,
    mutants: judged,
    counts,
    ...(score === undefined ? {} : { score }),
    parts: scoreParts(mutants),
    statements,
    ...(threshold === undefined ? {} : { threshold }),
    milliseconds: performance.now() - start,
  };
  if (asJson) json(jsonOf(report));
  else showMutation(report);
  const isLow = (score ?? 1) * 100 < (threshold ?? 0);
  return isLow || statements.passed.length > 0 ? exitCodes.no : exitCodes.ok;
}

/** The record is looked at where there is one: in CI there is none. */
async function judgeDenials(input: MutateInput, since: number): Promise<StatementReport> {
  const state = statePaths(input.root);
  const from = new Date(Date.now() - since);
  const recorded = existsSync(state.records)
    ? await withRecords({ workspaceFolder: input.root, state }, async (index) =>
        recordedDenials(index, input.resources, from),
      )
    : [];
  return judgeStatements(input, [...testedDenials(input), ...recorded]);
}

async function judgeAll({ set, resources, policies, tests }: MutateInput): Promise<readonly PlacedMutant[]> {
  const [{ policyMutants }, { MutantJudge }, { placeOf }, { parseYaml }] = await Promise.all([
    import('@gatehouse/policy-schema/mutation/policy/policy-mutants.ts'),
    import('@gatehouse/policy-schema/mutation/policy/judge-mutants.ts'),
    import('@gatehouse/policy-schema/mutation/policy/place-of.ts'),
    import('@gatehouse/policy-schema/syntax/parse-yaml.ts'),
  ]);
  const trees = new Map([...policies].map(([file, text]) => [file, parseYaml(file, text)]));
  const judge = new MutantJudge(set, resources, tests);
  const mutants = [...policyMutants(set)];
  const progress = new Progress('Changing the policies', 'mutants');
  const placed = mutants.map((mutant, at): PlacedMutant => {
    progress.show(at / mutants.length, at);
    const tree = trees.get(mutant.location.file);
    return { mutant: judge.judge(mutant), place: tree ? placeOf(mutant, tree) : mutant.location };
  });
  progress.end();
  return placed;
}

function jsonOf(report: MutationReport): unknown {
  const { mutants, milliseconds, statements, ...whole } = report;
  return {
    ...whole,
    statements: {
      ...statements,
      passed: statements.passed.map(({ denial: { origin, asked }, passed }) => ({
        origin,
        statement: asked.text,
        agent: asked.principal.agent,
        resource: asked.resource.name,
        how: passed.rewrite.how,
        rewritten: passed.rewrite.text,
        effect: passed.effect,
        rules: passed.rules,
      })),
    },
    milliseconds: Math.round(milliseconds),
    mutants: mutants.map(({ mutant, place }) => mutantOf(mutant, place)),
  };
}

function mutantOf(judged: JudgedMutant, place: PlacedMutant['place']): unknown {
  const { policy, part, mutation, was, now } = judged.mutant;
  const about = { policy, part, mutation, ...place, was, ...(now === undefined ? {} : { now }) };
  switch (judged.outcome) {
    case 'killed': {
      const { name, place: at } = judged.by;
      return { ...about, outcome: judged.outcome, by: { name, file: at.file, line: at.line } };
    }
    case 'survived': {
      const { missing, unknown, example } = judged;
      return {
        ...about,
        outcome: judged.outcome,
        ...(missing && { test: `${missing.lines.join('\n')}\n` }),
        ...(example?.statement !== undefined && { statement: example.statement }),
        unknown,
      };
    }
    default:
      return { ...about, outcome: judged.outcome };
  }
}
