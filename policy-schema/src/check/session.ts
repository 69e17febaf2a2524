import { duplicatePolicies, policySetOf } from '../model/policy-set.ts';
import type { PolicySet } from '../model/policy.ts';
import type { Workspace } from '../model/workspace.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import { IncrementalYaml } from '../syntax/incremental.ts';
import { sortDiagnostics } from '../syntax/source.ts';
import type { AnyCheck, World } from './check.ts';
import { CheckedFile } from './checked-file.ts';
import { checks as allChecks } from './registry.ts';
import { runCheck } from './run-checks.ts';
import { checkTargets } from './targets.ts';

export interface SessionOptions {
  /** Which file is gatehouse.yaml; all others are policies. */
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

  /** All files as they stand: a value that later edits do not change. */
  get checked(): CheckedFiles {
    this.#read();
    this.#checked ??= new CheckedFiles(this.#files, this.#options);
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
    for (const [file, text] of this.#texts) {
      let parser = this.#parsers.get(file);
      if (parser === undefined) {
        parser = new IncrementalYaml(file);
        this.#parsers.set(file, parser);
      }
      const kind = file === this.#options.workspaceFile ? 'Workspace' : 'Policy';
      this.#files.set(file, new CheckedFile(kind, parser.parse(text), this.#files.get(file)));
    }
    this.#texts.clear();
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
    const found = [...policies.flatMap(({ language }) => language), ...this.#duplicatePolicies()];
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
    const resources = this.workspace?.resources;
    return sortDiagnostics([
      ...file.language,
      ...this.#duplicatePolicies().filter((each) => each.file === source.file),
      ...(resources && file.loaded.kind === 'Policy' ? checkTargets(file.parsed, resources) : []),
      ...file.ownFindings(this.#checks, this.world),
      ...this.#checks
        .filter(({ reads }) => reads === 'world')
        .flatMap((check) => runCheck(check, file.units, this.world)),
    ]);
  }

  #duplicatePolicies(): readonly Diagnostic[] {
    this.#duplicates ??= duplicatePolicies(
      [...this.files.values()].flatMap(({ loaded, parsed }) => (loaded.kind === 'Policy' ? [parsed] : [])),
    );
    return this.#duplicates;
  }
}
