import type { Diagnostic, Fix, TextEdit } from '../syntax/diagnostic.ts';
import { applyEdits } from '../syntax/edits.ts';
import { type WorkspaceFiles, checkWorkspace } from './check-workspace.ts';

/** A fix may bring up something that another fix mends; what is not done by then goes in circles. */
const maxRounds = 10;

export interface FixedWorkspace {
  /** Texts that changed, by file. */
  readonly changed: ReadonlyMap<string, string>;
  /** What was mended, with the fix that did it. */
  readonly mended: readonly { readonly finding: Diagnostic; readonly fix: Fix }[];
  /** What there is to say of the files as they are now. */
  readonly diagnostics: readonly Diagnostic[];
}

export interface FixOptions {
  /** Make unsafe fixes too, where a finding has no safe one. */
  readonly unsafe: boolean;
}

/**
 * Make the fixes of all findings, round after round until nothing changes. Fixes that touch each other are made one after
 * the other. One that would break a file is not made. Pure.
 */
export function fixWorkspace(files: WorkspaceFiles, { unsafe }: FixOptions): FixedWorkspace {
  let now = files;
  const changed = new Map<string, string>();
  const mended: { finding: Diagnostic; fix: Fix }[] = [];
  let { diagnostics } = checkWorkspace(now);
  for (let round = 0; round < maxRounds; round++) {
    const chosen = choose(diagnostics, unsafe);
    if (chosen.length === 0) break;
    const errors = errorsIn(diagnostics);
    const made =
      apply(now, chosen) ?? chosen.map((one) => apply(now, [one])).find((each) => each !== undefined);
    if (made === undefined) break;
    const checked = checkWorkspace(made.files);
    if (errorsIn(checked.diagnostics) > errors) break;
    now = made.files;
    ({ diagnostics } = checked);
    for (const [file, text] of made.changed) changed.set(file, text);
    mended.push(...made.done);
  }
  return { changed, mended, diagnostics };
}

interface Chosen {
  readonly finding: Diagnostic;
  readonly fix: Fix;
}

/** One fix a finding, the safe one first, none that touches another. */
function choose(findings: readonly Diagnostic[], unsafe: boolean): readonly Chosen[] {
  const taken: TextEdit[] = [];
  return findings.flatMap((finding) => {
    const fixes = finding.fixes ?? [];
    const fix = fixes.find(({ safety }) => safety === 'safe') ?? (unsafe ? fixes[0] : undefined);
    if (fix === undefined || fix.edits.length === 0) return [];
    if (fix.edits.some((edit) => taken.some((other) => touch(edit, other)))) return [];
    taken.push(...fix.edits);
    return [{ finding, fix }];
  });
}

function touch(a: TextEdit, b: TextEdit): boolean {
  return a.file === b.file && a.start <= b.end && b.start <= a.end;
}

interface Made {
  readonly files: WorkspaceFiles;
  readonly changed: ReadonlyMap<string, string>;
  readonly done: readonly Chosen[];
}

/** The files with these fixes; undefined where nothing changes, or a fix speaks of a file that is none of these. */
function apply(files: WorkspaceFiles, chosen: readonly Chosen[]): Made | undefined {
  const changed = new Map<string, string>();
  const edits = Map.groupBy(
    chosen.flatMap(({ fix }) => fix.edits),
    ({ file }) => file,
  );
  for (const [file, own] of edits) {
    const before = file === files.workspace?.file ? files.workspace.text : files.policies.get(file);
    if (before === undefined) return undefined;
    const after = applyEdits(before, own);
    if (after !== before) changed.set(file, after);
  }
  if (changed.size === 0) return undefined;
  const { workspace, policies, ...options } = files;
  const own = workspace && { ...workspace, text: changed.get(workspace.file) ?? workspace.text };
  const texts = new Map([...policies].map(([file, text]) => [file, changed.get(file) ?? text]));
  return { files: { ...options, workspace: own, policies: texts }, changed, done: chosen };
}

function errorsIn(findings: readonly Diagnostic[]): number {
  return findings.filter(({ severity }) => severity === 'error').length;
}
