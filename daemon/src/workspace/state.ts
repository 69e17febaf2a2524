import { hash } from 'node:crypto';
import { chmodSync, lstatSync, mkdirSync, realpathSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import envPaths from 'env-paths';
import { ConfigFault } from '../core/faults.ts';

/** Where one workspace keeps what is not in its repository. Every path is absolute. */
export interface StatePaths {
  /** 0700; holds all the others but, where its path would be too long for a socket, the socket. */
  readonly folder: string;
  readonly accepted: string;
  readonly controlSecret: string;
  /** Of those who start agents. */
  readonly launchSecret: string;
  /** Says where the daemon listens, for commands that run in another environment than it. */
  readonly daemon: string;
  readonly maskKey: string;
  readonly ports: string;
  readonly records: string;
  readonly identity: string;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** A workspace in a folder name: readable, and different for every real path. */
export function workspaceKey(workspaceFolder: string): string {
  const real = realpathSync(workspaceFolder);
  const readable = path
    .basename(real)
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 32);
  return `${readable}-${hash('sha256', real).slice(0, 12)}`;
}

/**
 * The state paths of a workspace: under `GATEHOUSE_STATE`, or `gatehouse` in the user's state folder
 * (`$XDG_STATE_HOME` on Linux), a folder for each workspace.
 */
export function statePaths(workspaceFolder: string, env: Environment = process.env): StatePaths {
  const folder = path.join(stateRoot(env), workspaceKey(workspaceFolder));
  return {
    folder,
    accepted: path.join(folder, 'accepted.json'),
    controlSecret: path.join(folder, 'control-secret'),
    launchSecret: path.join(folder, 'launch-secret'),
    daemon: path.join(folder, 'daemon.json'),
    maskKey: path.join(folder, 'mask-key'),
    ports: path.join(folder, 'ports.json'),
    records: path.join(folder, 'records'),
    identity: path.join(folder, 'identity'),
  };
}

/** Where the state of all workspaces is. */
export function stateRoot(env: Environment = process.env): string {
  const override = env.GATEHOUSE_STATE;
  if (override !== undefined && override !== '') return path.resolve(override);
  const places = envPaths('gatehouse', { suffix: '' });
  // On Linux `log` is the XDG state folder; elsewhere it is for logs that the system may clear away.
  return process.platform === 'linux' ? places.log : places.data;
}

/** sun_path holds 108 bytes with its closing NUL on Linux, 104 on macOS and BSD. */
const longestSocketPath = process.platform === 'linux' ? 107 : 103;

/**
 * Where the daemon's control socket goes, its folder made and private: in `$XDG_RUNTIME_DIR/gatehouse/`, else in the
 * state folder, else, where that is too long for a socket, in a private folder under the temporary one.
 */
export function controlSocketPath(state: Pick<StatePaths, 'folder'>, env: Environment = process.env): string {
  const key = path.basename(state.folder);
  if (process.platform === 'win32')
    return `\\\\.\\pipe\\gatehouse-${key}-${hash('sha256', state.folder).slice(0, 12)}`;
  const runtime = env.XDG_RUNTIME_DIR;
  const unique = `${hash('sha256', state.folder).slice(0, 24)}.sock`;
  const candidates = [
    ...(env.GATEHOUSE_STATE || !runtime ? [] : [path.join(runtime, 'gatehouse', `${key}.sock`)]),
    path.join(state.folder, 'control.sock'),
    path.join(os.tmpdir(), `gatehouse-${process.getuid?.() ?? 0}`, unique),
  ];
  const socket = candidates.find((candidate) => Buffer.byteLength(candidate) <= longestSocketPath);
  if (socket === undefined) {
    throw new ConfigFault(
      'workspace-invalid',
      `No path is short enough for a socket: ${candidates.join(', ')}. Set GATEHOUSE_STATE to a shorter folder.`,
    );
  }
  ensurePrivateFolder(path.dirname(socket));
  return socket;
}

/**
 * Make a folder that only its owner can look into, or check that one that is there is such a folder.
 * @throws ConfigFault `workspace-invalid` for a link, or a folder of somebody else (who could swap what is in it).
 */
export function ensurePrivateFolder(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  if (process.platform === 'win32') return;
  const found = lstatSync(folder);
  if (!found.isDirectory()) {
    throw new ConfigFault(
      'workspace-invalid',
      `${folder} must be a folder of its own, not a link or a file.`,
    );
  }
  if (found.uid !== process.getuid?.()) {
    throw new ConfigFault(
      'workspace-invalid',
      `${folder} belongs to another user; Gatehouse will not use it.`,
    );
  }
  if ((found.mode & 0o077) !== 0) chmodSync(folder, 0o700);
}
