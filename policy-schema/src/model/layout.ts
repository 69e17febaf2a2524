/** Where the files of a workspace lie: names relative to the workspace folder, with `/`. */
import type { FileKind } from './validate.ts';

/** The folder of a workspace that says how agents may reach things. */
export const configFolder = '.gatehouse';
export const workspaceFile = `${configFolder}/gatehouse.yaml`;
export const policyFolder = `${configFolder}/policies`;
export const policySuffix = '.policy.yaml';

/** What a file is by its place; undefined for files that Gatehouse does not read. */
export function fileKindOf(file: string): FileKind | undefined {
  if (file === workspaceFile) return 'Workspace';
  return file.startsWith(`${policyFolder}/`) && file.endsWith(policySuffix) ? 'Policy' : undefined;
}
