import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { promisify } from 'node:util';
import { fileURLToPath } from 'node:url';
import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

for (const folder of globSync('*/.gatehouse', { cwd: here })) {
  test(`${path.dirname(folder)} checks without a word`, () => {
    const root = path.join(here, path.dirname(folder));
    const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
    const policies = globSync('.gatehouse/policies/*.policy.yaml', { cwd: root });
    const tests = globSync('.gatehouse/tests/*.test.yaml', { cwd: root });
    const checked = checkWorkspace({
      workspace: { file: '.gatehouse/gatehouse.yaml', text: read('.gatehouse/gatehouse.yaml') },
      policies: new Map(policies.map((file) => [file, read(file)])),
      tests: new Map(tests.map((file) => [file, read(file)])),
    });
    assert.deepEqual(checked.diagnostics, []);
    assert.ok((checked.set?.policies.length ?? 0) > 0);
  });

  test(`${path.dirname(folder)} does what its tests say`, async () => {
    const root = path.join(here, path.dirname(folder));
    const main = fileURLToPath(new URL('../../daemon/src/cli/main.ts', import.meta.url));
    const { stdout } = await promisify(execFile)(process.execPath, [main, 'test', root]);
    assert.match(stdout, /✓ \d+ tests: \d+ passed in/);
  });
}
