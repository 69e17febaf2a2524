import { FileReader, repeated } from '../model/file-reader.ts';
import type { Effect, Limits } from '../model/policy.ts';
import { validateFile } from '../model/validate.ts';
import type { Diagnostic, TextRange } from '../syntax/diagnostic.ts';
import { type ParsedYaml, parseYaml } from '../syntax/parse-yaml.ts';
import { suggest } from '../syntax/suggest.ts';
import { entryOf, type Path, placeAt, rangeOf } from '../syntax/tree.ts';
import type { RawAsked, RawCase, RawExpectation, RawMatrix, RawTests, RawWho } from './raw-tests.ts';
import {
  defaultNow,
  type Expectation,
  type Expected,
  type TestCase,
  type TestFile,
  type TestPlace,
} from './test-case.ts';

export interface LoadedTests {
  /** Present when there is no error. */
  readonly tests?: TestFile;
  readonly diagnostics: readonly Diagnostic[];
  readonly parsed: ParsedYaml;
}

/**
 * Read a test file. Never throws.
 * @param file Path relative to the workspace folder, with `/`; it goes into places and diagnostics.
 */
export function loadTests(file: string, text: string): LoadedTests {
  return readTestFile(parseYaml(file, text));
}

/** As {@link loadTests}, of a text that is parsed already. */
export function readTestFile(parsed: ParsedYaml): LoadedTests {
  const { value, diagnostics } = validateFile('Test', parsed);
  if (value === undefined || parsed.root === undefined) return { diagnostics, parsed };
  const reader = new TestReader(parsed, parsed.root);
  // The schema has just accepted the value; RawTests is that schema as a type.
  const cases = reader.read(value as RawTests);
  const all = [...diagnostics, ...reader.diagnostics];
  if (all.some(({ severity }) => severity === 'error')) return { diagnostics: all, parsed };
  return { tests: { file: parsed.source.file, cases }, diagnostics: all, parsed };
}

class TestReader extends FileReader {
  readonly #parsed: ParsedYaml;
  readonly #root: NonNullable<ParsedYaml['root']>;

  constructor(parsed: ParsedYaml, root: NonNullable<ParsedYaml['root']>) {
    super(parsed.source, root);
    this.#parsed = parsed;
    this.#root = root;
  }

  read(raw: RawTests): readonly TestCase[] {
    const { cases = [], matrices = [] } = raw;
    if (cases.length + matrices.length === 0) {
      const message = 'The file tests nothing. Write tests below `cases` or `matrices`.';
      this.fault(['kind'], 'missing-key', message, { at: 'key' });
    }
    const names = [...cases, ...matrices].map(({ name }) => name);
    for (const { index, first } of repeated(names)) {
      const path = (at: number): Path =>
        at < cases.length ? ['cases', at, 'name'] : ['matrices', at - cases.length, 'name'];
      const { line } = this.location(path(first));
      const message = `The test of line ${line} has this name already. Give each test of a file a name of its own: reports refer to it.`;
      this.fault(path(index), 'duplicate-test', message);
    }
    return [
      ...cases.map((each, index) => this.#case(raw, each, index)),
      ...matrices.flatMap((each, index) => this.#matrix(raw, each, index)),
    ];
  }

  #case(raw: RawTests, each: RawCase, index: number): TestCase {
    const path = ['cases', index];
    return {
      id: each.name,
      name: each.name,
      ...this.#asked(raw, each, path),
      principal: principalOf(raw.defaults?.principal, each.principal),
      expected: this.#expected(each.expect, [...path, 'expect']),
      place: this.#place(path),
    };
  }

  #matrix(raw: RawTests, matrix: RawMatrix, index: number): readonly TestCase[] {
    const path = ['matrices', index];
    this.#uniqueNames(matrix, path);
    this.#knownNames(matrix, path);
    return matrix.requests.flatMap((request, row) =>
      matrix.principals.flatMap((principal, column): readonly TestCase[] => {
        const cell = [...path, 'expect', request.name, principal.name];
        const decision: Effect | undefined = matrix.expect[request.name]?.[principal.name];
        if (decision === undefined) {
          this.#missingCell(path, request.name, principal.name);
          return [];
        }
        const place = this.#cellPlace(cell);
        return [
          {
            id: `${matrix.name}/${request.name}/${principal.name}`,
            name: `${request.name} by ${principal.name}`,
            matrix: matrix.name,
            ...this.#asked(raw, request, [...path, 'requests', row]),
            principal: principalOf(raw.defaults?.principal, matrix.principals[column]),
            expected: { decision, places: { decision: place } },
            place,
          },
        ];
      }),
    );
  }

