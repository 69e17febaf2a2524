/** What Git says of another repository. Its contents are data: nothing of it is run, and nothing but policies is kept. */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { Extended, ExtendedFiles } from '@gatehouse/policy-schema/model/extends.ts';
import { policySuffix } from '@gatehouse/policy-schema/model/layout.ts';
import { ConfigFault } from '../../core/faults.ts';

const timeoutMs = 60_000;
const maxBytes = 16 * 1024 * 1024;
const maxFiles = 200;
const maxFileBytes = 1024 * 1024;

/** What a revision is now. */
export type Resolved =
  | { readonly kind: 'tag' | 'branch' | 'commit'; readonly commit: string }
  /** The repository answers, and has no such revision. */
  | { readonly kind: 'none' }
  /** It does not answer; `why` is Git's own words. */
  | { readonly kind: 'unreachable'; readonly why: string };

/** Only these ways lead to a repository; Git's others run programs. */
const ways = ['https', 'ssh', 'file'];
const careful = [
  '-c',
  'protocol.allow=never',
  ...ways.flatMap((way) => ['-c', `protocol.${way}.allow=always`]),
  ...['core.hooksPath=/dev/null', 'core.fsmonitor=false', 'fetch.fsckObjects=true', 'gc.auto=0'].flatMap(
    (setting) => ['-c', setting],
  ),
];

/** @throws ConfigFault `usage` where there is no Git */
export async function resolveRevision({ git: url, rev }: Pick<Extended, 'git' | 'rev'>): Promise<Resolved> {
  // A tag's own object is listed beside the commit that it is of, which ends in `^{}`.
  const listed = await git([
    'ls-remote',
    '--',
    url,
    `refs/tags/${rev}`,
    `refs/tags/${rev}^{}`,
    `refs/heads/${rev}`,
  ]);
  if (!listed.ok) return { kind: 'unreachable', why: listed.why };
  const refs = new Map(
    listed.stdout
      .toString('utf8')
      .trim()
      .split('\n')
      .map((line) => line.split('\t') as [string, string])
      .map(([commit, ref]) => [ref, commit]),
  );
  const tag = refs.get(`refs/tags/${rev}^{}`) ?? refs.get(`refs/tags/${rev}`);
  if (tag !== undefined) return { kind: 'tag', commit: tag };
  const branch = refs.get(`refs/heads/${rev}`);
  if (branch !== undefined) return { kind: 'branch', commit: branch };
  return /^([0-9a-f]{40}|[0-9a-f]{64})$/.test(rev) ? { kind: 'commit', commit: rev } : { kind: 'none' };
}

/**
 * The policy files of a commit, by their paths below the entry's folder.
 * @throws ConfigFault `workspace-invalid` in words that say what is wrong with the repository
 */
