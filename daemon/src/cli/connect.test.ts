import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
const root = mkdtempSync(path.join(os.tmpdir(), 'gh-connect-cli-'));
const folder = path.join(root, 'shop');
mkdirSync(path.join(folder, '.gatehouse'), { recursive: true });
mkdirSync(path.join(root, 'home', '.codex'), { recursive: true });
writeFileSync(
  path.join(folder, '.gatehouse', 'gatehouse.yaml'),
  'gatehouse: v1\nkind: Workspace\nresources: []\n',
);
after(() => rmSync(root, { recursive: true, force: true }));

function gatehouse(...args: readonly string[]) {
  const { stdout, stderr, status } = spawnSync(process.execPath, [main, '-C', folder, 'connect', ...args], {
    encoding: 'utf8',
    env: {
      PATH: '',
      HOME: path.join(root, 'home'),
      GATEHOUSE_STATE: path.join(root, 'state'),
      NO_COLOR: '1',
    },
  });
  return { stdout, stderr, status };
}

interface Told {
  readonly digest: string;
  readonly edits: readonly { readonly file: string; readonly before?: string; readonly after?: string }[];
  readonly written: readonly { readonly file: string; readonly backup?: string }[];
}

test('agents that are here are told from those that are not', () => {
  const found = JSON.parse(gatehouse('--json').stdout) as readonly { name: string; installed: boolean }[];
  assert.deepEqual(
    found.map(({ name, installed }) => [name, installed]),
    [
      ['claude-code', false],
      ['codex', true],
      ['cursor', false],
      ['cline', false],
    ],
  );
});

test('changes are shown, written under the digest that was seen, and taken out again', () => {
  const config = path.join(folder, '.codex', 'config.toml');
  const seen = JSON.parse(gatehouse('codex', '--dry-run', '--json').stdout) as Told;
  assert.deepEqual(
    seen.edits.map(({ file }) => path.basename(file)),
    ['config.toml', 'hooks.json'],
  );
  assert.deepEqual(seen.written, []);
  assert.ok(!existsSync(config));

  const stale = gatehouse('codex', '--yes', '0123456789abcdef');
  assert.equal(stale.status, 2);
  assert.match(stale.stderr, /changed meanwhile/);

  const told = JSON.parse(gatehouse('codex', '--yes', seen.digest, '--json').stdout) as Told;
  assert.equal(told.written.length, 2);
  assert.match(readFileSync(config, 'utf8'), /\[mcp_servers\.gatehouse\]/);
  assert.match(gatehouse().stdout, /Codex +connected here/);
  assert.match(gatehouse('codex').stdout, /Codex is connected: nothing to do/);

  assert.equal(gatehouse('codex', '--undo', '--yes').status, 0);
  assert.ok(!existsSync(path.join(folder, '.codex')));
});

test('without a terminal nobody agrees', () => {
  const { status, stderr, stdout } = gatehouse('cursor');
  assert.equal(status, 2);
  assert.match(stdout, /\+ +"gatehouse": \{/);
  assert.match(stderr, /A person agrees on a terminal; to write without one, pass --yes [0-9a-f]{16}/);
  assert.ok(!existsSync(path.join(folder, '.cursor')));
});

test('a file in the way is named, and the exit status says so', () => {
  mkdirSync(path.join(folder, '.cursor'));
  writeFileSync(path.join(folder, '.cursor', 'mcp.json'), '{ oops');
  const { status, stderr } = gatehouse('cursor', '--yes');
  assert.equal(status, 1);
  assert.match(stderr, /mcp\.json: it is no valid JSON \(line 1\)/);
});
