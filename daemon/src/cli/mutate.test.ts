import assert from 'node:assert/strict';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type SampleFolder, sampleFolder } from '../workspace/samples.ts';
import { writeSampleRecords } from './sample-records.ts';
import { gatehouse } from './test-command.ts';

const head = 'gatehouse: v1\nkind: Test\ncases:\n';
const one = `  - name: products may be read
    request: select * from products
    expect: { decision: allow }
`;

let sample: SampleFolder;
before(() => {
  sample = sampleFolder();
  mkdirSync(path.join(sample.folder, '.gatehouse/tests'));
});
after(() => sample.discard());

const write = (cases: string) => sample.write('.gatehouse/tests/shop.test.yaml', head + cases);

describe('gatehouse test --mutate', () => {
  it('lists what survives with its place, the change and a test, and scores rules, worst first', async () => {
    write(one);
    const { code, stdout } = await gatehouse(sample, ['test', '--mutate']);
    assert.equal(code, 0);
    assert.match(
      stdout,
      /‖ shop\/read-products survives: list widened {2}\.gatehouse\/policies\/shop\.policy\.yaml:8\n {4}- tables: .*\n {4}\+ tables: \["\*"\]\n {6}- name: /,
    );
    assert.match(stdout, /SCORE +KILLED +SURVIVED +SAME +OF +PLACE\n/);
    assert.match(stdout, /mutation score \d+ %: 1 test killed \d+ of \d+ mutants/);
  });

  it('is satisfied by the tests that it proposes, and holds the score against a threshold', async () => {
    write(one);
    const low = await gatehouse(sample, ['test', '--mutate', '--reporter', 'json', '--threshold', '100']);
    assert.equal(low.code, 1);
    const { mutants, score } = JSON.parse(low.stdout) as {
      mutants: readonly { outcome: string; test?: string }[];
      score: number;
    };
    assert.ok(score < 1);
    const proposed = new Set(mutants.flatMap(({ test }) => (test === undefined ? [] : [test])));
    write([one, ...proposed].join(''));
    const whole = await gatehouse(sample, ['test', '--mutate', '--threshold', '100']);
    assert.equal(whole.code, 0);
    assert.match(whole.stdout, /mutation score 100 %, at least 100 %/);
  });

  it('writes denied statements otherwise, of tests and of the record, and lists what passes', async () => {
    write(`${one}  - { name: no drops, request: drop table products, expect: { decision: deny } }\n`);
    await writeSampleRecords(sample.state.records);
    const held = await gatehouse(sample, ['test', '--mutate', '--since', '1d']);
    assert.equal(held.code, 0, held.stderr);
    assert.match(
      held.stdout,
      /✓ denied statements of 1 test and 2 recorded denials: \d+ ways to write them stay denied/,
    );
    sample.write(
      '.gatehouse/policies/loose.policy.yaml',
      `gatehouse: v1\nkind: Policy\nname: loose\napplies: { to: [shop-db] }\nrules:\n  - { name: all, effect: allow, sql: {} }\n  - { name: words, effect: deny, when: 'request.text.contains("gone")' }\n`,
    );
    const loose = await gatehouse(sample, ['test', '--mutate', '--reporter', 'json']);
    sample.remove('.gatehouse/policies/loose.policy.yaml');
    assert.equal(loose.code, 1);
    const { statements } = JSON.parse(loose.stdout) as { statements: { passed: readonly { how: string }[] } };
    assert.ok(statements.passed.some(({ how }) => how === 'upper case'));
  });

  it('mutates nothing while a test fails, and knows two ways to report', async () => {
    write(one.replace('allow', 'deny'));
    const failed = await gatehouse(sample, ['test', '--mutate']);
    assert.equal(failed.code, 1);
    assert.match(failed.stdout, /✗ products may be read/);
    assert.doesNotMatch(failed.stdout, /mutation/);
    const tap = await gatehouse(sample, ['test', '--mutate', '--reporter', 'tap']);
    assert.equal(tap.code, 2);
    assert.match(tap.stderr, /text or json/);
    assert.equal((await gatehouse(sample, ['test', '--mutate', '--threshold', 'x'])).code, 2);
  });
});
