/** `gatehouse test --mutate`: whether the tests would notice if the policies were others. */
import type { JudgedMutant } from '@gatehouse/policy-schema/mutation/policy/judge-mutants.ts';
import type { PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { TestCase } from '@gatehouse/policy-schema/tests/test-case.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { type MutationReport, type PlacedMutant, showMutation } from './mutate-report.ts';
import { err, json } from './terminal.ts';

export interface MutateOptions {
  readonly asJson: boolean;
  /** The least score, 0 to 100. */
  readonly threshold?: number;
}

export interface MutateInput {
  readonly set: PolicySet;
  readonly resources: readonly Resource[];
  /** Texts of the policy files by path. */
  readonly policies: ReadonlyMap<string, string>;
  /** All of them pass. */
  readonly tests: readonly TestCase[];
}

/** Judge every mutant and report. `loadReaders` must have finished before. */
export async function mutate(input: MutateInput, { asJson, threshold }: MutateOptions): Promise<ExitCode> {
  const start = performance.now();
  const { countOf, scoreOf, scoreParts } = await import('@gatehouse/policy-schema/mutation/policy/score.ts');
  const judged = await judgeAll(input);
  const mutants = judged.map(({ mutant }) => mutant);
  const counts = countOf(mutants);
  const score = scoreOf(counts);
  const report: MutationReport = {
    tests: input.tests.length,
    mutants: judged,
    counts,
    ...(score === undefined ? {} : { score }),
    parts: scoreParts(mutants),
    ...(threshold === undefined ? {} : { threshold }),
    milliseconds: performance.now() - start,
  };
  if (asJson) json(jsonOf(report));
  else showMutation(report);
  return (score ?? 1) * 100 < (threshold ?? 0) ? exitCodes.no : exitCodes.ok;
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
  const progress = new Progress('mutants', mutants.length);
  const placed = mutants.map((mutant, at): PlacedMutant => {
    progress.at(at);
    const tree = trees.get(mutant.location.file);
    return { mutant: judge.judge(mutant), place: tree ? placeOf(mutant, tree) : mutant.location };
  });
  progress.end();
  return placed;
}

/** A line on a terminal's stderr, for what takes longer than a second. */
export class Progress {
  readonly #what: string;
  readonly #all: number;
  readonly #start = performance.now();
  #shownAt: number | undefined;

  constructor(what: string, all: number) {
    this.#what = what;
    this.#all = all;
  }

  at(done: number): void {
    const now = performance.now();
    if (!err.interactive || now - (this.#shownAt ?? this.#start + firstAfter - every) < every) return;
    this.#shownAt = now;
    err.write(`\r\u001b[K${done} of ${this.#all} ${this.#what}`);
  }

  end(): void {
    if (this.#shownAt !== undefined) err.write('\r\u001b[K');
  }
}

const firstAfter = 1000;
const every = 100;

function jsonOf(report: MutationReport): unknown {
  const { mutants, milliseconds, ...whole } = report;
  return {
    ...whole,
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
