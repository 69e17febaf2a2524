/** Programs from npm that tests run and the product does not need: kept in the user's cache between runs. */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'gatehouse-tests');

export interface CachedInstall {
  /** With its version: another version is another installation. */
  readonly name: string;
  /** As npm takes them. */
  readonly packages: readonly string[];
  /** Folders below it in which what their package.json asks for is installed too. */
  readonly more?: readonly string[];
}

/** The folder with `node_modules`, installed first where it is missing. No install script is run. */
export function cachedInstall({ name, packages, more = [] }: CachedInstall): string {
  const home = path.join(cache, name);
  if (existsSync(path.join(home, 'complete'))) return home;
  // Made aside, so that an installation that broke off is never taken for one.
  const fresh = path.join(cache, `installing-${process.pid}-${name}`);
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true });
  const npm = (args: readonly string[], cwd: string): void => {
    execFileSync('npm', [...args, '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  };
  console.log(`Installing ${name} for the tests, once.`);
  npm(['install', '--prefix', fresh, ...packages], fresh);
  for (const folder of more) npm(['install', '--omit=dev'], path.join(fresh, folder));
  writeFileSync(path.join(fresh, 'complete'), '');
  try {
    renameSync(fresh, home);
  } catch (error) {
    // Another run was faster.
    if (!existsSync(path.join(home, 'complete'))) throw error;
    rmSync(fresh, { recursive: true, force: true });
  }
  return home;
}
