import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, beforeEach, describe, it } from 'node:test';
import { type SampleFolder, sampleFolder, samplePolicy, sampleWorkspace } from '../workspace/samples.ts';
import { sampleDecided, sampleOpened } from '../recordings/entry-samples.ts';
import { openRecorder } from '../recordings/recorder.ts';
import type { Simulation } from '../simulate/simulation.ts';
import { gatehouse } from './test-command.ts';

const policyFile = '.gatehouse/policies/shop.policy.yaml';
const testFile = '.gatehouse/tests/shop.test.yaml';

const tests = `gatehouse: v1
kind: Test
cases:
  - name: products are read
    resource: shop-db
    principal: { agent: claude }
    request: select * from products
    expect: { decision: allow }
  - name: "@admin | <b>orders</b> are not"
    resource: shop-db
    principal: { agent: claude }
    request: select * from orders
    expect: { decision: deny }
`;
const wider = samplePolicy.replace('[public.products]', '[public.products, public.orders]');

let sample: SampleFolder;

function git(folder: string, ...args: readonly string[]): string {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.org', '-c', 'commit.gpgsign=false'];
  return execFileSync('git', ['-C', folder, ...who, ...args], { env, encoding: 'utf8' });
}

before(() => {
  sample = sampleFolder();
  mkdirSync(path.join(sample.folder, '.gatehouse/tests'));
  sample.write(testFile, tests);
  const root = path.dirname(sample.folder);
  git(root, 'init', '--quiet', '--initial-branch=main');
  git(root, 'add', 'shop/.gatehouse');
  git(root, 'commit', '--quiet', '-m', 'one');
});
beforeEach(() => {
  sample.write(policyFile, samplePolicy);
  sample.write(testFile, tests);
  sample.write('.gatehouse/gatehouse.yaml', sampleWorkspace);
});
after(() => sample.discard());

const all = ['--fail-on', 'loosened', 'findings', 'tests'];

