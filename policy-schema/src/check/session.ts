import { isExtendedFile } from '../model/extends.ts';
import { Lists, noLists } from '../model/lists.ts';
import { duplicateLists, duplicatePolicies, policySetOf } from '../model/policy-set.ts';
import type { PolicySet } from '../model/policy.ts';
import type { FileKind } from '../model/validate.ts';
import { testSuffix } from '../model/layout.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { IncrementalYaml } from '../syntax/incremental.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import { sortDiagnostics } from '../syntax/source.ts';
import { type Declared, unknownNames } from '../tests/unknown-names.ts';
import type { AnyCheck, World } from './check.ts';
import { CheckedFile } from './checked-file.ts';
import { applyIgnores } from './ignore/apply.ts';
import { checks as allChecks } from './registry.ts';
import { runCheck } from './run-checks.ts';

export interface SessionOptions {
  /** Which file is gatehouse.yaml; of all others those that end as tests do are tests, and the rest policies. */
  readonly workspaceFile?: string | undefined;
  /** All of the registry unless given; none for who wants the language alone, as the daemon does. */
  readonly checks?: readonly AnyCheck[];
  /** The day of the checks, for what may expire; that of each edit unless given. */
  readonly now?: Date | undefined;
}

/**
 * The files of a workspace while they are edited. Each edit costs what it touches: files that stay are not read again,
 * of the edited file only the edited rule is parsed, and findings about rules that stay are kept. What checks find is
 * what {@link checkWorkspace} finds in the same texts, as that is one use of this.
 */
export class CheckSession {
  readonly #options: SessionOptions;
  readonly #parsers = new Map<string, IncrementalYaml>();
  readonly #files = new Map<string, CheckedFile>();
  /** Texts that nobody has asked about yet. */
  readonly #texts = new Map<string, string>();
  #checked: CheckedFiles | undefined;
  #lists = noLists;

  constructor(options: SessionOptions = {}) {
    this.#options = options;
  }

  /** Give a file's text; undefined takes the file away. Nothing is read before somebody asks. Never throws. */
  setFile(file: string, text: string | undefined): void {
    const known = this.#texts.get(file) ?? this.#files.get(file)?.parsed.source.text;
    if (known === text) return;
    this.#checked = undefined;
    if (text === undefined) {
      this.#texts.delete(file);
      this.#files.delete(file);
      this.#parsers.delete(file);
    } else {
      this.#texts.set(file, text);
    }
  }

