import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { configFolder, fileKindOf } from '@gatehouse/policy-schema/model/layout.ts';

const run = promisify(execFile);

const timeoutMs = 10_000;
const maxBuffer = 64 * 1024 * 1024;

/** What Git holds as the last commit. */
export interface Head {
  /** The commit's id. */
  readonly commit: string;
  /** Texts by name, relative to the workspace folder, with `/`. */
  readonly files: ReadonlyMap<string, string>;
}

/**
 * The policy files of a folder at HEAD; undefined where there is no Git, no repository or no commit.
 * @param known What was read before; the same is returned while HEAD did not move
 */
export async function readHead(folder: string, known?: Head): Promise<Head | undefined> {
  try {
    const commit = (await git(folder, ['rev-parse', '--verify', '--quiet', 'HEAD^{commit}'])).trim();
    if (commit === known?.commit) return known;
    // `--name-only -z` without `--full-name`: names are relative to the folder, whatever the repository's root is.
    const listed = await git(folder, [
      'ls-tree',
      '-r',
      '-z',
      '--name-only',
      commit,
      '--',
      `${configFolder}/`,
    ]);
    const names = listed.split('\0').filter((name) => fileKindOf(name) !== undefined);
    const texts = await blobs(
      folder,
      names.map((name) => `${commit}:./${name}`),
    );
    return { commit, files: new Map(names.map((name, index) => [name, texts[index] ?? ''])) };
  } catch {
    return undefined;
  }
}

/** The texts of objects, by one process for all of them. Its output is `<id> blob <bytes>`, a line, the bytes, a line. */
async function blobs(folder: string, objects: readonly string[]): Promise<readonly string[]> {
  const asking = run('git', ['-C', folder, 'cat-file', '--batch'], { ...options, encoding: 'buffer' });
  asking.child.stdin?.end(objects.map((object) => `${object}\n`).join(''));
  const { stdout } = await asking;
  const texts: string[] = [];
  let at = 0;
  while (at < stdout.length) {
    const line = stdout.indexOf(0x0a, at);
    const [, kind, bytes] = stdout.toString('utf8', at, line).split(' ');
    if (kind !== 'blob') throw new Error('no such file in the commit');
    at = line + 1 + Number(bytes) + 1;
    texts.push(stdout.toString('utf8', line + 1, at - 1));
  }
  return texts;
}

const options = {
  timeout: timeoutMs,
  maxBuffer,
  // A question must never wait for somebody's password, nor write to the repository.
  env: { ...process.env, GIT_TERMINAL_PROMPT: '0', GIT_OPTIONAL_LOCKS: '0' },
};

async function git(folder: string, args: readonly string[]): Promise<string> {
  return (await run('git', ['-C', folder, ...args], options)).stdout;
}
