import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { type Client, startClient } from '../client.fixture.ts';
import { listTests, type RunTestsParams, runTests, type TestFolder, testsChanged } from './tests.ts';

const policyFile = '.gatehouse/policies/shop.policy.yaml';
const testFile = '.gatehouse/tests/shop.test.yaml';
const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: localhost, database: shop, user: rw }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
    when: principal.agent == "a" && now.getHours("UTC") < 20
`;
const tests = `gatehouse: v1
kind: Test
cases:
  - { name: reads, request: select * from orders, principal: { agent: a }, expect: { decision: allow } }
matrices:
  - name: who
    principals: [{ name: b, agent: b }]
    requests: [{ name: read, request: select * from orders }]
    expect: { read: { b: allow } }
`;

let client: Client;
before(async () => {
  client = await startClient({
    files: { '.gatehouse/gatehouse.yaml': workspace, [policyFile]: policy, [testFile]: tests },
  });
});
after(() => client.stop());

const folder = (): string => pathToFileURL(client.root).toString();
const list = (): Promise<readonly TestFolder[]> => client.connection.sendRequest(listTests);
const run = (more: Partial<RunTestsParams> = {}) =>
  client.connection.sendRequest(runTests, { folder: folder(), ...more });
const outcomes = async (
  more: Partial<RunTestsParams> = {},
): Promise<readonly (readonly [string, string])[]> =>
  (await run(more)).results.map(({ id, outcome }) => [id, outcome]);

test('tests are listed with their places', async () => {
  const [found] = await list();
  assert.equal(found?.uri, folder());
  const [file] = found?.files ?? [];
  assert.deepEqual([file?.uri, file?.label], [client.uri(testFile), 'shop.test.yaml']);
  assert.deepEqual(
    file?.cases.map(({ id, name, matrix, range }) => [id, name, matrix, range.start]),
    [
      ['reads', 'reads', undefined, { line: 3, character: 4 }],
      ['who/read/b', 'read by b', 'who', { line: 8, character: 22 }],
    ],
  );
});

test('tests run, all or some; a failure says what differs and where, and coverage has places', async () => {
  const { results, coverage } = await run();
  assert.deepEqual(
    results.map(({ id, outcome }) => [id, outcome]),
    [
      ['reads', 'passed'],
      ['who/read/b', 'failed'],
    ],
  );
  const [difference] = results[1]?.differences ?? [];
  assert.deepEqual(
    [difference?.what, difference?.expected, difference?.actual],
    ['decision', 'allow', 'deny'],
  );
  assert.deepEqual(difference?.range.start, { line: 8, character: 22 });
  assert.match(results[1]?.explanation?.join('\n') ?? '', /shop\/read .*its condition is false/);
  assert.deepEqual(results[1]?.decidedBy, [], 'nothing decided but the default');
  const [rule] = coverage[0]?.rules ?? [];
  assert.equal(coverage[0]?.uri, client.uri(policyFile));
  assert.deepEqual([rule?.name, rule?.deciding, rule?.range.start.line], ['shop/read', 1, 5]);
  assert.deepEqual(
    rule?.condition.map(({ text, range, true: yes, false: no }) => [text, range.start.character, yes, no]),
    [
      ['principal.agent == "a" && now.getHours("UTC") < 20', 10, 1, 1],
      ['principal.agent == "a"', 10, 1, 1],
      ['now.getHours("UTC") < 20', 36, 1, 0],
    ],
  );
  assert.deepEqual(await outcomes({ tests: [{ uri: client.uri(testFile), id: 'reads' }] }), [
    ['reads', 'passed'],
  ]);
  assert.deepEqual(await outcomes({ folder: 'file:///nowhere' }), []);
});

test('text that nobody saved counts, and the client is told that it changed', async () => {
  await client.open(policyFile, policy);
  const told = new Promise<void>((resolve) => {
    client.connection.onNotification(testsChanged, () => resolve());
  });
  await client.change(policyFile, policy.replace('effect: allow', 'effect: deny'));
  await told;
  assert.deepEqual(await outcomes(), [
    ['reads', 'failed'],
    ['who/read/b', 'failed'],
  ]);
  const { results } = await run();
  const [by] = results[0]?.decidedBy ?? [];
  assert.deepEqual(
    [by?.name, by?.uri, by?.range.start],
    ['shop/read', client.uri(policyFile), { line: 5, character: 10 }],
  );
});

test('a broken policy lets no test tell anything, and a broken test file says so', async () => {
  await client.change(policyFile, `${policy}oops: 1\n`);
  const { results } = await run();
  assert.equal(results[0]?.outcome, 'broken');
  assert.match(results[0]?.message ?? '', /shop\.policy\.yaml:10: Unknown key `oops`/);
  await client.close(policyFile);
  await client.open(testFile, tests.replace('request:', 'requst:'));
  const [file] = (await list())[0]?.files ?? [];
  assert.deepEqual(file?.cases, []);
  assert.match(file?.problem?.message ?? '', /Did you mean `request`/);
});
