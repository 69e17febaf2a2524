import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { readHead } from './head.ts';

let root: string;
const git = (...args: readonly string[]): void => {
  execFileSync('git', ['-C', root, '-c', 'user.name=t', '-c', 'user.email=t@localhost', ...args], {
    stdio: 'ignore',
  });
};
const write = (file: string, text: string): void => {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), text);
};

before(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'gh-head-'));
});
after(() => rmSync(root, { recursive: true, force: true }));

test('without a repository, or without a commit, there is nothing to compare with', async () => {
  assert.equal(await readHead(root), undefined);
  git('init', '-q');
  assert.equal(await readHead(root), undefined);
});

test('the policy files of the last commit are read, for a workspace below the root too', async () => {
  const policy = '.gatehouse/policies/shop.policy.yaml';
  write(`shop/${policy}`, 'first\n');
  write('shop/.gatehouse/README.md', 'not read');
  write(policy, "another workspace's\n");
  git('add', '.');
  git('commit', '-q', '-m', 'first');
  const folder = path.join(root, 'shop');
  write(`shop/${policy}`, 'unsaved\n');
  const head = await readHead(folder);
  assert.deepEqual([...(head?.files ?? [])], [[policy, 'first\n']]);
  assert.equal(await readHead(folder, head), head);
  git('commit', '-q', '-a', '-m', 'second');
  assert.equal((await readHead(folder, head))?.files.get(policy), 'unsaved\n');
});
