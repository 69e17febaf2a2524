import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';

const here = fileURLToPath(new URL('.', import.meta.url));

for (const folder of globSync('*/.gatehouse', { cwd: here })) {
  test(`${path.dirname(folder)} checks without a word`, () => {
    const root = path.join(here, path.dirname(folder));
    const read = (file: string) => readFileSync(path.join(root, file), 'utf8');
    const policies = globSync('.gatehouse/policies/*.policy.yaml', { cwd: root });
    const checked = checkWorkspace({
      workspace: { file: '.gatehouse/gatehouse.yaml', text: read('.gatehouse/gatehouse.yaml') },
      policies: new Map(policies.map((file) => [file, read(file)])),
    });
    assert.deepEqual(checked.diagnostics, []);
    assert.ok((checked.set?.policies.length ?? 0) > 0);
  });
}
