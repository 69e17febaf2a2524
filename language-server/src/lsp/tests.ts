import { setImmediate as nextTurn } from 'node:timers/promises';
import { anyFileKindOf } from '@gatehouse/policy-schema/model/layout.ts';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import { nameIndexOf } from '@gatehouse/policy-schema/names/name-index.ts';
import type { TestResult } from '@gatehouse/policy-schema/tests/run-tests.ts';
import { applyEdits } from '@gatehouse/policy-schema/syntax/edits.ts';
import { SourceFile } from '@gatehouse/policy-schema/syntax/source.ts';
import { loadReaders } from '@gatehouse/policy-schema/vocabulary/readers.ts';
import {
  NotificationType0,
  type Range,
  RequestType,
  RequestType0,
  type TextEdit,
} from 'vscode-languageserver';
import { URI } from 'vscode-uri';
import type { RecordedDecision } from '@gatehouse/policy-schema/tests/recorded-decision.ts';
import { writeTest } from '@gatehouse/policy-schema/tests/write-test.ts';
import { type FileCoverage, TestRun, testsOf } from '../simulate/run-tests.ts';
import type { Folder } from '../workspace/folders.ts';
import type { Capability } from './capability.ts';
import { toEdit, toRange } from './convert.ts';
import { pathOf, type Session } from './session.ts';

/** Tests of all folders, for an editor that lists them. */
export interface TestFolder {
  /** The workspace folder. */
  readonly uri: string;
  readonly files: readonly {
    readonly uri: string;
    /** The path below `.gatehouse/tests`. */
    readonly label: string;
    readonly cases: readonly {
      /** Unique in the file. */
      readonly id: string;
      readonly name: string;
      readonly matrix?: string;
      readonly range: Range;
    }[];
    /** The file cannot be read, and `cases` is empty: its first error. */
    readonly problem?: { readonly message: string; readonly range: Range };
  }[];
}

export interface RunTestsParams {
  /** The workspace folder. */
  readonly folder: string;
  /** All of the folder unless given. */
  readonly tests?: readonly { readonly uri: string; readonly id: string }[];
}

export interface RunTestsResult {
  readonly results: readonly WireResult[];
  /** By policy files, over the tests that ran. */
  readonly coverage: readonly WireCoverage[];
}

export interface WireResult {
  readonly uri: string;
  readonly id: string;
  readonly milliseconds: number;
  readonly outcome: TestResult['outcome'];
  /** `broken`: what to do. */
  readonly message?: string;
  /** `failed`: what differs, where the expectation stands, and what decided. */
  readonly differences?: readonly {
    readonly what: string;
    readonly expected: string;
    readonly actual: string;
    readonly range: Range;
  }[];
  readonly explanation?: readonly string[];
  /** `failed`: the rules that decided, as `policy/rule`, and where they stand. */
  readonly decidedBy?: readonly { readonly name: string; readonly uri: string; readonly range: Range }[];
}

export interface WireCoverage {
  readonly uri: string;
  readonly rules: readonly {
    /** As `policy/rule`. */
    readonly name: string;
    readonly effect: Effect;
    readonly range: Range;
    readonly deciding: number;
    readonly contributing: number;
    readonly condition: readonly {
      readonly text: string;
      readonly range: Range;
      readonly true: number;
      readonly false: number;
    }[];
  }[];
}

/** What tests there are, in all folders, as they stand in the editor. */
export const listTests = new RequestType0<readonly TestFolder[], void>('gatehouse/tests');
/** Run tests by the policies as they stand in the editor. */
export const runTests = new RequestType<RunTestsParams, RunTestsResult, void>('gatehouse/runTests');
export interface NewTestParams {
  /** The workspace folder. */
  readonly folder: string;
  /** The test file by its path in the folder; it need not be there yet. */
  readonly file: string;
  readonly recorded: RecordedDecision;
}

export type NewTestResult =
  | {
      readonly ok: true;
      readonly uri: string;
      readonly isNew: boolean;
      readonly edit: TextEdit;
      /** The line of the test once the edit is made, from 0. */
      readonly line: number;
      readonly name: string;
    }
  | { readonly ok: false; readonly message: string };

/** What to write so that a test holds a recorded decision. Nothing is written. */
export const newTestRequest = new RequestType<NewTestParams, NewTestResult, void>('gatehouse/newTest');
/** To the client: tests, policies or resources changed, so that {@link listTests} or results may be others. */
export const testsChanged = new NotificationType0('gatehouse/testsChanged');

/** A keystroke changes nothing that could not wait until the keys rest. */
const restMs = 150;
/** Milliseconds of work between two looks at what the client says. */
const turnMs = 10;

