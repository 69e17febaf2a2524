import assert from 'node:assert/strict';
import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import type { ConnectableName, Place } from './adapter.ts';
import { adapters } from './agents.ts';
import { disk, Receiptbook, writePlan } from './disk.ts';
import { planConnect, planDisconnect } from './plan.ts';

let root: string;
let place: Place;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'gh-connect-'));
  for (const name of ['home', 'shop', 'state']) mkdirSync(path.join(root, name));
  place = {
    scope: 'workspace',
    workspaceFolder: path.join(root, 'shop'),
    home: path.join(root, 'home'),
    platform: 'linux',
    env: {},
    program: ['/opt/gatehouse'],
  };
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const bookOf = (name: ConnectableName) =>
  new Receiptbook(path.join(root, 'state'), name, place.scope, place.workspaceFolder);
const connect = (name: ConnectableName) => {
  const book = bookOf(name);
  return writePlan(planConnect(adapters[name], place, disk, book.receipts()), book);
};
const disconnect = (name: ConnectableName) => {
  const book = bookOf(name);
  return writePlan(planDisconnect(adapters[name], place, disk, book.receipts()), book);
};
const at = (name: string) => path.join(root, name);

test('files and folders that were made go again, receipts with them', () => {
  connect('cursor');
  assert.deepEqual(readdirSync(at('shop/.cursor')).sort(), ['hooks.json', 'mcp.json']);
  assert.equal(readdirSync(at('state')).length, 1);
  disconnect('cursor');
  assert.deepEqual(readdirSync(at('shop')), []);
  assert.ok(!readdirSync(at('state')).some((name) => name.startsWith('cursor-')));
});

test('a hook that Cline runs can be run, and settings are for their owner alone', () => {
  connect('cline');
  assert.equal(statSync(at('shop/.clinerules/hooks/PreToolUse')).mode & 0o777, 0o755);
  assert.equal(statSync(at('home/.cline/data/settings/cline_mcp_settings.json')).mode & 0o777, 0o600);
});

test('a link to a file is followed, and its mode and its text are kept', () => {
  mkdirSync(at('home/dotfiles'));
  mkdirSync(at('shop/.cursor'));
  const real = at('home/dotfiles/mcp.json');
  writeFileSync(real, '{ "mcpServers": {} }\n', { mode: 0o644 });
  symlinkSync(real, at('shop/.cursor/mcp.json'));
  const written = connect('cursor');
  assert.ok(lstatSync(at('shop/.cursor/mcp.json')).isSymbolicLink());
  assert.match(readFileSync(real, 'utf8'), /"gatehouse"/);
  assert.equal(statSync(real).mode & 0o777, 0o644);
  const backup = written.find(({ file }) => file.endsWith('mcp.json'))?.backup ?? '';
  assert.equal(readFileSync(backup, 'utf8'), '{ "mcpServers": {} }\n');
  assert.equal(statSync(backup).mode & 0o777, 0o600);
  disconnect('cursor');
  assert.equal(readFileSync(real, 'utf8'), '{ "mcpServers": {} }\n');
  assert.deepEqual(readdirSync(at('shop/.cursor')), ['mcp.json']);
});

test('a file that changed after it was looked at stops all of it', () => {
  const book = bookOf('cursor');
  const plan = planConnect(adapters.cursor, place, disk, book.receipts());
  mkdirSync(at('shop/.cursor'));
  writeFileSync(at('shop/.cursor/hooks.json'), '{"version": 1}');
  assert.throws(
    () => writePlan(plan, book),
    /hooks\.json: it was changed meanwhile.* Nothing was written\.$/,
  );
  assert.deepEqual(readdirSync(at('shop/.cursor')), ['hooks.json']);
  assert.equal(book.receipts().size, 0);
});

test('what is no text is left alone', () => {
  mkdirSync(at('shop/.codex'));
  writeFileSync(at('shop/.codex/config.toml'), Buffer.from([0x61, 0xff, 0xfe]));
  const plan = planConnect(adapters.codex, place, disk, new Map());
  assert.match(plan.problems.join(), /config\.toml: it is no UTF-8 text/);
  assert.deepEqual(plan.edits, []);
  assert.ok(!existsSync(at('shop/.codex/hooks.json')));
});
