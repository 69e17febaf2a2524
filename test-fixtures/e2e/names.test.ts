import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { connectControl } from '@gatehouse/daemon/control/client.ts';
import { statePaths } from '@gatehouse/daemon/workspace/state.ts';
import { type RunningGate, startGate } from '../servers/gate.ts';
import { freePort, type RunningPostgres, startPostgres } from '../servers/postgres.ts';

const policy = `gatehouse: v1
kind: Policy
name: nothing
applies: { to: ["*"] }
`;

describe('the names of what a resource holds', () => {
  let server: RunningPostgres;
  let gate: RunningGate;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    await server.sql(`
      CREATE TABLE orders (id bigint PRIMARY KEY, "Total.sum" numeric(10,2), gone int);
      ALTER TABLE orders DROP COLUMN gone;
      CREATE VIEW open_orders AS SELECT id FROM orders;
      CREATE SCHEMA sales;
      CREATE TABLE sales.deals (name text) PARTITION BY LIST (name);
    `);
    const nobody = await freePort();
    gate = await startGate({
      resources: [
        { name: 'shop-db', server },
        { name: 'down-db', server: { ...server, port: nobody } },
      ],
      policies: { nothing: policy },
    });
  });
  after(async () => {
    await gate?.stop();
    await server?.stop();
  });

  test('are its tables and views with their columns, as policies write them', async () => {
    assert.deepEqual(await gate.control.names('shop-db'), {
      partial: false,
      tables: [
        { name: 'public.open_orders', kind: 'view', columns: [{ name: 'id', type: 'bigint' }] },
        {
          name: 'public.orders',
          kind: 'table',
          columns: [
            { name: 'id', type: 'bigint' },
            { name: '"Total.sum"', type: 'numeric(10,2)' },
          ],
        },
        { name: 'sales.deals', kind: 'table', columns: [{ name: 'name', type: 'text' }] },
      ],
    });
  });

  test('are not told where the server does not answer, or where there is no such resource', async () => {
    await assert.rejects(gate.control.names('down-db'), /refused|reach/i);
    await assert.rejects(gate.control.names('shop-dbs'), /Did you mean shop-db/);
  });

  test('are not for agents', async () => {
    const { token } = await gate.token('shop-db');
    const state = statePaths(gate.folder, { ...process.env, GATEHOUSE_STATE: gate.stateRoot });
    const agent = await connectControl({ state, client: 'test', secret: token });
    try {
      await assert.rejects(agent.names('shop-db'), /An agent may not ask for names/);
    } finally {
      agent.close();
    }
  });
});