/** Tests of policies, for editors that ask for them; other editors never notice. */
export const tests: Capability = {
  offers: () => ({ experimental: { gatehouseTests: true } }),
  register: (connection, session) => {
    connection.onRequest(listTests, () => list(session));
    connection.onRequest(newTestRequest, (params) => addTest(session, params));
    connection.onRequest(runTests, (params, token) =>
      run(session, params, () => token.isCancellationRequested),
    );
    let later: NodeJS.Timeout | undefined;
    const seen = new WeakMap<Folder, readonly unknown[]>();
    /** A save, or a commit, changes no text. */
    const isOther = (folder: Folder): boolean => {
      if (!folder.isLoaded || !folder.desk.isRead) return true;
      const files = [...folder.desk.desk.files.values()];
      const before = seen.get(folder);
      seen.set(folder, files);
      return before?.length !== files.length || files.some((file, index) => file !== before[index]);
    };
    session.onChange(() => {
      clearTimeout(later);
      later = setTimeout(() => {
        if (session.folders.all.filter(isOther).length > 0) void connection.sendNotification(testsChanged);
      }, restMs);
    });
    session.onClose(() => clearTimeout(later));
  },
};

async function list(session: Session): Promise<readonly TestFolder[]> {
  const folders: TestFolder[] = [];
  for (const folder of session.folders.all) {
    await session.settled(folder);
    const { desk } = folder.desk;
    folders.push({
      uri: URI.file(folder.root).toString(),
      files: testsOf(desk).flatMap(({ file, cases, problem }) => {
        const source = desk.files.get(file)?.parsed.source;
        if (source === undefined) return [];
        return [
          {
            uri: session.uriOf(folder, file),
            label: file.replace(/^\.gatehouse\/tests\//, ''),
            cases: cases.map(({ id, name, matrix, place }) => ({
              id,
              name,
              ...(matrix !== undefined && { matrix }),
              range: toRange(source, place),
            })),
            ...(problem && { problem: { message: problem.message, range: toRange(source, problem.range) } }),
          },
        ];
      }),
    });
  }
  return folders;
}

async function addTest(
  session: Session,
  { folder: wanted, file, recorded }: NewTestParams,
): Promise<NewTestResult> {
  const folder = folderOf(session, wanted);
  if (folder === undefined || anyFileKindOf(file) !== 'Test')
    return {
      ok: false,
      message: 'Tests are written to files below .gatehouse/tests that end in .test.yaml.',
    };
  await session.settled(folder);
  const { desk } = folder.desk;
  const made = writeTest(desk.files.get(file)?.text, file, recorded);
  if (!made.ok) return made;
  const { edit, range, isNew, name } = made;
  const before = desk.files.get(file)?.parsed.source ?? new SourceFile(file, '');
  const after = new SourceFile(file, applyEdits(before.text, [edit]));
  const line = after.position(range.start).line - 1;
  return { ok: true, uri: session.uriOf(folder, file), isNew, edit: toEdit(before, edit), line, name };
}

function folderOf(session: Session, uri: string): Folder | undefined {
  const root = pathOf(uri);
  return session.folders.all.find((folder) => folder.root === root);
}

async function run(
  session: Session,
  { folder: wanted, tests: chosen }: RunTestsParams,
  isCancelled: () => boolean,
): Promise<RunTestsResult> {
  await loadReaders();
  const folder = folderOf(session, wanted);
  if (folder === undefined) return { results: [], coverage: [] };
  await session.settled(folder);
  const { desk } = folder.desk;
  const ids = chosen && new Set(chosen.map(({ uri, id }) => `${uri} ${id}`));
  const running = new TestRun(desk);
  const results: WireResult[] = [];
  let since = performance.now();
  for (const { file, cases } of testsOf(desk)) {
    const uri = session.uriOf(folder, file);
    for (const test of cases) {
      if (ids !== undefined && !ids.has(`${uri} ${test.id}`)) continue;
      if (performance.now() - since > turnMs) {
        await nextTurn();
        since = performance.now();
      }
      if (isCancelled()) return { results, coverage: [] };
      results.push(toWire(session, folder, uri, running.run(test)));
    }
  }
  return { results, coverage: running.coverage.flatMap((each) => coverageOf(session, folder, each)) };
}

function toWire(session: Session, folder: Folder, uri: string, result: TestResult): WireResult {
  const { desk } = folder.desk;
  const source = desk.files.get(result.test.place.file)?.parsed.source;
  const { test, milliseconds, outcome } = result;
  const base = { uri, id: test.id, milliseconds, outcome };
  if (result.outcome === 'broken') return { ...base, message: result.message };
  if (result.outcome === 'passed' || source === undefined) return base;
  return {
    ...base,
    differences: result.differences.map(({ place, ...difference }) => ({
      ...difference,
      range: toRange(source, place),
    })),
    explanation: result.explanation,
    decidedBy: result.decided.rules.flatMap((name) => {
      const [place] = nameIndexOf(desk.files).definitions('rule', name);
      const made = place && desk.files.get(place.file)?.parsed.source;
      return place && made
        ? [{ name, uri: session.uriOf(folder, place.file), range: toRange(made, place) }]
        : [];
    }),
  };
}

function coverageOf(session: Session, folder: Folder, { file, rules }: FileCoverage): WireCoverage[] {
  const source = folder.desk.desk.files.get(file)?.parsed.source;
  if (source === undefined) return [];
  return [
    {
      uri: session.uriOf(folder, file),
      rules: rules.map((rule) => ({
        ...rule,
        range: toRange(source, rule.range),
        condition: rule.condition.map((each) => ({ ...each, range: toRange(source, each.range) })),
      })),
    },
  ];
}
