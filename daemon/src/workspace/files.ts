import { open, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import {
  configFolder,
  fileKindOf,
  lockFile,
  policyFolder,
  policySuffix,
  testFolder,
  testSuffix,
  workspaceFile,
} from '@gatehouse/policy-schema/model/layout.ts';
import { ConfigFault } from '../core/faults.ts';
import { joinExtended } from './extends/join.ts';

/** Bounds on what is read: policies are written by people, and a file that is no policy must not fill the memory. */
const maxFileBytes = 1024 * 1024;
const maxFiles = 1000;

/** Texts as they stand in the files. Names are relative to the workspace folder, with `/`; see also `isExtendedFile`. */
export interface PolicyFiles {
  readonly workspace?: { readonly file: string; readonly text: string };
  readonly policies: ReadonlyMap<string, string>;
  /** What could not be read, a line each, `file: why`. */
  readonly problems: readonly string[];
}

/** The nearest folder at or above `from` that holds `.gatehouse/`. @throws ConfigFault `workspace-missing` */
export async function findWorkspace(from: string): Promise<string> {
  const start = path.resolve(from);
  for (let folder = start; ; folder = path.dirname(folder)) {
    const found = await stat(path.join(folder, configFolder)).catch(() => undefined);
    if (found?.isDirectory() === true) return folder;
    if (path.dirname(folder) === folder) break;
  }
  throw new ConfigFault(
    'workspace-missing',
    `There is no ${configFolder} folder in ${start} or above it. Make one with \`gatehouse init\`.`,
  );
}

/** Read the policy files of a workspace folder, and of what it extends. Never throws on what is in them. */
export async function readPolicyFiles(folder: string): Promise<PolicyFiles> {
  const own = await readOwnFiles(folder);
  return joinExtended(own, await readLockFile(folder, own));
}

async function readLockFile(folder: string, { workspace }: PolicyFiles): Promise<string | undefined> {
  if (workspace === undefined) return undefined;
  return readTextFile(path.join(folder, lockFile)).catch(() => undefined);
}

/** Read the policy files that stand in a workspace folder. Never throws on what is in them. */
export async function readOwnFiles(folder: string): Promise<PolicyFiles> {
  const problems: string[] = [];
  const policies = new Map<string, string>();
  for (const file of await listFiles(folder, policyFolder, policySuffix, problems)) {
    const text = await readBounded(folder, file, problems);
    if (text !== undefined) policies.set(file, text);
  }
  const text = await readBounded(folder, workspaceFile, problems);
  return {
    ...(text === undefined ? {} : { workspace: { file: workspaceFile, text } }),
    policies,
    problems,
  };
}

/** Read the test files of a workspace folder. Never throws on what is in them. */
export async function readTestFiles(
  folder: string,
): Promise<{ readonly tests: ReadonlyMap<string, string>; readonly problems: readonly string[] }> {
  const problems: string[] = [];
  const tests = new Map<string, string>();
  for (const file of await listFiles(folder, testFolder, testSuffix, problems)) {
    const text = await readBounded(folder, file, problems);
    if (text !== undefined) tests.set(file, text);
  }
  return { tests, problems };
}

async function listFiles(
  folder: string,
  inside: string,
  suffix: string,
  problems: string[],
): Promise<readonly string[]> {
  let names: readonly string[];
  try {
    names = await readdir(path.join(folder, inside), { recursive: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') problems.push(`${inside}: ${reasonOf(error)}`);
    return [];
  }
  const files = names
    .map((name) => `${inside}/${name.split(path.sep).join('/')}`)
    .filter((name) => name.endsWith(suffix))
    .sort();
  if (files.length <= maxFiles) return files;
  problems.push(`${inside}: ${files.length} files are more than the ${maxFiles} that are read`);
  return [];
}

/** The text of a file, or undefined with a line in `problems` when it cannot be read whole. */
async function readBounded(folder: string, file: string, problems: string[]): Promise<string | undefined> {
  try {
    return await readTextFile(path.join(folder, file));
  } catch (error) {
    problems.push(`${file}: ${reasonOf(error)}`);
    return undefined;
  }
}

/** A file of the workspace as UTF-8, at most 1 MiB. @throws Error whose message says what is wrong with it */
export async function readTextFile(file: string): Promise<string> {
  const handle = await open(file, 'r');
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw new Error('this is not a file');
    if (found.size > maxFileBytes)
      throw new Error(`${found.size} bytes are more than the ${maxFileBytes} that are read`);
    const bytes = await handle.readFile();
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } finally {
    await handle.close();
  }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  EPERM: 'permission is denied',
  ELOOP: 'too many links',
  EISDIR: 'this is a folder',
  ERR_ENCODING_INVALID_ENCODED_DATA: 'this is not UTF-8 text',
};

export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'an unexpected error';
  const code = 'code' in error ? String(error.code) : '';
  return reasons[code] ?? (code === '' ? error.message : code);
}

/**
 * The files as they stand, with some texts in place of what is on the disk.
 * @throws ConfigFault `usage` for a path that is none of a workspace or policy file
 */
export async function filesNow(
  folder: string,
  texts: readonly { readonly path: string; readonly text: string }[],
): Promise<PolicyFiles> {
  const files = await readPolicyFiles(folder);
  const policies = new Map(files.policies);
  let { workspace } = files;
  for (const { path, text } of texts) {
    const kind = fileKindOf(path);
    if (kind === undefined) throw new ConfigFault('usage', `${path} is no file of a policy.`);
    if (kind === 'Workspace') workspace = { file: workspaceFile, text };
    else policies.set(path, text);
  }
  return { ...files, ...(workspace && { workspace }), policies };
}
