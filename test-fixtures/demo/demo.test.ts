import assert from 'node:assert/strict';
import { readdirSync } from 'node:fs';
import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { builtFolder } from '../built.ts';
import { runProgram } from '../e2e/run.ts';
import { gatehouse } from './processes.ts';

describe('what npm start does', () => {
  before(() => {
    builtFolder();
  });

  test('the bundle runs by itself, outside of the repository', async () => {
    const ran = await runProgram(process.execPath, [gatehouse, '--help'], {});
    assert.equal(ran.status, 0, ran.stderr);
    assert.match(ran.stdout, /approvals/);
  });

  test('the story goes as told, and nothing is left behind', async () => {
    const temporary = mkdtempSync(path.join(os.tmpdir(), 'gh-'));
    try {
      const main = fileURLToPath(new URL('./main.ts', import.meta.url));
      const ran = await runProgram(process.execPath, [main, '--once'], { TMPDIR: temporary });
      assert.equal(ran.status, 0, `${ran.stdout}\n${ran.stderr}`);
      assert.match(ran.stdout, /All 9 steps went as the policy says/);
      assert.match(ran.stdout, /writing\.policy\.yaml:\d+ +no-schema-changes/);
      assert.doesNotMatch(ran.stdout, /@example\.com|shop-app-password/);
      const left = readdirSync(temporary).filter((name) => !name.startsWith('gatehouse-postgres-templates'));
      assert.deepEqual(left, []);
    } finally {
      rmSync(temporary, { recursive: true, force: true });
    }
  });
});
