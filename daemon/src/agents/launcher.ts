import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Where agents find the hook whatever Node, editor and version of Gatehouse there are: `bin/hook` in the folder of all
 * state (`bin/hook.cmd` on Windows), which gets the harness as its argument.
 */
export function launcherFile(stateRoot: string, platform: NodeJS.Platform = process.platform): string {
  return path.join(stateRoot, 'bin', platform === 'win32' ? 'hook.cmd' : 'hook');
}

/** The folder of the launcher, in which `gatehouse` is a program as well; agents have it at the end of their PATH. */
export function programFolder(stateRoot: string): string {
  return path.dirname(launcherFile(stateRoot));
}

/**
 * Write the launcher, so that agents run the hook on the runtime that this process runs on, and `gatehouse` beside it.
 * @param dist the folder of the bundles
 */
export function writeLauncher(stateRoot: string, dist: string): string {
  const folder = programFolder(stateRoot);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeProgram(path.join(folder, 'gatehouse'), path.join(dist, 'gatehouse.js'));
  writeProgram(path.join(folder, 'hook'), path.join(dist, 'hook.js'));
  return launcherFile(stateRoot);
}

/** A program that runs a script of ours, replaced whole, as an agent may be about to start it. */
function writeProgram(file: string, script: string): void {
  const node = process.execPath;
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  const windows = process.platform === 'win32';
  // For Node it means nothing; Electron without it would open a window.
  const text = windows
    ? `@set ELECTRON_RUN_AS_NODE=1\r\n@"${node}" "${script}" %*\r\n`
    : `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(node)} ${quoted(script)} "$@"\n`;
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text, { mode: 0o700 });
  chmodSync(fresh, 0o700);
  renameSync(fresh, windows ? `${file}.cmd` : file);
}
