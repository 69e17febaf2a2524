/**
 * VS Code for tests: its server as code-server's npm package carries it, kept in the user's cache between runs. None of its
 * native modules need building for what the tests do.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const version = '4.139.1';

const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'gatehouse-tests');

/** The folder of VS Code's server; installed first where it is missing (about 20 s, 600 MB). */
export function vscodeServer(): string {
  const home = path.join(cache, `code-server-${version}`);
  const server = path.join(home, 'node_modules/code-server/lib/vscode');
  if (existsSync(path.join(home, 'complete'))) return server;
  // Made aside, so that an installation that broke off is never taken for one.
  const fresh = path.join(cache, `installing-${process.pid}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const npm = (args: readonly string[], cwd: string): void => {
    execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  console.log(`Installing VS Code's server ${version} for the tests, once.`);
  npm(['install', '--prefix', fresh, `code-server@${version}`], fresh);
  npm(['install', '--omit=dev'], path.join(fresh, 'node_modules/code-server/lib/vscode'));
  writeFileSync(path.join(fresh, 'complete'), '');
  try {
    renameSync(fresh, home);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(path.join(home, 'complete'))) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  return server;
}
