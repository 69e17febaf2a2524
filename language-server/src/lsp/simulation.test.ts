import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import type { CodeLens } from 'vscode-languageserver';
import { type Client, positionOf, startClient } from '../client.fixture.ts';
import type { TryAnswer, TryLensArguments } from './simulation.ts';

const policyFile = '.gatehouse/policies/shop.policy.yaml';
const workspace = `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, host: localhost, database: shop, user: rw }
`;
const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db], agents: [copilot] }
rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
`;

let client: Client;
before(async () => {
  client = await startClient({ files: { '.gatehouse/gatehouse.yaml': workspace, [policyFile]: policy } });
  await client.open(policyFile, policy);
});
after(() => client.stop());

const attempt = (given: object): Promise<TryAnswer> =>
  client.connection.sendRequest('workspace/executeCommand', {
    command: 'gatehouse.try',
    arguments: [{ uri: client.uri(policyFile), ...given }],
  });
async function tried(given: object) {
  const answer = await attempt(given);
  assert.ok(answer.kind === 'tried');
  return answer;
}

test('a lens stands at the top and at each rule, with a request to begin with', async () => {
  const lenses: CodeLens[] = await client.connection.sendRequest('textDocument/codeLens', {
    textDocument: { uri: client.uri(policyFile) },
  });
  const tries = lenses.filter(({ command }) => command?.title === '▸ try');
  assert.deepEqual(
    tries.map(({ range }) => range.start),
    [{ line: 0, character: 0 }, positionOf(policy, 'read-shop')],
  );
  const given = tries[1]?.command?.arguments?.[0] as TryLensArguments;
  assert.deepEqual(given, {
    uri: client.uri(policyFile),
    rule: 'read-shop',
    sample: {
      text: 'SELECT * FROM public.orders WHERE id = 1 LIMIT 10',
      resource: 'shop-db',
      agent: 'copilot',
    },
  });
});

test('a request is decided on unsaved text, and tried again it follows the edits', async () => {
  const asked = { text: 'SELECT * FROM orders', agent: 'copilot' };
  const allowed = await tried(asked);
  assert.ok(allowed.tried.ok && allowed.tried.effect === 'allow');
  await client.change(policyFile, policy.replace('effect: allow', 'effect: deny'));
  const denied = await tried({ ...asked, again: true });
  assert.ok(denied.tried.ok && denied.tried.effect === 'deny');
  assert.match(denied.markdown, /^# ✗ Denied\n/);
  assert.match(denied.markdown, /shop\.policy\.yaml:6/);
  await client.change(policyFile, policy);
});

test('the last requests are kept beside the policy, newest first and each once, and Git leaves them out', async () => {
  await tried({ text: 'SELECT 1' });
  await tried({ text: 'SELECT 2', groups: ['dba'] });
  await tried({ text: 'SELECT 1' });
  const begin = await attempt({});
  assert.ok(begin.kind === 'begin');
  assert.deepEqual(begin.recent.slice(0, 2), [{ text: 'SELECT 1' }, { text: 'SELECT 2', groups: ['dba'] }]);
  assert.deepEqual(begin.resources, ['shop-db']);
  const folder = path.join(client.root, '.gatehouse/tries');
  assert.ok(existsSync(path.join(folder, 'shop.json')));
  assert.equal(readFileSync(path.join(folder, '.gitignore'), 'utf8'), '*\n');
});

test('a damaged file of last requests is as good as none', async () => {
  await client.write('.gatehouse/tries/shop.json', '{"text": 1}');
  const begin = await attempt({});
  assert.ok(begin.kind === 'begin');
  assert.deepEqual(begin.recent, []);
});

test('what is wrong with a try is said in words', async () => {
  await assert.rejects(attempt({ uri: client.uri('README.md') }), /policy file/);
  await assert.rejects(attempt({ text: 'SELECT 1', at: 'yesterday' }), /is a time such as/);
});
