import { execFile } from 'node:child_process';
import path from 'node:path';
import type * as vscode from 'vscode';
import { commandFile, commandFolder } from './command-file.ts';

const withinMs = 60_000;
const mostBytes = 64 * 1024 * 1024;

/** The program that others start `gatehouse` by; it stays where it is when the extension is updated. */
export function commandProgram(context: vscode.ExtensionContext): string {
  return path.join(commandFolder(context), process.platform === 'win32' ? 'gatehouse.cmd' : 'gatehouse');
}

/**
 * Run `gatehouse …` on the runtime that VS Code itself runs on, and read the JSON that it prints. An answer that is no
 * (exit status 1) is an answer.
 * @throws Error in words for the person
 */
export function askCommand<Result>(
  context: vscode.ExtensionContext,
  args: readonly string[],
  signal?: AbortSignal,
): Promise<Result> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [commandFile(context.extensionUri), ...args],
      {
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1', NO_COLOR: '1' },
        timeout: withinMs,
        maxBuffer: mostBytes,
        ...(signal === undefined ? {} : { signal }),
      },
      (error, stdout, stderr) => {
        if (error === null || error.code === 1) {
          try {
            resolve(JSON.parse(stdout) as Result);
            return;
          } catch {
            // What it said instead stands in stderr.
          }
        }
        reject(new Error(stderr.replace(/^gatehouse: /, '').trim() || error?.message || 'no answer'));
      },
    );
  });
}