describe('gatehouse summary', () => {
  it('passes what only tightens, and shows what it denies', async () => {
    sample.write(policyFile, samplePolicy.replace('[drop]', '[drop, select]'));
    sample.write(testFile, tests.replace('decision: allow', 'decision: deny'));
    const { stdout, code } = await gatehouse(sample, ['summary', 'HEAD', ...all]);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /^<!-- gatehouse-summary shop -->\n\n## Gatehouse: ↓ stricter\n/);
    assert.match(stdout, /### Newly denied\n\n```sql\nSELECT \* FROM public\.products\n```/);
    assert.match(stdout, /\| ✓ \| tests \| 2 passed \|/);
  });

  it('fails what loosens, with a smallest request, the tests that fail, and no mention of anybody', async () => {
    sample.write(policyFile, wider);
    const { stdout, stderr, code } = await gatehouse(sample, ['summary', 'HEAD', ...all]);
    assert.equal(code, 1);
    assert.match(stdout, /## Gatehouse: ↑ looser/);
    assert.match(stdout, /### Newly allowed\n\n```sql\nSELECT \* FROM public\.orders\n```/);
    assert.match(stdout, /\| ✗ \| tests \| 1 of 2 failed \|/);
    assert.match(stdout, /\| <code>&#64;admin &#124; &#60;b&#62;orders&#60;\/b&#62; are not<\/code> \|/);
    assert.doesNotMatch(stdout, /@|<b>/);
    assert.match(stderr, /allows more.*; tests of policies failed/);
    assert.equal((await gatehouse(sample, ['summary', 'HEAD'])).code, 0);
    assert.equal((await gatehouse(sample, ['summary', 'HEAD', '--fail-on', 'findings'])).code, 0);
  });

  it('tells of what a person must accept in gatehouse.yaml', async () => {
    sample.write('.gatehouse/gatehouse.yaml', sampleWorkspace.replace('port: 5432', 'port: 6000'));
    const { stdout, code } = await gatehouse(sample, ['summary', 'HEAD', ...all]);
    assert.equal(code, 1);
    assert.match(stdout, /## Gatehouse: = same meaning, ↑ and gatehouse\.yaml/);
    assert.match(stdout, /a person must accept \| <code>resource shop-db: port: 5432 → 6000<\/code>/);
  });

  it('fails closed where the files have errors', async () => {
    sample.write(policyFile, samplePolicy.replace('effect: deny', 'effect: "``` @all"'));
    const { stdout, code } = await gatehouse(sample, ['summary', 'HEAD', '--fail-on', 'loosened']);
    assert.equal(code, 1);
    assert.match(stdout, /## Gatehouse: ✗ not compared/);
    assert.match(stdout, /\| ✗ \| check \| 1 error \|/);
    assert.match(stdout, /^````+text\n/m);
  });

  it('shows masks and several parts of a change, each by what holds for the whole', async () => {
    sample.write(
      policyFile,
      `${wider.replace('[drop]', '[drop, delete]')}masks:\n  - { columns: [public.products.cost], with: redact }\nlimits: { rows: 10 }\n`,
    );
    const { stdout, code } = await gatehouse(sample, ['diff', 'HEAD', '--format', 'markdown']);
    assert.equal(code, 1);
    assert.match(stdout, /### Newly allowed/);
    assert.match(stdout, /### Newly masked[\s\S]*is not masked[\s\S]*redact/);
    assert.match(stdout, /### Smaller limits/);
    assert.doesNotMatch(stdout, /### Newly denied/, 'what is denied was denied before');
    assert.match(stdout, /### What changed\n\n\| {2}\| part \| change \| by itself \| where \|/);
  });

  it('tells of recorded traffic by a simulation', async () => {
    const simulation: Simulation & { policy: string } = {
      policy: 'the files as they stand',
      since: '2026-03-01T00:00:00.000Z',
      requests: 1200,
      totals: { allowed: 3, bounds: 0, held: 0, denied: 0, same: 1190, open: 7 },
      flips: [
        {
          flip: 'allowed',
          cause: { kind: 'rule', name: 'read-products', policy: 'shop', side: 'now' },
          requests: 3,
          examples: [
            {
              seq: 1,
              at: '2026-03-02T00:00:00.000Z',
              text: 'select * from orders -- @admin',
              agent: 'claude',
              resource: 'shop-db',
              before: 'deny',
              after: 'allow',
              reason: 'allowed',
              times: 3,
            },
          ],
        },
      ],
      open: [],
      rules: [],
    };
    const file = path.join(sample.stateRoot, 'traffic.json');
    mkdirSync(sample.stateRoot, { recursive: true });
    writeFileSync(file, JSON.stringify(simulation));
    const { stdout, code } = await gatehouse(sample, ['summary', 'HEAD', '--simulation', file]);
    assert.equal(code, 0);
    assert.match(stdout, /### Recorded traffic\n\n1200 requests since/);
    assert.match(stdout, /1,190 have the same answer, and for 7 the record does not say enough/);
    assert.match(
      stdout,
      /\| ↑ newly allowed \| 3 \| <code>shop\/read-products<\/code> \| <code>select &#42; from orders/,
    );
    assert.doesNotMatch(stdout, /@/);
    writeFileSync(file, '{"requests":"many"}');
    const wrong = await gatehouse(sample, ['summary', 'HEAD', '--simulation', file]);
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /does not hold what `gatehouse simulate --json` writes/);
  });

  it('tells of the traffic that was recorded here', async () => {
    const none = await gatehouse(sample, ['summary', 'HEAD', '--since', '7d']);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /Nothing is recorded/);
    const recorder = await openRecorder(sample.state.records, { durability: 'written' });
    await recorder.append(sampleOpened('s'));
    for (const id of ['1', '2']) {
      const facts = { table: 'public.orders', columns: ['id'] };
      await recorder.append({
        ...sampleDecided('s', id, `SELECT id FROM public.orders WHERE id = ${id}`),
        effect: 'deny',
        actions: [{ kind: 'select', facts, effect: 'deny', rules: [] }],
        limits: {},
      });
    }
    await recorder.close();
    sample.write(policyFile, wider);
    const { stdout, stderr, code } = await gatehouse(sample, ['summary', 'HEAD', '--since', '30d']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /### Recorded traffic\n\n2 requests since/);
    assert.match(
      stdout,
      /\| ↑ newly allowed \| 2 \| <code>shop\/read-products<\/code> \| <code>SELECT id FROM public\.orders/,
    );
  });

  it('says how to fetch the base of a shallow clone', async () => {
    const root = path.dirname(sample.folder);
    const shallow = path.join(root, 'state', 'shallow');
    git(root, 'commit', '--quiet', '--allow-empty', '-m', 'two');
    git(root, 'clone', '--quiet', '--depth=1', `file://${root}`, shallow);
    const clone = { ...sample, folder: path.join(shallow, 'shop') };
    for (const args of [
      ['summary', 'HEAD~1'],
      ['diff', 'HEAD~1'],
    ]) {
      const { code, stderr } = await gatehouse(clone, args);
      assert.equal(code, 2);
      assert.match(stderr, /shallow clone.*fetch-depth: 0/);
    }
    assert.equal((await gatehouse(clone, ['check'])).code, 0);
    assert.equal((await gatehouse(clone, ['test'])).code, 0);
  });
});
