import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { type SampleFolder, sampleFolder, samplePolicy } from '../workspace/samples.ts';
import { gatehouse } from './test-command.ts';

const policyFile = '.gatehouse/policies/shop.policy.yaml';
const untidy = samplePolicy
  .replace('effect: allow', 'effect:    allow   # why')
  .replace('{ to: [shop-db] }', '{to: [shop-db]}');
const tidy = samplePolicy.replace('effect: allow', 'effect: allow # why');

let sample: SampleFolder;
beforeEach(() => {
  sample = sampleFolder();
});
afterEach(() => sample.discard());

const read = (file = policyFile): string => readFileSync(path.join(sample.folder, file), 'utf8');

describe('gatehouse fmt', () => {
  it('lays out what is untidy, keeps comments, and has nothing to do the second time', async () => {
    sample.write(policyFile, untidy);
    const first = await gatehouse(sample, ['fmt']);
    assert.deepEqual([first.code, first.stdout], [0, `laid out ${policyFile}\n`]);
    assert.equal(read(), tidy);
    const second = await gatehouse(sample, ['fmt']);
    assert.deepEqual([second.code, second.stdout], [0, '2 files, nothing to change\n']);
  });

  it('with --check lists files, changes none and exits with 1', async () => {
    sample.write(policyFile, untidy);
    const { code, stdout } = await gatehouse(sample, ['fmt', '--check']);
    assert.equal(code, 1);
    assert.equal(stdout, `would lay out ${policyFile}\n1 of 2 files; \`gatehouse fmt\` lays out\n`);
    assert.equal(read(), untidy);
  });

  it('takes files and folders', async () => {
    sample.write(policyFile, untidy);
    const other = await gatehouse(sample, ['fmt', '--check', '.gatehouse/gatehouse.yaml']);
    assert.deepEqual([other.code, other.stdout], [0, '1 file, nothing to change\n']);
    const folder = await gatehouse(sample, [
      'fmt',
      '--check',
      path.join(sample.folder, '.gatehouse/policies'),
    ]);
    assert.equal(folder.code, 1);
    for (const [given, words] of [
      ['nowhere.yaml', /There is no file nowhere\.yaml/],
      ['../state', /no \.gatehouse folder/],
    ] as const) {
      const { code, stderr } = await gatehouse(sample, ['fmt', given]);
      assert.equal(code, 2);
      assert.match(stderr, words);
    }
  });

  it('refuses a file with syntax errors, and lays out the others', async () => {
    sample.write('.gatehouse/policies/bad.policy.yaml', 'a: [1\n');
    sample.write(policyFile, untidy);
    const { code, stderr } = await gatehouse(sample, ['fmt']);
    assert.equal(code, 2);
    assert.match(stderr, /^error: \.gatehouse\/policies\/bad\.policy\.yaml:\d+:\d+: /m);
    assert.equal(read('.gatehouse/policies/bad.policy.yaml'), 'a: [1\n');
    assert.equal(read(), tidy);
  });

  it('lays out standard input', async () => {
    const { code, stdout } = await gatehouse(sample, ['fmt', '--stdin'], { input: untidy });
    assert.deepEqual([code, stdout], [0, tidy]);
    const checked = await gatehouse(sample, ['fmt', '--stdin', '--check'], { input: untidy });
    assert.deepEqual([checked.code, checked.stdout], [1, '']);
    const broken = await gatehouse(sample, ['fmt', '--stdin'], { input: 'a: [1\n' });
    assert.deepEqual([broken.code, broken.stdout], [2, '']);
    assert.match(broken.stderr, /standard input:/);
  });
});
