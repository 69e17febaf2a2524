import { execFile, spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import * as vscode from 'vscode';

const withinMs = 20_000;

/** Node, as VS Code carries it. */
function runtime(): NodeJS.ProcessEnv {
  return { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
}

/**
 * Write the program that agents run as their hook, at a place that no version of the extension and of VS Code changes, and
 * say where it is. What it runs is what this extension and this VS Code are now.
 * @throws Error in words for the person
 */
export function writeHookLauncher(extension: vscode.Uri): Promise<string> {
  const script = vscode.Uri.joinPath(extension, 'dist', 'hook.js').fsPath;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [script, '--write-launcher'],
      { env: runtime(), timeout: withinMs },
      (error, stdout, stderr) => {
        if (error === null) resolve(stdout.trim());
        else reject(new Error(stderr.trim() || error.message));
      },
    );
  });
}

/** How the hook answered a command that it must lead through the gate, or why it did not. */
export type HookCheck =
  | { readonly kind: 'answered'; readonly ms: number }
  | { readonly kind: 'silent' }
  | { readonly kind: 'failed'; readonly problem: string };

/** Ask the hook as an agent in a folder would, without running anything of it. */
export async function checkHook(launcher: string, folder: string): Promise<HookCheck> {
  const started = performance.now();
  const child = spawn(launcher, ['agent'], {
    env: runtime(),
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: withinMs,
    shell: process.platform === 'win32',
  });
  const failed = new Promise<HookCheck>((resolve) =>
    child.once('error', (error) => resolve({ kind: 'failed', problem: error.message })),
  );
  child.stdin.on('error', () => {});
  child.stdin.end(
    JSON.stringify({
      hook_event_name: 'PreToolUse',
      session_id: 'self-test',
      cwd: folder,
      tool_name: 'Bash',
      tool_input: { command: 'psql --version' },
    }),
  );
  const answered = text(child.stdout).then((output): HookCheck => {
    const ms = Math.round(performance.now() - started);
    return output.includes('updatedInput') ? { kind: 'answered', ms } : { kind: 'silent' };
  });
  return Promise.race([failed, answered]);
}
