import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, before, describe, it } from 'node:test';
import type { RequestDecided } from '../recordings/entry.ts';
import { sampleDecided, sampleOpened } from '../recordings/entry-samples.ts';
import { openRecorder } from '../recordings/recorder.ts';
import type { Simulation } from '../simulate/simulation.ts';
import { type SampleFolder, sampleFolder, samplePolicy } from '../workspace/samples.ts';
import { momentOf } from './moments.ts';
import { gatehouse } from './test-command.ts';

let sample: SampleFolder;
const policyFile = '.gatehouse/policies/shop.policy.yaml';
const wider = samplePolicy.replace('[public.products]', '[public.products, public.orders]');

function asked(id: string, table: string, effect: RequestDecided['effect']): RequestDecided {
  const rule = {
    policy: 'shop',
    rule: 'read-products',
    effect,
    location: { file: policyFile, line: 6, column: 5 },
  };
  return {
    ...sampleDecided('s', id, `SELECT name FROM public.${table} WHERE id = ${id}`),
    effect,
    actions: [
      {
        kind: 'select',
        facts: { table: `public.${table}`, columns: ['name', 'id'] },
        effect,
        rules: effect === 'deny' ? [] : [rule],
      },
    ],
    limits: {},
  };
}

function git(...args: readonly string[]): void {
  const env = { ...process.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_CONFIG_SYSTEM: '/dev/null' };
  const who = ['-c', 'user.name=ann', '-c', 'user.email=ann@example.org', '-c', 'commit.gpgsign=false'];
  execFileSync('git', ['-C', sample.folder, ...who, ...args], { env });
}

before(async () => {
  sample = sampleFolder();
  git('init', '--quiet', '--initial-branch=main');
  git('add', '.gatehouse');
  git('commit', '--quiet', '-m', 'one');
  const recorder = await openRecorder(sample.state.records, { durability: 'written' });
  await recorder.append(sampleOpened('s'));
  for (const id of ['1', '2', '3']) await recorder.append(asked(id, 'products', 'allow'));
  for (const id of ['4', '5']) await recorder.append(asked(id, 'orders', 'deny'));
  await recorder.close();
});
after(() => sample.discard());

describe('gatehouse simulate', () => {
  it('says that nothing flips, with exit status 0', async () => {
    const { stdout, stderr, code } = await gatehouse(sample, ['simulate']);
    assert.equal(code, 0, stderr);
    assert.match(stdout, /^By the files as they stand, the requests since .* \(7d\): 5\n/);
    assert.match(stdout, /^ {2}5 {2}the same$/m);
    assert.equal(stderr, '');
  });

  it('tells what an edit newly allows by its rule, line and a statement, with exit status 1', async () => {
    sample.write(policyFile, wider);
    const { stdout, code } = await gatehouse(sample, ['simulate']);
    assert.equal(code, 1);
    assert.match(stdout, /^ {2}2 {2}newly allowed$/m);
    const [, told = ''] = stdout.split('Newly allowed\n');
    assert.match(
      told,
      /^ {2}2 {2}rule read-products of policy shop allows it {2}\.gatehouse\/policies\/shop\.policy\.yaml:6\n {6}SELECT name FROM public\.orders WHERE id = 4\n {8}deny → allow {2}claude on shop-db, .*, record 5, 2 like it\n/,
    );
  });

  it('tells the same as JSON, and by what stands on its input', async () => {
    sample.write(policyFile, samplePolicy);
    const input = JSON.stringify({ [policyFile]: wider });
    const { stdout, code } = await gatehouse(sample, ['simulate', '--texts', '--json'], { input });
    assert.equal(code, 1);
    const told = JSON.parse(stdout) as Simulation;
    assert.deepEqual(told.totals, { same: 3, allowed: 2, bounds: 0, held: 0, denied: 0, open: 0 });
    const [rule] = told.rules;
    assert.deepEqual(
      rule?.examples.map(({ seq, times }) => [seq, times]),
      [[5, 2]],
    );
    assert.deepEqual(told.rules, [
      {
        examples: rule?.examples,
        policy: 'shop',
        rule: 'read-products',
        effect: 'allow',
        file: policyFile,
        line: 6,
        hits: 5,
        changes: 2,
      },
    ]);
  });

  it('decides by a revision, and by another folder', async () => {
    sample.write(policyFile, wider);
    const byRevision = await gatehouse(sample, ['simulate', '--policy', 'HEAD']);
    assert.equal(byRevision.code, 0, byRevision.stderr);
    assert.match(byRevision.stdout, /^By HEAD \([0-9a-f]{7}\), /);
    const other = sampleFolder({ shop: samplePolicy.replace('[public.products]', '[public.nothing]') });
    try {
      const byFolder = await gatehouse(sample, [
        'simulate',
        '--policy',
        other.folder,
        '--rule',
        'read-products',
      ]);
      assert.equal(byFolder.code, 1, byFolder.stderr);
      assert.match(byFolder.stdout, /^ {2}3 {2}newly denied$/m);
      assert.match(byFolder.stdout, /rule read-products of policy shop no longer allows it/);
    } finally {
      other.discard();
    }
  });

  it('says why it cannot run, with exit status 2', async () => {
    for (const [args, words] of [
      [['--since', 'yesterday'], /"yesterday" is no time/],
      [['--policy', 'nowhere'], /No revision is named "nowhere"/],
      [['--resource', 'other'], /declare no resource other\. There are: shop-db/],
    ] as const) {
      const { code, stderr } = await gatehouse(sample, ['simulate', ...args]);
      assert.equal(code, 2);
      assert.match(stderr, words);
    }
    sample.write(policyFile, 'rules: [');
    const broken = await gatehouse(sample, ['simulate']);
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /have errors, so nothing can be decided by them/);
  });
});

describe('a time', () => {
  it('is told by how long ago it was, or by a date', () => {
    const now = Date.parse('2026-05-20T12:00:00.000Z');
    const of = (text: string) => momentOf(text, now).toISOString();
    assert.equal(of('7d'), '2026-05-13T12:00:00.000Z');
    assert.equal(of('90d'), '2026-02-19T12:00:00.000Z');
    assert.equal(of('30m'), '2026-05-20T11:30:00.000Z');
    assert.equal(of('2026-05-04'), '2026-05-04T00:00:00.000Z');
    assert.throws(() => of('2026'), { code: 'usage' });
  });
});
