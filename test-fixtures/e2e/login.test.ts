import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { RawPostgres } from '../clients/raw-postgres.ts';
import { type RunningGate, startGate } from '../servers/gate.ts';
import { freePort, type RunningPostgres, startPostgres } from '../servers/postgres.ts';

const policy = `gatehouse: v1
kind: Policy
name: settings
applies: { to: ["*"] }
rules:
  - { name: reads, effect: allow, sql: { actions: [select, show] } }
  - { name: timeouts, effect: allow, sql: { actions: [set], parameters: [statement_timeout] } }
  - { name: asked, effect: approve, sql: { actions: [set], parameters: [lock_timeout] }, approval: { by: ["*"], within: 1m } }
`;

describe('settings that come with a login', () => {
  let server: RunningPostgres;
  let gate: RunningGate;
  before(async () => {
    server = await startPostgres({ database: 'shop' });
    const nobody = await freePort();
    gate = await startGate({
      resources: [
        { name: 'shop-db', server },
        { name: 'down-db', server: { ...server, port: nobody } },
      ],
      policies: { settings: policy },
    });
  });
  after(async () => {
    await gate?.stop();
    await server?.stop();
  });

  async function connect(resource: string, agent: string, options: string): Promise<RawPostgres> {
    const login = await gate.login(resource, agent);
    return RawPostgres.connect({ ...login, parameters: { TimeZone: 'Asia/Tokyo', options } });
  }

  function opened(agent: string) {
    return gate.line((line) => line.kind === 'session.opened' && line.principal.agent === agent);
  }

  async function textsOf(agent: string) {
    const session = await opened(agent);
    const own = gate.lines.filter((line) => line.kind === 'request.decided' && 'session' in session);
    return own.flatMap((line) =>
      line.kind === 'request.decided' && 'session' in session && line.session === session.session
        ? [`${line.effect} ${line.text}`]
        : [],
    );
  }

  test('are recorded before the server is dialled, and decided as SET', async () => {
    const client = await connect('shop-db', 'allowed', '-c statement_timeout=7s');
    assert.deepEqual(await client.rows('SHOW statement_timeout'), [['7s']]);
    await client.end();
    const session = await opened('allowed');
    assert.ok(session.kind === 'session.opened');
    assert.equal(session.client.settings?.statement_timeout, '7s');
    assert.equal(session.client.settings?.timezone, 'Asia/Tokyo');
    assert.deepEqual((await textsOf('allowed'))[0], "allow SET statement_timeout = '7s'");
  });

  test('are denied on the record, with the words for it', async () => {
    await assert.rejects(
      connect('shop-db', 'denied', '-c work_mem=1GB'),
      (error: Error & { code?: string }) => {
        assert.equal(error.code, '42501');
        return true;
      },
    );
    await gate.line((line) => line.kind === 'session.closed' && line.reason === 'a setting was denied');
    assert.deepEqual(await textsOf('denied'), ["deny SET work_mem = '1GB'"]);
  });

  test('wait for a person where the policy says so', async () => {
    const connecting = connect('shop-db', 'asked', '-c lock_timeout=3s');
    const asked = await gate.line((line) => line.kind === 'approval.asked');
    assert.ok(asked.kind === 'approval.asked');
    await gate.control.answer({ id: asked.approval, answer: 'approve' });
    const client = await connecting;
    assert.ok(client.greeting.some(({ type, body }) => type === 'N' && body.includes(asked.approval)));
    await client.end();
  });

  test('a server that cannot be reached is told in the record', async () => {
    await assert.rejects(connect('down-db', 'unlucky', ''), /ECONNREFUSED|reach|refused/i);
    const session = await opened('unlucky');
    assert.ok(session.kind === 'session.opened');
    const closed = await gate.line(
      (line) => line.kind === 'session.closed' && line.session === session.session,
    );
    assert.match(closed.kind === 'session.closed' ? closed.reason : '', /refused|reach/i);
  });
});
