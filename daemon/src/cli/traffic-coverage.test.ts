import assert from 'node:assert/strict';
import { mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type SampleFolder, sampleFolder } from '../workspace/samples.ts';
import { writeSampleRecords } from './sample-records.ts';
import { gatehouse } from './test-command.ts';

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: no-drops
    effect: deny
    sql: { actions: [drop] }
  - name: blind-updates
    effect: approve
    sql: { actions: [update] }
    when: >-
      !request.sql.hasWhere ||
      request.sql.inTransaction
    approval: { by: ["*"], within: 10m }
  - name: in-transactions
    effect: deny
    sql: { actions: [drop] }
    when: request.sql.inTransaction
  - name: no-grants
    effect: deny
    sql: { actions: [grant] }
`;
const tests = `gatehouse: v1
kind: Test
cases:
  - { name: no drops, request: drop table orders, expect: { decision: deny } }
`;

interface Told {
  readonly coverage: {
    readonly rules: readonly {
      readonly rule: string;
      readonly standing: string;
      readonly condition: readonly { readonly text: string; readonly standing: unknown }[];
    }[];
    readonly traffic: { readonly requests: number; readonly open: number };
  };
}

let sample: SampleFolder;
before(async () => {
  sample = sampleFolder({ shop: policy });
  mkdirSync(path.join(sample.folder, '.gatehouse/tests'));
  sample.write('.gatehouse/tests/shop.test.yaml', tests);
  await writeSampleRecords(sample.state.records);
});
after(() => sample.discard());

describe('gatehouse test --traffic', () => {
  it('tells what tests prove, what only the record shows, and what nobody has seen', async () => {
    const { code, stdout } = await gatehouse(sample, ['test', '--traffic', '--reporter', 'json']);
    assert.equal(code, 0);
    const { rules, traffic } = (JSON.parse(stdout) as Told).coverage;
    assert.deepEqual(
      rules.map(({ rule, standing }) => [rule, standing]),
      [
        ['no-drops', 'proven by tests'],
        ['blind-updates', 'only seen in traffic'],
        ['in-transactions', 'never seen'],
        ['no-grants', 'never seen'],
      ],
    );
    // Whether a transaction was open is not in the record: no answer of it counts, and what does not hang on it does.
    const answers = rules[1]?.condition.map(({ text, standing }) => [text, standing]);
    const never = { true: 'never seen', false: 'never seen' };
    assert.deepEqual(answers, [
      [
        '!request.sql.hasWhere ||\nrequest.sql.inTransaction'.replace('\n', ' '),
        { ...never, true: 'only seen in traffic' },
      ],
      ['!request.sql.hasWhere', { ...never, true: 'only seen in traffic' }],
      ['request.sql.inTransaction', never],
    ]);
    assert.deepEqual(rules[2]?.condition[0]?.standing, { true: 'never seen', false: 'proven by tests' });
    assert.equal(traffic.requests, 5);
    assert.equal(traffic.open, 1);
  });

  it('says it for people, and without a record too', async () => {
    const { stdout } = await gatehouse(sample, ['test', '--traffic']);
    assert.match(stdout, /shop\/blind-updates {3} +only seen in traffic, 1×/);
    assert.match(stdout, /traffic: 4 recorded requests; 1 more in part or not at all/);
    const late = await gatehouse(sample, ['test', '--traffic', '--since', '0m']);
    assert.match(late.stdout, /traffic: 0 recorded requests/);
  });

  it('fails below a threshold of one kind, and says which; refuses one that nothing is compared with', async () => {
    const low = await gatehouse(sample, [
      'test',
      '--threshold',
      'rules=20,answers=50',
      '--lcov',
      'lcov.info',
    ]);
    assert.equal(low.code, 1);
    assert.match(low.stderr, /^too little: 1 of 8 answers of conditions were seen, and 50 % is asked for/m);
    assert.doesNotMatch(low.stderr, /rules decided/);
    assert.equal((await gatehouse(sample, ['test', '--threshold', 'rules=20'])).code, 0);
    for (const wrong of ['rulez=1', 'rules=x', 'mutants=3', '101'])
      assert.equal((await gatehouse(sample, ['test', '--threshold', wrong])).code, 2, wrong);
    assert.equal((await gatehouse(sample, ['test', '--mutate', '--threshold', 'rules=1'])).code, 2);
    const written = readFileSync(path.join(sample.folder, 'lcov.info'), 'utf8');
    assert.match(written, /^BRDA:14,2,0,-$/m);
  });
});
