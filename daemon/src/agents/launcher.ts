import { chmodSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';

/**
 * Where agents find the hook whatever Node, editor and version of Gatehouse there are: `bin/hook` in the folder of all
 * state (`bin/hook.cmd` on Windows), which gets the harness as its argument.
 */
export function launcherFile(stateRoot: string, platform: NodeJS.Platform = process.platform): string {
  return path.join(stateRoot, 'bin', platform === 'win32' ? 'hook.cmd' : 'hook');
}

/** Write the launcher, so that agents run `script` on the runtime that this process runs on. */
export function writeLauncher(stateRoot: string, script: string): string {
  const file = launcherFile(stateRoot);
  const node = process.execPath;
  const quoted = (text: string) => `'${text.replaceAll("'", "'\\''")}'`;
  // For Node it means nothing; Electron without it would open a window.
  const text =
    process.platform === 'win32'
      ? `@set ELECTRON_RUN_AS_NODE=1\r\n@"${node}" "${script}" %*\r\n`
      : `#!/bin/sh\nELECTRON_RUN_AS_NODE=1 exec ${quoted(node)} ${quoted(script)} "$@"\n`;
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, text, { mode: 0o700 });
  chmodSync(fresh, 0o700);
  renameSync(fresh, file);
  return file;
}
