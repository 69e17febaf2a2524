import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const repository = fileURLToPath(new URL('..', import.meta.url));
/** Set by the test runner, which builds before any test: a build in the midst of others would take dist/ from them. */
const variable = 'GATEHOUSE_TESTS_BUILT';

/** dist/ as the sources are now, and where it is. */
export function builtFolder(): string {
  if (process.env[variable] !== 'yes')
    execFileSync(process.execPath, [path.join(repository, 'esbuild.mjs')], { stdio: 'inherit' });
  process.env[variable] = 'yes';
  return path.join(repository, 'dist');
}
