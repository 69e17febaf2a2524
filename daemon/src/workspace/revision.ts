/** The policy files of a workspace as a Git revision holds them. */
import { execFile, spawn } from 'node:child_process';
import { promisify } from 'node:util';
import { configFolder, fileKindOf, lockFile, workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { ConfigFault } from '../core/faults.ts';
import { joinExtended } from './extends/join.ts';
import type { PolicyFiles } from './files.ts';

const run = promisify(execFile);
const timeout = 10_000;
const maxBytes = 64 * 1024 * 1024;

export interface Revision {
  /** As it was asked for: `HEAD`, `origin/main`. */
  readonly name: string;
  /** The commit, in few letters. */
  readonly commit: string;
  /** The commit, whole. */
  readonly id: string;
  readonly files: PolicyFiles;
}

/**
 * Read a revision's policy files. The workspace may lie anywhere in its repository.
 * @throws ConfigFault `usage`: there is no Git, no repository, or no such revision
 */
export async function readRevision(folder: string, name: string): Promise<Revision> {
  const commit = await commitOf(folder, name);
  // Names are relative to the folder, whatever the root of the repository is.
  const { stdout } = await git(folder, [
    'ls-tree',
    '-r',
    '-z',
    '--name-only',
    commit,
    '--',
    `${configFolder}/`,
  ]);
  const names = stdout.split('\0').filter((file) => fileKindOf(file) !== undefined);
  const texts = await blobs(folder, commit, names);
  const [lock] = await blobs(
    folder,
    commit,
    stdout.split('\0').filter((file) => file === lockFile),
  );
  const policies = new Map(texts);
  policies.delete(workspaceFile);
  const text = texts.get(workspaceFile);
  const files = {
    ...(text === undefined ? {} : { workspace: { file: workspaceFile, text } }),
    policies,
    problems: [],
  };
  return { name, commit: commit.slice(0, 7), id: commit, files: joinExtended(files, lock?.[1]) };
}

/**
 * A file of a commit (its whole id) by its name relative to the folder; undefined where the commit has none, and for names
 * that lead out of the repository.
 */
export async function readRevisionFile(
  folder: string,
  id: string,
  name: string,
): Promise<string | undefined> {
  try {
    return (await git(folder, ['cat-file', 'blob', `${id}:./${name}`])).stdout;
  } catch {
    return undefined;
  }
}

/** What a checkout of a CI server lacks most often. */
const shallowWords =
  'This is a shallow clone, which lacks most commits. Fetch the base first, such as `git fetch --depth=1 origin main:refs/remotes/origin/main`, or clone with more history: `fetch-depth: 0` for actions/checkout, `GIT_DEPTH: "0"` in GitLab.';

async function commitOf(folder: string, name: string): Promise<string> {
  try {
    await git(folder, ['rev-parse', '--is-inside-work-tree']);
  } catch (error) {
    const isMissing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    const words = isMissing
      ? 'There is no git command; install Git to compare with a revision.'
      : `${folder} is in no Git repository, so there is no revision to compare with. Make one with \`git init\`, and commit.`;
    throw new ConfigFault('usage', words);
  }
  try {
    const asked = ['rev-parse', '--verify', '--quiet', '--end-of-options', `${name}^{commit}`];
    return (await git(folder, asked)).stdout.trim();
  } catch {
    const isShallow = (await git(folder, ['rev-parse', '--is-shallow-repository'])).stdout.trim() === 'true';
    throw new ConfigFault(
      'usage',
      name === 'HEAD'
        ? 'The repository has no commit yet. Commit the policy files first.'
        : `No revision is named "${name}". ${isShallow ? shallowWords : 'Write a branch, a tag or a commit, such as HEAD~1 or origin/main.'}`,
    );
  }
}

/** The texts of files by name, asked of one process. Each answer is `<id> blob <bytes>`, a line, the bytes, a line. */
async function blobs(folder: string, commit: string, names: readonly string[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  if (names.length === 0) return texts;
  const output = await batch(folder, names.map((name) => `${commit}:./${name}\n`).join(''));
  let at = 0;
  for (const name of names) {
    const line = output.indexOf(0x0a, at);
    const [, kind, bytes] = output.toString('utf8', at, line).split(' ');
    if (kind !== 'blob') throw new ConfigFault('usage', `${name} is no file in that revision.`);
    at = line + 1 + Number(bytes) + 1;
    texts.set(name, output.toString('utf8', line + 1, at - 1));
  }
  return texts;
}

function batch(folder: string, input: string): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', ['-C', folder, 'cat-file', '--batch'], {
      env,
      timeout,
      stdio: ['pipe', 'pipe', 'ignore'],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) child.kill();
      else chunks.push(chunk);
    });
    child.on('error', reject);
    child.on('close', (code) => {
      if (code === 0) resolve(Buffer.concat(chunks));
      else reject(new ConfigFault('usage', 'Git could not give the files of that revision.'));
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

/** A question must never wait for a password, nor write to the repository. */
const env = { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' };

function git(folder: string, args: readonly string[]): Promise<{ stdout: string }> {
  return run('git', ['-C', folder, ...args], { timeout, maxBuffer: maxBytes, env });
}
