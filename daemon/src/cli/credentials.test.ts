import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const root = mkdtempSync(path.join(os.tmpdir(), 'gh-credentials-cli-'));
const [folder, home] = [path.join(root, 'shop'), path.join(root, 'home')];
mkdirSync(path.join(folder, '.gatehouse'), { recursive: true });
mkdirSync(home);
const workspaceFile = path.join(folder, '.gatehouse', 'gatehouse.yaml');
const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: 127.0.0.1, port: 5433, database: shop, user: app, password: { stdin: shop } }
`;
after(() => rmSync(root, { recursive: true, force: true }));

function credentials(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [main, '-C', folder, 'credentials', ...args],
    {
      encoding: 'utf8',
      env: { PATH: '', HOME: home, GATEHOUSE_STATE: path.join(root, 'state'), NO_COLOR: '1' },
    },
  );
  return { stdout, stderr, status };
}

test('with none within reach it says that the gate holds', () => {
  writeFileSync(workspaceFile, workspace);
  const { stdout, status } = credentials();
  assert.equal(status, 0);
  assert.match(stdout, /the gate holds by itself/);
});

test('a planted one is told by its place and never by itself', () => {
  writeFileSync(path.join(home, '.pgpass'), 'localhost:5433:*:app:s3cret\n', { mode: 0o600 });
  const { stdout, stderr, status } = credentials();
  assert.equal(status, 1);
  assert.match(stdout, /✗ ~\/\.pgpass:1 .*shop-db/);
  assert.match(stdout, /1 direct credential within reach/);
  assert.ok(!`${stdout}${stderr}${credentials('--json').stdout}`.includes('s3cret'));
});

test('a workspace that cannot be read is never called harmless', () => {
  writeFileSync(workspaceFile, 'gatehouse: v1\nkind: Workspace\nresources: oops\n');
  const { stderr, status } = credentials();
  assert.equal(status, 2);
  assert.match(stderr, /gatehouse check/);
});
