import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Client, positionOf, startClient } from '@gatehouse/language-server/client.fixture.ts';
import type { CompletionList, Hover } from 'vscode-languageserver';
import { type RunningGate, startGate } from '../servers/gate.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';

const command = [process.execPath, fileURLToPath(new URL('../../daemon/src/cli/main.ts', import.meta.url))];

const policy = `gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [public.orders], columns: [to] }
`;

describe('an editor beside a running daemon', () => {
  let server: RunningPostgres;
  let gate: RunningGate;
  let client: Client;
  const file = '.gatehouse/policies/shop.policy.yaml';
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await server.sql(
      'CREATE TABLE orders (id bigint, total numeric); CREATE SCHEMA sales; CREATE TABLE sales.deals (name text)',
    );
    gate = await startGate({ resources: [{ name: 'shop-db', server }], policies: { shop: policy } });
    client = await startClient({
      root: gate.folder,
      initializationOptions: { command },
      env: { GATEHOUSE_STATE: gate.stateRoot },
    });
    await client.open(file, readFileSync(path.join(gate.folder, file), 'utf8'));
    await client.connection.sendRequest('gatehouse/refreshNames');
  });
  after(async () => {
    await client?.stop();
    await gate?.stop();
    await server?.stop();
  });

  const ask = <Result>(method: string, needle: string, into: number): Promise<Result> =>
    client.connection.sendRequest(method, {
      textDocument: { uri: client.uri(file) },
      position: positionOf(policy, needle, into),
    });

  test('completes the tables of the real database', async () => {
    const { items } = await ask<CompletionList>('textDocument/completion', 'public.orders', 3);
    const labels = items.map(({ label }) => label);
    for (const label of ['sales.deals', 'sales.*', 'public.*']) assert.ok(labels.includes(label), label);
  });

  test('completes the columns of the table that the rule names', async () => {
    const { items } = await ask<CompletionList>('textDocument/completion', '[to]', 3);
    const total = items.find(({ label }) => label === 'total');
    assert.equal(total?.detail, 'numeric, of public.orders');
    assert.ok(!items.some(({ label }) => label === 'name'));
  });

  test('shows the columns of a table', async () => {
    const { contents } = await ask<Hover>('textDocument/hover', 'public.orders', 3);
    assert.match(JSON.stringify(contents), /`total` \| numeric/);
  });
});
