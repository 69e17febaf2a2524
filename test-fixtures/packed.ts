import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { builtFolder } from './built.ts';

const packageScript = fileURLToPath(new URL('../extension/scripts/package.mjs', import.meta.url));
/** Set by the test runner, which packs once for all tests. */
const variable = 'GATEHOUSE_TESTS_PACKED';

/** The extension as people install it, from the sources as they are now: a .vsix, which goes when this process ends. */
export function packedExtension(): string {
  const known = process.env[variable];
  if (known !== undefined) return known;
  builtFolder();
  const folder = mkdtempSync(path.join(os.tmpdir(), 'gh-vsix-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const file = path.join(folder, 'gatehouse.vsix');
  execFileSync(process.execPath, [packageScript, file], { stdio: ['ignore', 'ignore', 'inherit'] });
  process.env[variable] = file;
  return file;
}
