/** Where the files of a workspace lie: names relative to the workspace folder, with `/`. */
import type { FileKind } from './validate.ts';

/** The folder of a workspace that says how agents may reach things. */
export const configFolder = '.gatehouse';
export const workspaceFile = `${configFolder}/gatehouse.yaml`;
/** What the policies of other repositories were locked to. */
export const lockFile = `${configFolder}/extends.lock.json`;
export const policyFolder = `${configFolder}/policies`;
export const policySuffix = '.policy.yaml';
export const testFolder = `${configFolder}/tests`;
export const testSuffix = '.test.yaml';

/** What a file that decides is by its place; undefined for files that have no part in decisions. */
export function fileKindOf(file: string): Exclude<FileKind, 'Test'> | undefined {
  if (file === workspaceFile) return 'Workspace';
  return file.startsWith(`${policyFolder}/`) && file.endsWith(policySuffix) ? 'Policy' : undefined;
}

/** As {@link fileKindOf}, with files that only people and editors read. */
export function anyFileKindOf(file: string): FileKind | undefined {
  return file.startsWith(`${testFolder}/`) && file.endsWith(testSuffix) ? 'Test' : fileKindOf(file);
}
