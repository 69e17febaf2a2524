import assert from 'node:assert/strict';
import { readFileSync, renameSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type SampleFolder, sampleFolder } from '../workspace/samples.ts';
import { gatehouse } from './test-command.ts';

const wide = `gatehouse: v1
kind: Policy
name: wide
applies: { to: ["*"] }
rules:
  # gatehouse-ignore broad-functions: nothing to see
  - name: read # every table
    effect: allow
    sql: { actions: [select] }
`;

let sample: SampleFolder;
let file: string;
beforeEach(() => {
  sample = sampleFolder();
  file = path.join(sample.folder, '.gatehouse/policies/wide.policy.yaml');
  writeFileSync(file, wide, { mode: 0o640 });
});
afterEach(() => sample.discard());

const withoutComment = wide.replace(/ {2}# gatehouse-ignore.*\n/, '');

describe('gatehouse check --fix', () => {
  it('makes the safe fixes, says what it did, and tells what is left', async () => {
    const { stdout, code } = await gatehouse(sample, ['check', '--fix']);
    assert.equal(readFileSync(file, 'utf8'), withoutComment);
    assert.equal(statSync(file).mode & 0o777, 0o640);
    assert.match(stdout, /wide\.policy\.yaml:6:\d+: fixed: Remove the comment \[ignore-unused\]/);
    assert.match(stdout, /warning: .*\[allow-without-tables\]\n {2}unsafe fix: Restrict it/);
    assert.equal(code, 0);
    assert.equal((await gatehouse(sample, ['check', '--strict'])).code, 1);
  });

  it('makes unsafe fixes only when told', async () => {
    await gatehouse(sample, ['check', '--fix', '--unsafe-fixes']);
    assert.match(readFileSync(file, 'utf8'), /name: read # every table[\s\S]*tables: \["public\.\*"\]/);
  });

  it('shows the changes as a patch, and writes nothing', async () => {
    const { stdout } = await gatehouse(sample, ['check', '--fix', '--diff']);
    assert.match(stdout, /^--- a\/\.gatehouse\/policies\/wide\.policy\.yaml$/m);
    assert.match(stdout, /^- {2}# gatehouse-ignore broad-functions: nothing to see$/m);
    assert.equal(readFileSync(file, 'utf8'), wide);
  });

  it('writes through no link, and then writes nothing at all', async () => {
    const outside = path.join(sample.folder, 'outside.yaml');
    renameSync(file, outside);
    symlinkSync(outside, file);
    const { stderr, code } = await gatehouse(sample, ['check', '--fix']);
    assert.equal(code, 2);
    assert.match(stderr, /no file of this workspace's own/);
    assert.equal(readFileSync(outside, 'utf8'), wide);
  });

  it('carries fixes and related places in JSON', async () => {
    const { stdout } = await gatehouse(sample, ['check', '--json']);
    const findings = stdout
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const found = findings.find(({ code }) => code === 'ignore-unused');
    assert.equal(found.fixes[0].safety, 'safe');
    assert.equal(found.fixes[0].edits[0].file, '.gatehouse/policies/wide.policy.yaml');
  });

  it('tells what a code stands for, and knows which one is meant', async () => {
    assert.match((await gatehouse(sample, ['check', '--explain', 'bad-pattern'])).stdout, /^# bad-pattern\n/);
    const { stderr, code } = await gatehouse(sample, ['check', '--explain', 'bad-patern']);
    assert.equal(code, 2);
    assert.match(stderr, /Did you mean bad-pattern\?/);
  });

  it('refuses options that go with --fix alone', async () => {
    const { stderr, code } = await gatehouse(sample, ['check', '--diff']);
    assert.equal(code, 2);
    assert.match(stderr, /go with --fix/);
  });
});
