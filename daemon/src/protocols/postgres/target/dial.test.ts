import assert from 'node:assert/strict';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { after, before, test } from 'node:test';
import { createSecureContext } from 'node:tls';
import { type CertificatePair, selfSigned } from '@gatehouse/test-fixtures/servers/certificate.ts';
import { type RunningPostgres, startPostgres } from '@gatehouse/test-fixtures/servers/postgres.ts';
import { TargetFault } from '../../../core/faults.ts';
import { acceptTls } from '../startup/accept-tls.ts';
import { decodeErrorFields, decodeRowDescription } from '../wire/backend-messages.ts';
import { BackendType } from '../wire/codes.ts';
import { FrameReader } from '../wire/frame-reader.ts';
import { encodeQuery } from '../wire/frontend-messages.ts';
import { cancelTarget } from './cancel.ts';
import { connect } from './connect.ts';
import { dialTarget } from './dial.ts';
import { startFake } from './fake-server.fixture.ts';
import type { DialOptions, Target, TargetTls } from './target-options.ts';

const methods = ['trust', 'password', 'md5', 'scram-sha-256'] as const;
const secret = 'a-Password-№-7';
let pair: CertificatePair;
let newest: RunningPostgres;
let older: RunningPostgres;
let withoutTls: RunningPostgres;
before(async () => {
  pair = selfSigned(['localhost', 'db.internal']);
  const hba = methods.flatMap((method) => [
    `host all "by ${method}" 127.0.0.1/32 ${method}`,
    `local all "by ${method}" ${method}`,
  ]);
  hba.push('host all prepared 127.0.0.1/32 scram-sha-256');
  [newest, older, withoutTls] = await Promise.all([
    startPostgres({ version: '18', tls: pair, hba }),
    startPostgres({ version: 'system', tls: pair, hba }),
    startPostgres({ version: '18', hba }),
  ]);
  for (const server of [newest, older, withoutTls]) {
    for (const method of methods) {
      await server.sql(
        `SET password_encryption = '${method === 'md5' ? 'md5' : 'scram-sha-256'}'; CREATE ROLE "by ${method}" LOGIN PASSWORD '${secret}'`,
      );
    }
  }
  await newest.sql(`CREATE ROLE prepared LOGIN PASSWORD E'\\u2168\\u00ADx'`);
});
after(() => Promise.all([newest?.stop(), older?.stop(), withoutTls?.stop()]));

const off: TargetTls = { mode: 'disable', negotiation: 'postgres' };
function verified(more: Partial<TargetTls> = {}): TargetTls {
  return { mode: 'verify-full', negotiation: 'postgres', caPem: pair.certPem, ...more };
}

function options(server: RunningPostgres, more: Partial<DialOptions> = {}): DialOptions {
  return {
    host: server.host,
    port: server.port,
    database: server.database,
    user: 'by scram-sha-256',
    password: async () => secret,
    tls: off,
    parameters: new Map([
      ['application_name', 'dial test'],
      ['client_encoding', 'UTF8'],
    ]),
    timeoutMs: 20_000,
    ...more,
  };
}

type Said = { readonly type: number; readonly bytes: Buffer };

/** Send a simple query and return the messages up to and with ReadyForQuery. */
async function ask(target: Target, query: string): Promise<Said[]> {
  const reader = new FrameReader({ bound: () => 1e6, streams: () => false });
  const said: Said[] = [];
  target.stream.write(encodeQuery(query));
  for await (const chunk of target.stream.iterator({ destroyOnReturn: false })) {
    reader.push(chunk as Buffer);
    while (reader.next()) {
      said.push({ type: reader.type, bytes: Buffer.from(reader.buffer.subarray(reader.start, reader.end)) });
    }
    if (said.at(-1)?.type === BackendType.ReadyForQuery) return said;
  }
  throw new Error('The server closed the connection.');
}

async function dialed<T>(how: DialOptions, use: (target: Target) => Promise<T> | T): Promise<T> {
  const target = await dialTarget(how);
  try {
    return await use(target);
  } finally {
    target.stream.destroy();
  }
}

