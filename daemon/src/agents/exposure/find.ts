import { access, constants, open, opendir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { inGitCredentials, inKubeconfig, inMyCnf, inSshKey } from './beside.ts';
import { inEnvironment } from './environment-found.ts';
import type { Exposure, Finding } from './finding.ts';
import { inOwnSources } from './own-sources.ts';
import { inPgpass } from './pgpass.ts';
import {
  type Candidate,
  candidatesOfUser,
  kindInWorkspace,
  passedOver,
  type Surroundings,
} from './places.ts';
import { inServiceFile } from './service-file.ts';
import { inSettingsText } from './settings-text.ts';
import type { Target } from './targets.ts';

/** Bounds of a search, so that it ends soon in any folder. */
export interface SearchBounds {
  readonly depth: number;
  readonly folders: number;
  /** Of one file, in bytes. */
  readonly size: number;
}
const usualBounds: SearchBounds = { depth: 8, folders: 5000, size: 4 * 1024 * 1024 };

/**
 * What an agent of this user can reach that leads to the workspace's resources past the gate, and what else it finds. Only
 * reads; no secret leaves this function.
 * @throws the signal's reason
 */
export async function findExposure(
  targets: readonly Target[],
  around: Surroundings,
  signal?: AbortSignal,
  bounds: SearchBounds = usualBounds,
): Promise<Exposure> {
  const unread: { file: string; why: string }[] = [];
  const candidates = new Map<string, Candidate>();
  for (const each of candidatesOfUser(around)) candidates.set(each.file, each);
  for await (const each of inFolder(around.workspaceFolder, bounds, unread, signal))
    candidates.set(each.file, each);
  for (const file of await sshKeys(around.home)) candidates.set(file, { kind: 'ssh-key', file });

  const findings: Finding[] = [];
  let looked = 0;
  for (const { kind, file } of candidates.values()) {
    signal?.throwIfAborted();
    const read = await readText(file, bounds.size);
    if (read.kind === 'unread') unread.push({ file, why: read.why });
    if (read.kind !== 'text') continue;
    looked++;
    const found = readers[kind](file, read.text, targets);
    findings.push(
      ...(read.exposed && keptPrivate.has(kind) ? found.map((each) => withPermissions(each)) : found),
    );
  }
  const sources = targets.flatMap(({ password }) =>
    password !== undefined && 'file' in password ? [path.resolve(around.workspaceFolder, password.file)] : [],
  );
  const readable = new Set<string>();
  for (const file of sources) if (await isReadable(file)) readable.add(file);
  const own = inOwnSources(targets, { ...around, isReadable: (file) => readable.has(file) });
  const named = new Set(own.map(({ place }) => place.kind === 'variable' && place.name));
  const variables = inEnvironment(around.env, targets).filter(
    ({ place }) => place.kind === 'file' || !named.has(place.name),
  );
  return { findings: [...own, ...variables, ...findings], unread, looked };
}

type Reader = (file: string, text: string, targets: readonly Target[]) => readonly Finding[];

const readers: Readonly<Record<Candidate['kind'], Reader>> = {
  'env-file': (...args) => inSettingsText('env-file', ...args),
  compose: (...args) => inSettingsText('compose', ...args),
  'shell-start': (...args) => inSettingsText('shell-start', ...args),
  'agent-settings': (...args) => inSettingsText('agent-settings', ...args),
  pgpass: inPgpass,
  'service-file': inServiceFile,
  'my-cnf': inMyCnf,
  kubeconfig: inKubeconfig,
  'ssh-key': inSshKey,
  'git-credentials': inGitCredentials,
};

/** Files that their tools want to be for their owner alone. */
const keptPrivate: ReadonlySet<Candidate['kind']> = new Set([
  'pgpass',
  'service-file',
  'my-cnf',
  'kubeconfig',
  'ssh-key',
  'git-credentials',
]);

/** Other users of the machine can read it, too; that alone can be mended, whatever stays in the file. */
function withPermissions(finding: Finding): Finding {
  return {
    ...finding,
    words: `${finding.words} Other users of this machine can read the file, too.`,
    fixes: [...finding.fixes, { kind: 'chmod' }],
  };
}

async function* inFolder(
  root: string,
  { depth, folders }: SearchBounds,
  unread: { file: string; why: string }[],
  signal: AbortSignal | undefined,
): AsyncGenerator<Candidate> {
  const waiting: { readonly folder: string; readonly depth: number }[] = [{ folder: root, depth: 0 }];
  let seen = 0;
  for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
    signal?.throwIfAborted();
    if (++seen > folders) {
      unread.push({
        file: root,
        why: `The folder has more than ${folders} folders; the deepest were not looked into.`,
      });
      return;
    }
    try {
      for await (const entry of await opendir(next.folder)) {
        const file = path.join(next.folder, entry.name);
        if (entry.isDirectory()) {
          if (!passedOver.has(entry.name) && next.depth < depth)
            waiting.push({ folder: file, depth: next.depth + 1 });
          continue;
        }
        const kind = kindInWorkspace(entry.name);
        if (kind !== undefined) yield { kind, file };
      }
    } catch (error) {
      unread.push({ file: next.folder, why: codeOf(error) });
    }
  }
}

async function sshKeys(home: string): Promise<readonly string[]> {
  const folder = path.join(home, '.ssh');
  const names = await readdir(folder).catch(() => []);
  return names
    .filter((name) => /^id_/.test(name) && !name.endsWith('.pub'))
    .slice(0, 50)
    .map((name) => path.join(folder, name));
}

type Read =
  | { readonly kind: 'text'; readonly text: string; readonly exposed: boolean }
  | { readonly kind: 'nothing' }
  | { readonly kind: 'unread'; readonly why: string };

/** Looked at once it is open, so that a pipe is not waited for. */
async function readText(file: string, size: number): Promise<Read> {
  try {
    const handle = await open(file, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const found = await handle.stat();
      if (!found.isFile()) return { kind: 'nothing' };
      if (found.size > size) return { kind: 'unread', why: `It is longer than ${size} bytes.` };
      const exposed = process.platform !== 'win32' && (found.mode & 0o077) !== 0;
      return { kind: 'text', text: await handle.readFile('utf8'), exposed };
    } finally {
      await handle.close();
    }
  } catch (error) {
    const code = codeOf(error);
    // What this user may not read, an agent of this user may not either.
    return ['ENOENT', 'ENOTDIR', 'EACCES', 'EPERM'].includes(code)
      ? { kind: 'nothing' }
      : { kind: 'unread', why: code };
  }
}

async function isReadable(file: string): Promise<boolean> {
  return access(file, constants.R_OK).then(
    () => true,
    () => false,
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string'
    ? error.code
    : 'unreadable';
}