  #uniqueNames(matrix: RawMatrix, path: Path): void {
    for (const key of ['principals', 'requests'] as const) {
      for (const { index } of repeated(matrix[key].map(({ name }) => name)))
        this.fault(
          [...path, key, index, 'name'],
          'duplicate-test',
          `Another of the matrix's ${key} has this name already.`,
        );
    }
  }

  /** Rows and columns of the expectations that the matrix does not have. */
  #knownNames({ expect, principals, requests }: RawMatrix, path: Path): void {
    const complain = (at: Path, known: readonly string[], what: string): void => {
      const given = String(at.at(-1));
      if (known.includes(given)) return;
      const meant = suggest(given, known);
      const hint =
        meant === undefined ? `Its ${what}s are: ${known.join(', ')}.` : `Did you mean \`${meant}\`?`;
      const message = `The matrix has no ${what} of this name. ${hint}`;
      this.fault(at, 'unknown-value', message, { at: 'key' });
    };
    for (const [request, row] of Object.entries(expect)) {
      complain(
        [...path, 'expect', request],
        requests.map(({ name }) => name),
        'request',
      );
      for (const principal of Object.keys(row))
        complain(
          [...path, 'expect', request, principal],
          principals.map(({ name }) => name),
          'principal',
        );
    }
  }

  #missingCell(path: Path, request: string, principal: string): void {
    const row = [...path, 'expect', request];
    const hasRow = placeAt(this.#root, row) !== undefined;
    const message = hasRow
      ? `What \`${principal}\` is answered is missing.`
      : `What is expected of \`${request}\` is missing.`;
    const at = hasRow ? row : [...path, 'expect'];
    // Once for a row that is not there at all.
    if (!this.diagnostics.some((each) => each.message === message && each.code === 'missing-key'))
      this.fault(at, 'missing-key', message, { at: 'key' });
  }

  #asked(
    { defaults = {} }: RawTests,
    { request, resource, now, session, facts }: RawAsked,
    path: Path,
  ): Pick<TestCase, 'text' | 'resource' | 'now' | 'session' | 'plan'> {
    const named = resource ?? defaults.resource;
    const merged = { ...defaults.session, ...session };
    return {
      text: request,
      ...(named !== undefined && { resource: named }),
      now:
        now === undefined
          ? this.#time(['defaults', 'now'], defaults.now ?? defaultNow)
          : this.#time([...path, 'now'], now),
      session: {
        inTransaction: merged.inTransaction === true,
        application: merged.application ?? 'gatehouse test',
        ...(merged.searchPath && { searchPath: merged.searchPath }),
      },
      ...(facts && { plan: { cost: facts.plannerCost ?? 0, rows: facts.estimatedRows ?? 0 } }),
    };
  }

  /** The schema holds the grammar, this the calendar. */
  #time(path: Path, text: string): Date {
    const time = new Date(text);
    if (!Number.isNaN(time.getTime())) return time;
    this.fault(path, 'bad-time', 'There is no such time. Write one such as `2026-05-04T22:00:00Z`.');
    return new Date(defaultNow);
  }

  #expected(raw: RawExpectation, path: Path): Expected {
    raw.rules?.forEach((rule, index) => {
      if (/^[^/]+\/[^/]+$/.test(rule)) return;
      const message = 'A rule is named with its policy, as `policy/rule`.';
      this.fault([...path, 'rules', index], 'bad-name', message);
    });
    const { limits, masks } = raw;
    const names = Object.keys(raw) as Expectation[];
    return {
      decision: raw.decision,
      ...(raw.observed !== undefined && { observed: raw.observed }),
      ...(raw.rules && { rules: [...new Set(raw.rules)].sort() }),
      ...(masks && {
        masks: Object.fromEntries(Object.entries(masks).map(([column, kind]) => [column, kind ?? 'null'])),
      }),
      ...(limits && { limits: this.#limits(limits, [...path, 'limits']) }),
      ...(raw.message !== undefined && { message: raw.message }),
      places: Object.fromEntries(names.map((name) => [name, this.#place([...path, name])])),
    };
  }

  #limits({ bytes, duration, ...counts }: NonNullable<RawExpectation['limits']>, path: Path): Limits {
    return {
      ...counts,
      ...(bytes !== undefined && { bytes: this.size([...path, 'bytes'], bytes) }),
      ...(duration !== undefined && { duration: this.duration([...path, 'duration'], duration) }),
    };
  }

  #place(path: Path): TestPlace {
    const place = placeAt(this.#root, path) ?? { node: this.#root };
    return this.#placeOf(rangeOf(place));
  }

  /** A cell's key and value. */
  #cellPlace(path: Path): TestPlace {
    const row = placeAt(this.#root, path.slice(0, -1))?.node;
    const entry = entryOf(row, String(path.at(-1)));
    if (entry === undefined) return this.#place(path);
    return this.#placeOf({ start: entry.keyRange.start, end: entry.value.range.end });
  }

  #placeOf(range: TextRange): TestPlace {
    const { source } = this.#parsed;
    const end = source.position(range.end);
    return {
      file: source.file,
      ...range,
      ...source.position(range.start),
      endLine: end.line,
      endColumn: end.column,
    };
  }
}

function principalOf(base: RawWho = {}, own: RawWho = {}): TestCase['principal'] {
  return {
    agent: own.agent ?? base.agent ?? 'agent',
    person: own.person ?? base.person ?? 'person',
    groups: own.groups ?? base.groups ?? [],
    task: own.task ?? base.task ?? '',
    workspace: own.workspace ?? base.workspace ?? 'test',
  };
}