async function fails(attempt: Promise<unknown>, code: TargetFault['code'], words: RegExp): Promise<void> {
  await assert.rejects(attempt, (error: unknown) => {
    assert.ok(error instanceof TargetFault, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    assert.ok(!error.message.includes(secret));
    return true;
  });
}

test('each authentication method, on both versions, in the clear, through TLS and over the unix socket', async () => {
  for (const server of [newest, older]) {
    for (const method of methods) {
      for (const place of [
        { tls: off },
        { tls: verified() },
        { host: server.socketFolder, tls: verified() },
      ]) {
        const how = options(server, { user: `by ${method}`, ...place });
        await dialed(how, (target) => {
          const overTcp = place.host === undefined;
          assert.equal(target.encrypted, overTcp && place.tls.mode !== 'disable');
          assert.equal(target.minor, server === newest ? 2 : 0);
          assert.equal(target.key.length, server === newest ? 32 : 4);
          assert.ok(target.pid > 0);
          assert.equal(target.transactionStatus, 'I');
          assert.equal(target.parameters.get('application_name'), 'dial test');
          assert.equal(target.parameters.get('client_encoding'), 'UTF8');
          assert.ok(target.parameters.get('server_version')?.startsWith(server.version));
          assert.equal(target.leftover.length, 0);
        });
        if (method === 'trust') continue;
        await fails(dialTarget({ ...how, password: async () => 'wrong' }), 'authentication-failed', /28P01/);
        await fails(
          dialTarget({ ...how, password: async () => undefined }),
          'authentication-failed',
          /has none/,
        );
      }
    }
  }
});

test('a password that SASLprep changes is the same password', async () => {
  for (const password of ['\u2168\u00adx', 'IXx']) {
    await dialed(options(newest, { user: 'prepared', password: async () => password }), (target) => {
      assert.ok(target.pid > 0);
    });
  }
});

test('the session works', async () => {
  await dialed(options(newest, { tls: verified() }), async (target) => {
    const said = await ask(target, 'select current_user, 1 as one');
    assert.deepEqual(
      said.map((each) => String.fromCharCode(each.type)),
      ['T', 'D', 'C', 'Z'],
    );
    const fields = decodeRowDescription(said[0]?.bytes ?? Buffer.alloc(0));
    assert.deepEqual(
      fields.map((field) => field.name),
      ['current_user', 'one'],
    );
    assert.ok(said[1]?.bytes.includes('by scram-sha-256'));
  });
});

test('TLS modes: what each one verifies', async () => {
  const stranger = selfSigned().certPem;
  const good: TargetTls[] = [
    verified(),
    verified({ mode: 'verify-ca', serverName: 'other.example' }),
    verified({ serverName: 'db.internal' }),
    { mode: 'require', negotiation: 'postgres' },
    { mode: 'require', negotiation: 'postgres', caPem: pair.certPem, serverName: 'other.example' },
    verified({ negotiation: 'direct' }),
  ];
  for (const tls of good) {
    await dialed(options(newest, { tls }), (target) =>
      assert.equal(target.encrypted, true, JSON.stringify(tls.mode)),
    );
  }
  await fails(
    dialTarget(options(newest, { tls: verified({ serverName: 'other.example' }) })),
    'tls-unverified',
    /not for "other\.example"/,
  );
  await fails(
    dialTarget(options(newest, { tls: verified({ caPem: stranger }) })),
    'tls-unverified',
    /tls: \{ ca: FILE \}/,
  );
  await fails(
    dialTarget(options(newest, { tls: verified({ mode: 'verify-ca', caPem: stranger }) })),
    'tls-unverified',
    /cannot be verified/,
  );
  await fails(
    dialTarget(options(newest, { tls: verified({ mode: 'require', caPem: stranger }) })),
    'tls-unverified',
    /cannot be verified/,
  );
  const bySystem: TargetTls = { mode: 'verify-full', negotiation: 'postgres' };
  await fails(dialTarget(options(newest, { tls: bySystem })), 'tls-unverified', /cannot be verified/);
  await fails(dialTarget(options(withoutTls, { tls: verified() })), 'tls-refused', /offers no TLS/);
  await fails(
    dialTarget(options(older, { tls: verified({ negotiation: 'direct' }) })),
    'tls-refused',
    /negotiation: postgres/,
  );
  await cancelRefused(stranger);
});

async function cancelRefused(caPem: string): Promise<void> {
  await fails(
    cancelTarget(options(newest, { tls: verified({ caPem }) }), 1, Buffer.alloc(4)),
    'tls-unverified',
    /cannot be verified/,
  );
}

/**
 * Somebody in between with a certificate of his own, to whom `require` talks. He passes everything on, but takes the
 * offer of channel binding away if `strip`.
 */
async function inBetween(server: RunningPostgres, strip: boolean) {
  const own = selfSigned();
  const context = createSecureContext({ cert: own.certPem, key: own.keyPem });
  const offer = Buffer.from('SCRAM-SHA-256-PLUS\0SCRAM-SHA-256\0\0');
  return startFake(async (socket: Socket) => {
    await once(socket, 'data');
    socket.removeAllListeners('data').pause();
    socket.write('S');
    const client = await acceptTls(socket, context);
    if (client === undefined) return;
    const { stream } = await connect(options(server, { tls: verified() }), new AbortController().signal);
    socket.once('close', () => stream.destroy());
    stream.once('close', () => client.end());
    client.on('data', (chunk) => stream.write(chunk));
    stream.on('data', (chunk: Buffer) => {
      const at = strip ? chunk.indexOf(offer) : -1;
      if (at < 0) return client.write(chunk);
      const without = Buffer.from('R\0\0\0\0\0\0\0\nSCRAM-SHA-256\0\0', 'latin1');
      without.writeUInt32BE(without.length - 1, 1);
      client.write(Buffer.concat([chunk.subarray(0, at - 9), without]));
    });
  });
}

test('channel binding: nobody in between can use the login, even where TLS is not verified', async () => {
  for (const [strip, words] of [
    [false, /channel binding check failed.*in between/],
    [true, /channel binding negotiation error.*in between/],
  ] as const) {
    const relay = await inBetween(newest, strip);
    try {
      const how = options(newest, { port: relay.port, tls: { mode: 'require', negotiation: 'postgres' } });
      await fails(dialTarget(how), 'authentication-failed', words);
      await dialed({ ...how, user: 'by password' }, (target) => assert.equal(target.encrypted, true));
    } finally {
      await relay.close();
    }
  }
});

test('cancel stops what the session is doing, with the right key only', async () => {
  for (const server of [newest, older]) {
    for (const tls of [off, verified()]) {
      const how = options(server, { tls });
      await dialed(how, async (target) => {
        const asked = ask(target, 'select pg_sleep(60)');
        const active = async () => {
          const rows = await server.sql(
            `SELECT state, wait_event FROM pg_stat_activity WHERE pid = ${target.pid}`,
          );
          return rows[0]?.state === 'active' && rows[0]?.wait_event === 'PgSleep';
        };
        while (!(await active()));
        const wrong = Buffer.from(target.key);
        wrong[0] = (wrong[0] ?? 0) ^ 1;
        await cancelTarget(how, target.pid, wrong);
        assert.equal(await active(), true);
        await cancelTarget(how, target.pid, target.key);
        const said = await asked;
        const error = said.find((each) => each.type === BackendType.ErrorResponse);
        assert.equal(decodeErrorFields(error?.bytes ?? Buffer.alloc(0)).C, '57014');
      });
    }
  }
});

test('what the server says of the login', async () => {
  await fails(
    dialTarget(options(newest, { database: 'nowhere' })),
    'refused',
    /"nowhere" does not exist.*resource's database/,
  );
  await fails(dialTarget(options(newest, { user: 'stranger' })), 'authentication-failed', /pg_hba\.conf/);
  await fails(
    dialTarget(options(newest, { parameters: new Map([['no_such_setting', '1']]) })),
    'refused',
    /no_such_setting/,
  );
});
