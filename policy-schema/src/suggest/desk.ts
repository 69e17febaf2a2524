import { CheckSession } from '../check/session.ts';
import { type CompiledPolicy, compileSet } from '../evaluate/compile.ts';
import { type CompiledPolicies, compilePolicies } from '../evaluate/decide.ts';
import type { PolicySet } from '../model/policy.ts';
import type { Workspace } from '../model/workspace.ts';
import { applyEdits } from '../syntax/edits.ts';
import type { TextEdit } from '../syntax/diagnostic.ts';
import type { ParsedYaml } from '../syntax/parse-yaml.ts';
import type { SuggestInput } from './suggestion.ts';

/** The files as they stand, and as they would with some edits. */
export class Desk {
  readonly workspace: Workspace;
  readonly set: PolicySet;
  readonly compiled: CompiledPolicies;
  /** In the order of the set. */
  readonly policies: readonly CompiledPolicy[];
  readonly #session: CheckSession;
  readonly #texts: ReadonlyMap<string, string>;

  private constructor(
    session: CheckSession,
    texts: ReadonlyMap<string, string>,
    workspace: Workspace,
    set: PolicySet,
  ) {
    this.#session = session;
    this.#texts = texts;
    this.workspace = workspace;
    this.set = set;
    this.compiled = compilePolicies(set);
    this.policies = compileSet(set);
  }

  static open({
    workspace,
    policies,
  }: Pick<SuggestInput, 'workspace' | 'policies'>): Desk | readonly string[] {
    const session = new CheckSession({ checks: [], workspaceFile: workspace.file });
    for (const [file, text] of policies) session.setFile(file, text);
    session.setFile(workspace.file, workspace.text);
    const { checked } = session;
    if (checked.workspace !== undefined && checked.set !== undefined)
      return new Desk(session, policies, checked.workspace, checked.set);
    return session
      .all()
      .filter(({ severity }) => severity === 'error')
      .map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  }

  /** The tree of a file. */
  parsed(file: string): ParsedYaml | undefined {
    return this.#session.checked.files.get(file)?.parsed;
  }

  has(file: string): boolean {
    return this.#texts.has(file);
  }

  /** The policies with these edits made; undefined where a file would have an error, or nothing would change. */
  with(edits: readonly TextEdit[]): CompiledPolicies | undefined {
    const byFile = Map.groupBy(edits, ({ file }) => file);
    let changes = false;
    try {
      for (const [file, own] of byFile) {
        const before = this.#texts.get(file);
        const after = applyEdits(before ?? '', own);
        changes ||= after !== before;
        this.#session.setFile(file, after);
      }
      const { set } = this.#session.checked;
      return changes && set !== undefined ? compilePolicies(set) : undefined;
    } finally {
      for (const file of byFile.keys()) this.#session.setFile(file, this.#texts.get(file));
    }
  }
}
