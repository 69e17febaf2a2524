import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type SampleFolder, sampleFolder } from '../workspace/samples.ts';
import { sampleSession, writeSampleRecords } from './sample-records.ts';
import { gatehouse } from './test-command.ts';

/** Decides the sample's requests as they are recorded, but for the names of rules. */
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.customers] }
  - name: no-schema-changes
    effect: deny
    sql: { actions: [drop] }
    message: Schema changes go through a migration.
  - name: whole-table-writes-need-a-person
    effect: approve
    sql: { actions: [update] }
    when: "!request.sql.hasWhere"
    approval: { by: ["*"], within: 10m }
`;

let sample: SampleFolder;
before(async () => {
  sample = sampleFolder({ shop: policy });
  await writeSampleRecords(sample.state.records);
});
after(() => sample.discard());

describe('gatehouse test --capture', () => {
  it('writes tests of a session, refuses to write over them, and says what others decided', async () => {
    const made = await gatehouse(sample, ['test', '--capture', sampleSession.slice(0, 4)]);
    assert.equal(made.code, 0, made.stderr);
    assert.match(made.stdout, /5 tests written to \.gatehouse\/tests\/session-a1b2c3d4\.test\.yaml/);
    assert.match(made.stderr, /^decided otherwise now: select 1\/0$/m);
    const file = path.join(sample.folder, '.gatehouse/tests/session-a1b2c3d4.test.yaml');
    const text = readFileSync(file, 'utf8');
    assert.match(
      text,
      /name: drop table orders is denied for claude\n {4}request: \|-\n {6}drop table\n {8}orders\n/,
    );
    assert.match(text, /decision: approve\n {6}rules: \[shop\/whole-table-writes-need-a-person\]/);
    // Nothing of what the client saw, and nothing that turns a reader's eye.
    assert.doesNotMatch(text, /Lovelace|山田|redacted|(?!\n)\p{Cc}|\p{Cf}/u);
    const again = await gatehouse(sample, ['test', '--capture', sampleSession]);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /is there already\. Give another one with --out/);
    assert.equal(readFileSync(file, 'utf8'), text);
    const ran = await gatehouse(sample, ['test']);
    assert.match(ran.stdout, /✗ 5 tests: 4 passed, 1 failed/);
  });

  it('ends with 2 for a session that is not there, or of which nothing can be a test', async () => {
    const none = await gatehouse(sample, ['test', '--capture', 'zz']);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /No session zz is recorded/);
    const empty = await gatehouse(sample, ['test', '--capture', 'ffee']);
    assert.equal(empty.code, 2);
    assert.match(empty.stderr, /It has none/);
  });
});
