import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { systemPostgresFolder } from './servers/postgres-binaries.ts';

/** A program of the system that tests use: clients and servers that nobody here wrote. */
interface Need {
  readonly what: string;
  readonly isThere: () => boolean;
  /** Debian's name for it. */
  readonly packages: readonly string[];
}

/** The interpreter for which the distribution's own modules are installed, whatever else stands first on the PATH. */
export const systemPython = '/usr/bin/python3';

/** Debian's browser, in which VS Code is tested. */
export const chromium = '/usr/bin/chromium';

const needs: readonly Need[] = [
  {
    what: 'a PostgreSQL server of the system (a second version to test against)',
    isThere: () => systemPostgresFolder() !== undefined,
    packages: ['postgresql'],
  },
  { what: 'psql', isThere: () => succeeds('psql', ['--version']), packages: ['postgresql-client'] },
  {
    what: 'psycopg2 for Python',
    isThere: () => succeeds(systemPython, ['-c', 'import psycopg2']),
    packages: ['python3', 'python3-psycopg2'],
  },
  {
    what: 'DBD::Pg for Perl',
    isThere: () => succeeds('perl', ['-MDBD::Pg', '-e', '1']),
    packages: ['libdbd-pg-perl'],
  },
  {
    what: 'Neovim (a second editor for the language server)',
    isThere: () => succeeds('nvim', ['--version']),
    packages: ['neovim'],
  },
  {
    what: 'Chromium (VS Code runs in it)',
    isThere: () => existsSync(chromium),
    packages: ['chromium'],
  },
];

function succeeds(file: string, args: readonly string[]): boolean {
  return spawnSync(file, args, { stdio: 'ignore' }).status === 0;
}

/** Install what is missing where we may; otherwise end with the command that a person has to run. */
export function provideNeeds(): void {
  const missing = needs.filter((need) => !need.isThere());
  if (missing.length === 0) return;
  const packages = missing.flatMap((need) => need.packages);
  const command = `apt-get update && apt-get install -y --no-install-recommends ${packages.join(' ')}`;
  console.log(`The tests need, and this machine has not: ${missing.map((need) => need.what).join(', ')}.`);
  if (process.getuid?.() !== 0 || !existsSync('/usr/bin/apt-get')) {
    console.log(`Install it and run the tests again. On Debian or Ubuntu: sudo sh -c '${command}'`);
    process.exit(1);
  }
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    // Package lists of a fresh image are often empty or stale.
    execFileSync('apt-get', ['update'], { env, stdio: ['ignore', 'ignore', 'inherit'] });
    execFileSync('apt-get', ['install', '-y', '--no-install-recommends', ...packages], {
      env,
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch {
    console.log(`Installing failed. Run it by hand and run the tests again: ${command}`);
    process.exit(1);
  }
  const still = needs.filter((need) => !need.isThere());
  if (still.length > 0) {
    console.log(`Still missing after installing: ${still.map((need) => need.what).join(', ')}.`);
    process.exit(1);
  }
}