export async function fetchFiles(
  { name, git: url, rev, path: folder }: Omit<Extended, 'location'>,
  commit: string,
): Promise<ExtendedFiles> {
  const bare = mkdtempSync(path.join(os.tmpdir(), 'gatehouse-extends-'));
  const called = `${name}@${rev}`;
  const broken = (why: string) => new ConfigFault('workspace-invalid', `${called} cannot be taken: ${why}`);
  const inside = async (args: readonly string[], input?: string): Promise<Buffer> => {
    const ran = await git(['-C', bare, ...args], input);
    if (!ran.ok) throw broken(ran.why);
    return ran.stdout;
  };
  try {
    await inside(['init', '--quiet', '--bare', '.']);
    const fetch = (wanted: string) =>
      git([
        '-C',
        bare,
        'fetch',
        '--quiet',
        '--depth=1',
        '--no-tags',
        '--no-recurse-submodules',
        '--',
        url,
        wanted,
      ]);
    // Some servers give no commit by its name alone.
    const fetched = await fetch(commit);
    if (!fetched.ok && !(await fetch(rev)).ok) throw broken(fetched.why);
    const isThere = await git(['-C', bare, 'cat-file', '-e', `${commit}^{commit}`]);
    if (!isThere.ok) throw broken(`the repository has no commit ${commit} any more`);
    const listed = await inside(['ls-tree', '-r', '-z', '--full-tree', commit, '--', `${folder}/`]);
    const names = listed
      .toString('utf8')
      .split('\0')
      .flatMap((line) => {
        const [, mode = '', , file = ''] = /^(\d+) (\w+) \S+\t(.*)$/s.exec(line) ?? [];
        if (!file.endsWith(policySuffix)) return [];
        if (!mode.startsWith('100')) throw broken(`${file} is a link; policies are files`);
        if (/[\p{Cc}:\\]/u.test(file))
          throw broken(`${JSON.stringify(file)} is no name for a file of policies`);
        return [file];
      });
    if (names.length === 0)
      throw broken(`there is no ${policySuffix} file in ${folder} of commit ${commit.slice(0, 7)}`);
    if (names.length > maxFiles)
      throw broken(`${names.length} files are more than the ${maxFiles} that are taken`);
    const blobs = await inside(['cat-file', '--batch'], names.map((file) => `${commit}:${file}\n`).join(''));
    return new Map(
      textsOf(blobs, names, broken).map(([file, text]) => [file.slice(folder.length + 1), text]),
    );
  } finally {
    rmSync(bare, { recursive: true, force: true });
  }
}

/** Each answer is `<id> blob <bytes>`, a line, the bytes, a line. */
function textsOf(
  output: Buffer,
  names: readonly string[],
  broken: (why: string) => Error,
): readonly (readonly [string, string])[] {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  let at = 0;
  return names.map((name) => {
    const line = output.indexOf(0x0a, at);
    const [, kind, bytes] = output.toString('utf8', at, line).split(' ');
    const size = Number(bytes);
    if (kind !== 'blob' || size > maxFileBytes)
      throw broken(`${name} is no file of at most ${maxFileBytes} bytes`);
    at = line + 1 + size + 1;
    try {
      return [name, decoder.decode(output.subarray(line + 1, at - 1))];
    } catch {
      throw broken(`${name} is not UTF-8 text`);
    }
  });
}

type Ran = { readonly ok: true; readonly stdout: Buffer } | { readonly ok: false; readonly why: string };

function git(args: readonly string[], input = ''): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = spawn('git', [...careful, ...args], {
      // Nobody is there to be asked for a password; and a repository around the working folder has no say.
      env: {
        ...environment(),
        GIT_TERMINAL_PROMPT: '0',
        GIT_ASKPASS: '',
        GIT_LFS_SKIP_SMUDGE: '1',
        LC_ALL: 'C',
      },
      timeout: timeoutMs,
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    const chunks: Buffer[] = [];
    let size = 0;
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size > maxBytes) child.kill();
      else chunks.push(chunk);
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(-2000);
    });
    child.on('error', (error: NodeJS.ErrnoException) =>
      error.code === 'ENOENT'
        ? reject(
            new ConfigFault(
              'usage',
              'There is no git command; install Git to take policies of other repositories.',
            ),
          )
        : resolve({ ok: false, why: error.message }),
    );
    child.on('close', (code, signal) => {
      if (code === 0) return resolve({ ok: true, stdout: Buffer.concat(chunks) });
      const why =
        signal === null ? lastLine(said) : `Git took longer than ${timeoutMs / 1000} s, or said too much`;
      resolve({ ok: false, why: why || `Git ended with ${code}` });
    });
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}

function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(process.env).filter(
      ([name]) =>
        !/^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY|ALTERNATE.*|NAMESPACE|CONFIG|CONFIG_(PARAMETERS|COUNT|KEY_.*|VALUE_.*)|EXTERNAL.*)$/.test(
          name,
        ),
    ),
  );
}

/** The line that says why. */
function lastLine(said: string): string {
  const lines = said.split('\n').filter((line) => line.trim() !== '');
  return (lines.find((line) => /^(fatal|error|ERROR)/.test(line)) ?? lines.at(-1) ?? '').replace(
    /^(fatal|error): /,
    '',
  );
}
