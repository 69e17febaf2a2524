import { execFile } from 'node:child_process';
import type * as vscode from 'vscode';
import { commandFile } from './command-file.ts';

/** What `gatehouse daemon start --json` tells. */
export interface DaemonAddress {
  readonly socket: string;
  /** What to say hello with. */
  readonly secret: string;
  readonly version: string;
  readonly pid: number;
}

/** It may have to wait for an older one to end. */
const withinMs = 60_000;

/**
 * Find the daemon of this user, or start it: by the runtime that VS Code itself runs on, as a process that outlives the
 * window. The secret goes by standard input, so that neither a file nor an environment holds it.
 * @throws Error in words for the person
 */
export function startDaemon(extension: vscode.Uri, secret: string): Promise<DaemonAddress> {
  return new Promise((resolve, reject) => {
    const child = execFile(
      process.execPath,
      [
        commandFile(extension),
        'daemon',
        'start',
        '--json',
        '--secret-stdin',
        '--client',
        `window ${process.pid}`,
      ],
      { env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' }, timeout: withinMs },
      (error, stdout, stderr) => {
        if (error === null) resolve(JSON.parse(stdout) as DaemonAddress);
        else reject(new Error(stderr.replace(/^gatehouse: /, '').trim() || error.message));
      },
    );
    child.stdin?.on('error', () => {});
    child.stdin?.end(JSON.stringify({ 'gatehouse.control': secret }));
  });
}
