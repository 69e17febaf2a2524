import { hash } from 'node:crypto';
import path from 'node:path';
import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import type { PolicySet } from '@gatehouse/policy-schema/model/policy.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import type { Workspace } from '@gatehouse/policy-schema/model/workspace.ts';
import type { Diagnostic } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { AcceptedTexts } from './accepted-store.ts';
import { type PolicyFiles, readTextFile, reasonOf } from './files.ts';

/** Texts that mean something: a workspace and its policies, with the texts that they come from. */
export interface Snapshot extends AcceptedTexts {
  readonly parsed: Workspace;
  readonly set: PolicySet;
  /** SHA-256 (hex) over the meaning of everything that a person accepts: policies, resources, certificates. */
  readonly digest: string;
}

export type SnapshotResult =
  | { readonly ok: true; readonly snapshot: Snapshot }
  /** A line for each finding, `file:line:column message`. */
  | { readonly ok: false; readonly broken: readonly string[] };

/** Check files as they stand on the disk, and read the certificates that they name. */
export async function snapshotFiles(folder: string, files: PolicyFiles): Promise<SnapshotResult> {
  const { problems, ...texts } = files;
  const checked = checkTexts(texts);
  const broken = [...problems, ...checked.broken];
  const certificates = new Map<string, string>();
  for (const resource of checked.workspace?.resources ?? []) {
    const { ca } = resource.tls;
    if (ca === undefined || certificates.has(ca)) continue;
    try {
      certificates.set(ca, await readTextFile(path.resolve(folder, ca)));
    } catch (error) {
      const { file, line, column } = resource.location;
      broken.push(
        `${file}:${line}:${column} the certificates of ${resource.name} in ${ca}: ${reasonOf(error)}`,
      );
    }
  }
  return finish({ ...texts, certificates }, checked, broken);
}

/** Check texts that were accepted before. */
export function snapshotTexts(texts: AcceptedTexts): SnapshotResult {
  const checked = checkTexts(texts);
  return finish(texts, checked, checked.broken);
}

interface Checked {
  readonly workspace?: Workspace;
  readonly set?: PolicySet;
  readonly broken: readonly string[];
}

function checkTexts(texts: Omit<AcceptedTexts, 'certificates'>): Checked {
  const { workspace, set, diagnostics } = checkWorkspace({
    workspace: texts.workspace,
    policies: texts.policies,
    // What is enforced depends on the language alone; checks are for people.
    checks: [],
  });
  return {
    ...(workspace === undefined ? {} : { workspace }),
    ...(set === undefined ? {} : { set }),
    broken: diagnostics.filter((each) => each.severity === 'error').map(diagnosticLine),
  };
}

function finish(texts: AcceptedTexts, checked: Checked, broken: readonly string[]): SnapshotResult {
  const { workspace, set } = checked;
  if (broken.length > 0) return { ok: false, broken };
  if (workspace === undefined || set === undefined) {
    return { ok: false, broken: [`${workspaceFile}: there is no such file`] };
  }
  const digest = digestOf(workspace, set, texts.certificates);
  return { ok: true, snapshot: { ...texts, parsed: workspace, set, digest } };
}

export function diagnosticLine(diagnostic: Diagnostic): string {
  return `${diagnostic.file}:${diagnostic.line}:${diagnostic.column} ${diagnostic.message}`;
}

function digestOf(workspace: Workspace, set: PolicySet, certificates: ReadonlyMap<string, string>): string {
  const resources = workspace.resources
    .map(({ location: _, ...meaning }) => meaning)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  const pems = [...certificates].sort(([a], [b]) => (a < b ? -1 : 1));
  // Whose policies they are has no meaning beside what they say.
  const { extends: _, ...own } = workspace;
  return hash('sha256', canonical({ policies: set.digest, workspace: { ...own, resources }, pems }));
}

/** JSON with the keys of every object in order. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === 'object' && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each,
  );
}
