import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
} from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';

/** A copy of this workspace, so that no test writes into the repository. */
const root = realpathSync(mkdtempSync(path.join(os.tmpdir(), 'gh-new-check-')));
const copy = path.join(root, 'policy-schema');
const here = fileURLToPath(new URL('../', import.meta.url));
mkdirSync(copy);
for (const part of ['package.json', 'scripts', 'src'])
  cpSync(path.join(here, part), path.join(copy, part), { recursive: true });
symlinkSync(path.join(here, '../node_modules'), path.join(root, 'node_modules'));
after(() => rmSync(root, { recursive: true, force: true }));

const checks = path.join(copy, 'src/check');
const listOf = (family: string): string => readFileSync(path.join(checks, family, 'checks.ts'), 'utf8');

function node(...args: readonly string[]): { readonly status: number | null; readonly words: string } {
  // A test of a test must not report to this one.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: copy, env, encoding: 'utf8' });
  return { status, words: stdout + stderr };
}

const newCheck = (...args: readonly string[]) => node('scripts/new-check.ts', ...args);

test('a new check gets a room with its rule, its tests and its page, and a line in order in its family', () => {
  const before = listOf('risk');
  const { status, words } = newCheck('risk', 'broad-something');
  assert.equal(status, 0, words);
  assert.match(words, /node policy-schema\/schema\/write\.ts/);
  const room = path.join(checks, 'risk/broad-something');
  for (const file of ['check.ts', 'check.test.ts', 'page.md'])
    assert.ok(existsSync(path.join(room, file)), file);
  const made = listOf('risk');
  const lines = made.split('\n');
  const added = lines.filter((line) => !before.split('\n').includes(line));
  assert.deepEqual(added, [
    "import { broadSomething } from './broad-something/check.ts';",
    '  broadSomething,',
  ]);
  assert.ok(lines.indexOf('  broadSomething,') > lines.indexOf('  broadFunctions,'));
  assert.ok(lines.indexOf('  broadSomething,') < lines.indexOf('  credentialCatalogs,'));
  assert.equal(lines.filter((line) => !added.includes(line)).join('\n'), before);
});

test('the tests of a new check fail until they hold sentences of their own, and find its rule', () => {
  assert.equal(newCheck('hygiene', 'still-to-write').status, 0);
  const { status, words } = node('--test', 'src/check/hygiene/still-to-write/check.test.ts');
  assert.equal(status, 1, words);
  assert.match(words, /write this sentence, and a policy with «marks»/);
  assert.match(words, /write this sentence, and a policy that the check must leave alone/);
});

test('a code that any family has is refused, and the list stays as it is', () => {
  const before = listOf('cost');
  for (const taken of ['allow-without-tables', 'bad-pattern']) {
    const { status, words } = newCheck('cost', taken);
    assert.equal(status, 1);
    assert.match(words, new RegExp(`\`${taken}\` is taken`));
  }
  assert.equal(listOf('cost'), before);
});

test('a code is lower-case words with hyphens between them', () => {
  for (const malformed of ['NoMessage', 'no_message', 'no-', '../risk/x', 'no--message', 'rule-2']) {
    const { status, words } = newCheck('cost', malformed);
    assert.equal(status, 1);
    assert.match(words, /is no code: write lower-case words/);
  }
});

test('a family that is not there is refused with those that are, and so is that of the language', () => {
  for (const family of ['style', 'language', '__proto__']) {
    const { status, words } = newCheck(family, 'some-code');
    assert.equal(status, 1);
    assert.match(words, /Families: correctness, dead-policy, risk, cost, hygiene, confusables\./);
    assert.ok(!existsSync(path.join(checks, family, 'some-code')));
  }
});

test('without a family and a code, or with more, it says what it takes', () => {
  for (const args of [[], ['cost'], ['cost', 'a-code', 'more']])
    assert.match(newCheck(...args).words, /npm run new-check -- FAMILY CODE/);
});
