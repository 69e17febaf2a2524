import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { after, test } from 'node:test';
import { setTimeout } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { CancellationToken, InlayHint } from 'vscode-languageserver';
import { type Client, pulling, startClient } from '../client.fixture.ts';
import type { SimulateRequest } from './traffic.ts';

const policyFile = '.gatehouse/policies/shop.policy.yaml';
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
  - name: read-shop
    effect: allow
    sql: { actions: [select], tables: [public.orders] }
`;

const clients: Client[] = [];
after(async () => {
  for (const client of clients) await client.stop();
});

/** A client that counts the characters of the policy as hits. */
async function counting(initializationOptions: object = { traffic: 'client', command: [] }) {
  const client = await startClient({
    files: { '.gatehouse/gatehouse.yaml': workspace, [policyFile]: policy },
    capabilities: { ...pulling, workspace: { ...pulling.workspace, inlayHint: { refreshSupport: true } } },
    initializationOptions,
  });
  clients.push(client);
  const events = new EventEmitter();
  const asked: { readonly params: SimulateRequest; readonly token: CancellationToken }[] = [];
  client.connection.onRequest('gatehouse/simulate', (params: SimulateRequest, token) => {
    asked.push({ params, token });
    events.emit('asked');
    const [file] = params.files;
    if (file?.text.includes('slow') === true) {
      return new Promise((resolve) => {
        token.onCancellationRequested(() => {
          events.emit('cancelled');
          resolve(null);
        });
      });
    }
    if (file?.text.includes('broken') === true) return { kind: 'broken', problems: ['it is'] };
    const rule = { policy: 'shop', rule: 'read-shop', hits: file?.text.length, changes: 0, examples: [] };
    return { kind: 'simulated', requests: 10_000, rules: [rule] };
  });
  client.connection.onRequest('workspace/inlayHint/refresh', () => {
    events.emit('refresh');
    return null;
  });
  const labels = async (): Promise<readonly string[]> => {
    const hints: InlayHint[] | null = await client.connection.sendRequest('textDocument/inlayHint', {
      textDocument: { uri: client.uri(policyFile) },
      range: { start: { line: 0, character: 0 }, end: { line: 99, character: 0 } },
    });
    return (hints ?? []).map(({ label }) => String(label)).filter((label) => label.includes('hit'));
  };
  /** The server says when there are others, and at other times too. */
  const until = async (...wanted: readonly string[]): Promise<void> => {
    while (!isDeepStrictEqual(await labels(), wanted)) await setTimeout(20);
  };
  return { client, events, asked, labels, until };
}

test('hints follow the text as it stands, once the keys rest', async () => {
  const { client, events, asked, labels, until } = await counting();
  assert.deepEqual(await labels(), []);
  const told = once(events, 'refresh');
  await client.open(policyFile, policy);
  await told;
  await until(` 7 days: ${policy.length} hits`);
  assert.deepEqual(asked.at(-1)?.params.files, [{ path: policyFile, text: policy }]);
  assert.equal(asked.at(-1)?.params.folder, client.uri('.').replace(/\/$/, ''));
  for (const added of ['# a', '# ab', '# abc']) await client.change(policyFile, `${policy}${added}\n`);
  await until(` 7 days: ${policy.length + 6} hits`);
  const texts = asked.map(({ params }) => params.files[0]?.text ?? '');
  assert.ok(!texts.some((text) => /# ab?\n/.test(text)), 'nobody is asked between two keys');
});

test('a question that further typing overtakes is cancelled; hints go while the text has errors', async () => {
  const { client, events, until } = await counting();
  const asked = once(events, 'asked');
  await client.open(policyFile, `${policy}# slow\n`);
  await asked;
  const cancelled = once(events, 'cancelled');
  await client.change(policyFile, policy);
  await cancelled;
  await until(` 7 days: ${policy.length} hits`);
  await client.change(policyFile, `${policy}# broken\n`);
  await until();
});

test('the client may say that there is another answer', async () => {
  const { client, events, asked, until } = await counting();
  await client.open(policyFile, policy);
  await until(` 7 days: ${policy.length} hits`);
  const before = asked.length;
  const again = once(events, 'asked');
  await client.connection.sendNotification('gatehouse/trafficChanged');
  await again;
  assert.equal(asked.length, before + 1);
});
