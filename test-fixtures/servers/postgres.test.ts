import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import pg from 'pg';
import { startPostgres } from './postgres.ts';

test('PostgreSQL 18 starts, logs in with a password over TCP, and leaves nothing behind', async () => {
  const server = await startPostgres({ database: 'shop' });
  try {
    assert.match(server.version, /^18\./);
    const client = new pg.Client({ ...server });
    await client.connect();
    const { rows } = await client.query('SELECT current_user, current_database()');
    assert.deepEqual(rows, [{ current_user: 'postgres', current_database: 'shop' }]);
    await client.end();
    const wrong = new pg.Client({ ...server, password: 'wrong' });
    await assert.rejects(wrong.connect(), { code: '28P01' });
    assert.deepEqual(await server.sql('SELECT session_user, current_user'), [
      { session_user: 'fixture_admin', current_user: 'postgres' },
    ]);
  } finally {
    await server.stop();
  }
  assert.equal(existsSync(server.socketFolder), false);
  assert.throws(() => process.kill(server.pid, 0), { code: 'ESRCH' });
});

test('the system’s PostgreSQL starts with TLS, md5 and settings', async () => {
  const server = await startPostgres({
    version: 'system',
    tls: true,
    auth: 'md5',
    settings: { work_mem: '5MB' },
  });
  try {
    const client = new pg.Client({ ...server, ssl: { ca: server.certPem, rejectUnauthorized: true } });
    await client.connect();
    const { rows } = await client.query('SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()');
    assert.deepEqual(rows, [{ ssl: true }]);
    assert.deepEqual((await client.query('SHOW work_mem')).rows, [{ work_mem: '5MB' }]);
    await client.end();
  } finally {
    await server.stop();
  }
});

test('a server that cannot start says why', async () => {
  await assert.rejects(startPostgres({ settings: { shared_buffers: 'much' } }), /shared_buffers/);
});
