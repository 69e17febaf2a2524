import type { Lists } from '../model/lists.ts';
import { type LoadedPolicy, readPolicyFile } from '../model/load-policy.ts';
import { type LoadedWorkspace, readWorkspaceFile } from '../model/load-workspace.ts';
import type { FileKind } from '../model/validate.ts';
import type { Diagnostic } from '../syntax/diagnostic.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import { type LoadedTests, readTestFile } from '../tests/load-tests.ts';
import type { AnyCheck, World } from './check.ts';
import { checkConditions } from './conditions.ts';
import { type KeptFindings, unitFindings } from './kept-findings.ts';
import { type FileUnits, runCheck } from './run-checks.ts';
import { policyUnit, workspaceUnit } from './units.ts';

type Loaded =
  | { readonly kind: 'Policy'; readonly file: LoadedPolicy }
  | { readonly kind: 'Workspace'; readonly file: LoadedWorkspace }
  | { readonly kind: 'Test'; readonly file: LoadedTests };

/** One text of a file with all that follows from it alone. A value; what is dear is made on first use, once. */
export class CheckedFile {
  readonly loaded: Loaded;
  readonly units: FileUnits;
  /** What the language itself has to say. */
  readonly language: readonly Diagnostic[];
  #kept: KeptFindings;
  #own: readonly Diagnostic[] | undefined;

  /**
   * @param lists Those of all policy files
   * @param before The file's text before, whose findings may still hold
   */
  constructor(kind: FileKind, parsed: ParsedYaml, lists: Lists, before?: CheckedFile) {
    this.#kept = before?.loaded.kind === kind ? before.#kept : new Map();
    const { source } = parsed;
    if (kind === 'Workspace') {
      const file = readWorkspaceFile(parsed);
      const workspace = workspaceUnit(file);
      this.loaded = { kind, file };
      this.units = { source, ...(workspace && { workspace }) };
      this.language = file.diagnostics;
    } else if (kind === 'Test') {
      const file = readTestFile(parsed);
      this.loaded = { kind, file };
      this.units = { source };
      this.language = file.diagnostics;
    } else {
      const file = readPolicyFile(parsed, lists);
      const policy = policyUnit(file);
      this.loaded = { kind, file };
      this.units = { source, ...(policy && { policy }) };
      this.language = [...file.diagnostics, ...checkConditions(parsed)];
    }
  }

  get parsed(): ParsedYaml {
    return this.loaded.file.parsed;
  }

  /** Some of what the file declares could not be read. */
  get partial(): boolean {
    if (this.loaded.kind === 'Test') return false;
    const { policy, workspace } = this.units;
    return workspace === undefined && (policy === undefined || policy.partial === true);
  }

  /** Whether it may name a list, so that other lists may make something else of it. */
  get namesLists(): boolean {
    return this.loaded.kind === 'Policy' && this.parsed.source.text.includes('$');
  }

  /** Whether an error of it points at a list, which may have moved. */
  get tellsOfLists(): boolean {
    return this.language.some(({ related }) => related !== undefined);
  }

  /** How many rules and masks have findings that are kept for the next text, for tests of leaks. */
  get kept(): number {
    return this.#kept.size;
  }

  /** Findings of the checks that read no other file. The checks must be the same each time. */
  ownFindings(checks: readonly AnyCheck[], world: World): readonly Diagnostic[] {
    if (this.#own === undefined) {
      const alone = ({ unit, reads }: AnyCheck) => reads === 'unit' && (unit === 'rule' || unit === 'mask');
      const { findings, kept } = unitFindings(checks.filter(alone), this.units, world, this.#kept);
      this.#kept = kept;
      this.#own = [
        ...findings,
        ...checks
          .filter((check) => check.reads !== 'world' && !alone(check))
          .flatMap((check) => runCheck(check, this.units, world)),
      ];
    }
    return this.#own;
  }
}