  /** UTF-16 units of the texts that were given and not parsed yet: what it costs to ask about any file. */
  get unread(): number {
    let units = 0;
    for (const [file, text] of this.#texts) if (this.#parsers.get(file)?.text !== text) units += text.length;
    return units;
  }

  /** Parse for about so long what was given. @returns Whether all of it is parsed */
  readSome(milliseconds: number): boolean {
    const end = performance.now() + milliseconds;
    for (const [file, text] of this.#texts) {
      const parser = this.#parserOf(file);
      if (parser.text === text) continue;
      parser.parse(text);
      if (performance.now() > end) return this.unread === 0;
    }
    return true;
  }

  /**
   * The errors of a file that hold whatever the other files say, without reading those: for who opens one file while
   * many are still unread.
   */
  early(file: string): readonly Diagnostic[] {
    const text = this.#texts.get(file);
    const checked =
      text === undefined
        ? this.#files.get(file)
        : new CheckedFile(this.#kindOf(file), this.#parserOf(file).parse(text), noLists);
    return (checked?.language ?? []).filter(
      ({ severity, code }) => severity === 'error' && code !== 'unknown-list',
    );
  }

  /** All files as they stand: a value that later edits do not change. */
  get checked(): CheckedFiles {
    this.#read();
    this.#checked ??= new CheckedFiles(this.#files, this.#lists, this.#options);
    return this.#checked;
  }

  get world(): World {
    return this.checked.world;
  }

  /** Findings in one file, those that come of other files included, in the order of places. */
  diagnostics(file: string): readonly Diagnostic[] {
    return this.checked.diagnostics(file);
  }

  /** Findings in all files. */
  all(): readonly Diagnostic[] {
    return this.checked.all();
  }

  #read(): void {
    if (this.#checked !== undefined) return;
    const parsed = new Map<string, ParsedYaml>();
    for (const [file, text] of this.#texts) parsed.set(file, this.#parserOf(file).parse(text));
    this.#texts.clear();
    // Every file may use the lists of all, so they come first.
    const lists = this.#allLists(parsed);
    const same = lists.sameAs(this.#lists);
    for (const [file, checked] of this.#files) {
      const stale = same ? checked.tellsOfLists : checked.namesLists;
      if (stale && !parsed.has(file)) parsed.set(file, checked.parsed);
    }
    this.#lists = lists;
    for (const [file, each] of parsed) {
      const kind = this.#kindOf(file);
      this.#files.set(file, new CheckedFile(kind, each, lists, this.#files.get(file)));
    }
  }

  #parserOf(file: string): IncrementalYaml {
    const known = this.#parsers.get(file);
    if (known !== undefined) return known;
    const parser = new IncrementalYaml(file);
    this.#parsers.set(file, parser);
    return parser;
  }

  #kindOf(file: string): FileKind {
    if (file === this.#options.workspaceFile) return 'Workspace';
    return file.endsWith(testSuffix) ? 'Test' : 'Policy';
  }

  #allLists(fresh: ReadonlyMap<string, ParsedYaml>): Lists {
    const files = [...new Set([...this.#files.keys(), ...fresh.keys()])].sort();
    return Lists.of(
      files.flatMap((file) =>
        this.#kindOf(file) === 'Policy' ? (fresh.get(file) ?? this.#files.get(file)?.parsed ?? []) : [],
      ),
    );
  }
}

/** All files of a workspace at one moment, and what is to be said of them. A value; findings are made on first use. */
export class CheckedFiles {
  /** In the order of their names. */
  readonly files: ReadonlyMap<string, CheckedFile>;
  readonly world: World;
  readonly #checks: readonly AnyCheck[];
  readonly #found = new Map<string, readonly Diagnostic[]>();
  #duplicates: readonly Diagnostic[] | undefined;
  #all: readonly Diagnostic[] | undefined;

  constructor(
    files: ReadonlyMap<string, CheckedFile>,
    lists: Lists,
    { workspaceFile, checks = allChecks, now = new Date() }: SessionOptions,
  ) {
    this.files = new Map([...files].sort(([a], [b]) => (a < b ? -1 : 1)));
    this.#checks = checks;
    const workspace = workspaceFile === undefined ? undefined : files.get(workspaceFile)?.units.workspace;
    const all = [...this.files.values()];
    this.world = {
      ...(workspace && { workspace }),
      policies: all.flatMap(({ units }) => units.policy ?? []),
      partial: all.some(({ partial }) => partial),
      lists,
      now,
    };
  }

  /** Present when gatehouse.yaml is there and has no error. */
  get workspace(): Workspace | undefined {
    return this.world.workspace?.workspace;
  }

  /** Present when no policy file has an error of the language, conditions included: a set is whole or it is not. */
  get set(): PolicySet | undefined {
    const policies = [...this.files.values()].filter(({ loaded }) => loaded.kind === 'Policy');
    const found = [...policies.flatMap(({ language }) => language), ...this.#sharedNames()];
    if (found.some(({ severity }) => severity === 'error')) return undefined;
    return policySetOf(
      policies.flatMap(({ loaded }) => (loaded.kind === 'Policy' ? (loaded.file.policy ?? []) : [])),
    );
  }

  diagnostics(file: string): readonly Diagnostic[] {
    const known = this.#found.get(file);
    if (known !== undefined) return known;
    const checked = this.files.get(file);
    const found = checked ? this.#find(checked) : [];
    this.#found.set(file, found);
    return found;
  }

  all(): readonly Diagnostic[] {
    this.#all ??= [...this.files.keys()].flatMap((file) => this.diagnostics(file));
    return this.#all;
  }

  #find(file: CheckedFile): readonly Diagnostic[] {
    const { source } = file.parsed;
    const found = [
      ...file.language,
      ...this.#sharedNames().filter((each) => each.file === source.file),
      ...(file.loaded.kind === 'Test' ? unknownNames(file.parsed, this.#declared()) : []),
      ...file.ownFindings(this.#checks, this.world),
      ...this.#checks
        .filter(({ reads }) => reads === 'world')
        .flatMap((check) => runCheck(check, file.units, this.world)),
    ];
    const told = applyIgnores(file.parsed, found, this.#checks, this.world.now);
    // Advice is for those who can take it: people of the other repository.
    const own = isExtendedFile(source.file) ? told.filter(({ severity }) => severity === 'error') : told;
    return sortDiagnostics(own);
  }

  /** What tests may name, as far as it is known. */
  #declared(): Declared {
    const { workspace, policies, partial } = this.world;
    return {
      ...(workspace && { resources: workspace.workspace.resources }),
      ...(!partial && {
        rules: policies.flatMap(({ policy }) => policy.rules.map(({ name }) => `${policy.name}/${name}`)),
      }),
    };
  }

  /** Policies and lists whose names another file has taken. */
  #sharedNames(): readonly Diagnostic[] {
    if (this.#duplicates === undefined) {
      const files = [...this.files.values()].flatMap(({ loaded, parsed }) =>
        loaded.kind === 'Policy' ? [parsed] : [],
      );
      this.#duplicates = [...duplicatePolicies(files), ...duplicateLists(files, this.world.lists)];
    }
    return this.#duplicates;
  }
}
