import assert from 'node:assert/strict';
import { once } from 'node:events';
import net from 'node:net';
import type { Duplex } from 'node:stream';
import { after, before, test } from 'node:test';
import tls from 'node:tls';
import fc from 'fast-check';
import {
  createCa,
  createListenerCertificate,
  type KeyedCertificate,
} from '../../../identity/certificates.ts';
import { decodeErrorFields, decodeNegotiateProtocolVersion } from '../wire/backend-messages.ts';
import { encodePasswordMessage, encodeQuery } from '../wire/frontend-messages.ts';
import { encodeCancelRequest, encodeSSLRequest, encodeStartupMessage } from '../wire/startup-packets.ts';
import { answer, goodToken, type ScriptedServer, startScripted } from './scripted-server.fixture.ts';

let ca: KeyedCertificate;
let certificate: KeyedCertificate;
let plain: ScriptedServer;
let secured: ScriptedServer;
before(async () => {
  ca = await createCa(new Date());
  certificate = await createListenerCertificate(ca, new Date());
  plain = await startScripted({ resource: 'shop-db' });
  secured = await startScripted({
    tls: tls.createSecureContext({ cert: certificate.certPem, key: certificate.keyPem }),
  });
});
after(async () => {
  await plain?.close();
  await secured?.close();
});

const gssRequest = Buffer.from('0000000804d21630', 'hex');
const user = new Map([
  ['user', 'agent'],
  ['database', 'shop'],
]);

/** Also after an error, for which `once` would reject. */
function gone(stream: Duplex): Promise<void> {
  return new Promise((resolve) => stream.once('close', () => resolve()));
}

/** Send bytes on a new connection and return all that comes back until the server closes. */
async function exchange(port: number, ...parts: readonly Buffer[]): Promise<Buffer> {
  const socket = net.connect(port, '127.0.0.1');
  socket.on('error', () => {});
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  for (const part of parts) socket.write(part);
  await gone(socket);
  return Buffer.concat(chunks);
}

/** The type, and the offset, of each message in what a server sent. */
function frames(bytes: Buffer): { readonly type: string; readonly start: number; readonly end: number }[] {
  const list = [];
  for (let start = 0; start < bytes.length; ) {
    const end = start + 1 + bytes.readUInt32BE(start + 1);
    list.push({ type: String.fromCharCode(bytes[start] ?? 0), start, end });
    start = end;
  }
  return list;
}

function fatal(bytes: Buffer): Readonly<Record<string, string>> {
  const last = frames(bytes).at(-1);
  assert.equal(last?.type, 'E', 'ends with an ErrorResponse');
  const fields = decodeErrorFields(bytes, last?.start, last?.end);
  assert.equal(fields.V, 'FATAL');
  return fields;
}

test('a startup that is split at every offset is understood, and bytes sent ahead are kept', async () => {
  const stream = Buffer.concat([
    gssRequest,
    encodeStartupMessage(0, new Map([...user, ['application_name', 'a test']])),
    encodePasswordMessage(goodToken),
    encodeQuery('select 1'),
    Buffer.from('5800000004', 'hex'),
  ]);
  const whole = await exchange(plain.port, stream);
  assert.equal(whole.subarray(0, 1).toString(), 'N');
  const types = frames(whole.subarray(1)).map((each) => each.type);
  assert.deepEqual(types, ['R', 'R', ...Array(7).fill('S'), 'K', 'Z', 'T', 'D', 'C', 'Z']);
  assert.ok(whole.includes(answer));
  const connections = [];
  for (let split = 0; split <= stream.length; split++) {
    connections.push(
      (async () => {
        const socket = net.connect({ port: plain.port, host: '127.0.0.1', noDelay: true });
        const chunks: Buffer[] = [];
        socket.on('data', (chunk) => chunks.push(chunk));
        await new Promise((resolve) => socket.write(stream.subarray(0, split), resolve));
        await new Promise((resolve) => setImmediate(resolve));
        socket.write(stream.subarray(split));
        await gone(socket);
        assert.deepEqual(Buffer.concat(chunks), whole, `split at ${split}`);
      })(),
    );
  }
  await Promise.all(connections);
  const last = plain.accepted.findLast((each) => each.kind === 'session');
  assert.ok(last?.kind === 'session');
  assert.deepEqual(last.startup, {
    minor: 0,
    user: 'agent',
    database: 'shop',
    parameters: new Map([['application_name', 'a test']]),
  });
  assert.equal(last.value, 'agent');
  assert.equal(last.encrypted, false);
  assert.match(last.peer, /^127\.0\.0\.1:\d+$/);
});

test('a wrong token is refused in the words that drivers know, with what to do', async () => {
  for (const wrong of ['stale', '']) {
    const fields = fatal(
      await exchange(plain.port, encodeStartupMessage(0, user), encodePasswordMessage(wrong)),
    );
    assert.equal(fields.C, '28P01');
    assert.equal(fields.M, 'password authentication failed for user "agent"');
    assert.match(fields.H ?? '', /gatehouse env shop-db/);
    if (wrong !== '') assert.ok(!JSON.stringify(fields).includes(wrong));
  }
});

test('what is not let in is told why', async () => {
  const startup = (minor: number, ...extra: [string, string][]) =>
    encodeStartupMessage(minor, new Map([...user, ...extra]));
  const raw = (hex: string) => Buffer.from(hex, 'hex');
  const cases: [string, Buffer, string, RegExp][] = [
    ['protocol 2', raw('00000010000200007500000000000000'), '0A000', /unsupported frontend protocol 2\.0/],
    ['protocol 4', raw('000000090004000000'), '0A000', /unsupported frontend protocol 4\.0/],
    ['replication', startup(0, ['replication', 'database']), '0A000', /replication/],
    ['replication in odd words', startup(0, ['replication', 'yes']), '0A000', /replication/],
    ['no user', encodeStartupMessage(0, new Map([['database', 'x']])), '28000', /no PostgreSQL user name/],
    ['too long', raw('00002711'), '08P01', /10001 bytes/],
    ['too short', raw('00000007'), '08P01', /7 bytes/],
    ['HTTP', Buffer.from('GET / HTTP/1.1\r\n\r\n'), '08P01', /invalid length/],
    ['no terminator', raw('0000000d000300007573657200'), '08P01', /terminator|middle/],
    ['not UTF-8', raw('00000010000300007573657200ff0000'), '08P01', /UTF-8/],
    [
      'a Query first',
      Buffer.concat([startup(0), encodeQuery('select 1')]),
      '08P01',
      /expected a password, got a Query/,
    ],
    ['GSSENCRequest twice', Buffer.concat([gssRequest, gssRequest]), '08P01', /GSSENCRequest/],
    ['SSLRequest twice', Buffer.concat([encodeSSLRequest(), encodeSSLRequest()]), '08P01', /SSLRequest/],
  ];
  for (const [name, bytes, code, message] of cases) {
    const answered = await exchange(plain.port, bytes);
    const start = answered.findIndex((byte) => byte !== 0x4e);
    const fields = fatal(answered.subarray(start));
    assert.equal(fields.C, code, name);
    assert.match(fields.M ?? '', message, name);
  }
});

test('replication=false is no replication', async () => {
  const bytes = encodeStartupMessage(0, new Map([...user, ['replication', 'false']]));
  const types = frames(await exchange(plain.port, bytes, Buffer.from('5800000004', 'hex'))).map(
    (each) => each.type,
  );
  assert.deepEqual(types, ['R']);
});

test('versions and options are negotiated', async () => {
  const negotiated = async (minor: number, ...options: [string, string][]) => {
    const bytes = await exchange(
      plain.port,
      encodeStartupMessage(minor, new Map([...user, ...options])),
      encodePasswordMessage(goodToken),
      Buffer.from('5800000004', 'hex'),
    );
    const first = frames(bytes)[0];
    const last = plain.accepted.at(-1);
    assert.ok(last?.kind === 'session');
    assert.equal(last.startup.parameters.size, 0);
    const said = first?.type === 'v' ? decodeNegotiateProtocolVersion(bytes, 0, first.end) : undefined;
    return { minor: last.startup.minor, said };
  };
  assert.deepEqual(await negotiated(0), { minor: 0, said: undefined });
  assert.deepEqual(await negotiated(2), { minor: 2, said: undefined });
  assert.deepEqual(await negotiated(1), { minor: 0, said: { minor: 0, unrecognized: [] } });
  assert.deepEqual(await negotiated(9999, ['_pq_.grease', 'x']), {
    minor: 2,
    said: { minor: 2, unrecognized: ['_pq_.grease'] },
  });
  assert.deepEqual(await negotiated(0, ['_pq_.a', '1'], ['_pq_.b', '2']), {
    minor: 0,
    said: { minor: 0, unrecognized: ['_pq_.a', '_pq_.b'] },
  });
});

test('cancel requests of both versions come out whole', async () => {
  for (const key of [Buffer.from('a1b2c3d4', 'hex'), Buffer.alloc(256, 9)]) {
    const next = plain.next();
    assert.equal((await exchange(plain.port, encodeCancelRequest(-7, key))).length, 0);
    const cancel = await next;
    assert.ok(cancel.kind === 'cancel');
    assert.equal(cancel.pid, -7);
    assert.deepEqual(cancel.key, key);
  }
});

test('bytes smuggled behind an SSLRequest never count as encrypted ones', async () => {
  const smuggled = Buffer.concat([
    encodeSSLRequest(),
    encodeStartupMessage(0, user),
    encodePasswordMessage(goodToken),
  ]);
  const fields = fatal(await exchange(secured.port, smuggled));
  assert.equal(fields.C, '08P01');
  assert.match(fields.M ?? '', /unencrypted data after SSL request/);
});

/** Log in through TLS and return what the server says. */
async function through(socket: tls.TLSSocket): Promise<Buffer> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(encodeStartupMessage(2, user));
  socket.write(encodePasswordMessage(goodToken));
  socket.write(Buffer.from('5800000004', 'hex'));
  await gone(socket);
  return Buffer.concat(chunks);
}

test('TLS by request and from the first byte', async () => {
  const socket = net.connect(secured.port, '127.0.0.1');
  socket.write(encodeSSLRequest());
  const [said] = (await once(socket, 'data')) as [Buffer];
  assert.equal(said.toString(), 'S');
  const upgraded = tls.connect({ socket, host: 'localhost', ca: ca.certPem });
  assert.equal(frames(await through(upgraded)).at(-1)?.type, 'Z');

  const direct = tls.connect({
    port: secured.port,
    host: 'localhost',
    ca: ca.certPem,
    ALPNProtocols: ['postgresql'],
  });
  assert.equal(frames(await through(direct)).at(-1)?.type, 'Z');
  const last = secured.accepted.at(-1);
  assert.ok(last?.kind === 'session' && last.encrypted && last.startup.minor === 2);
});

test('TLS from the first byte needs the protocol to be named, and does not come twice', async () => {
  for (const names of [[], ['h2', 'http/1.1']]) {
    const next = secured.next();
    const socket = tls.connect({
      port: secured.port,
      host: 'localhost',
      ca: ca.certPem,
      ALPNProtocols: names,
    });
    socket.on('error', () => {});
    await gone(socket);
    const closed = await next;
    assert.equal(closed.kind, 'closed');
  }
  const socket = tls.connect({
    port: secured.port,
    host: 'localhost',
    ca: ca.certPem,
    ALPNProtocols: ['postgresql'],
  });
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.write(encodeSSLRequest());
  await gone(socket);
  assert.match(fatal(Buffer.concat(chunks)).M ?? '', /TLS is on already/);

  const nextPlain = plain.next();
  const refused = tls.connect({
    port: plain.port,
    host: '127.0.0.1',
    ALPNProtocols: ['postgresql'],
    rejectUnauthorized: false,
  });
  refused.on('error', () => {});
  await gone(refused);
  const closed = await nextPlain;
  assert.ok(closed.kind === 'closed');
  assert.match(closed.reason, /does not offer/);
});

test('a client that says nothing, or stops in the middle, is sent away when its time is over', async () => {
  const server = await startScripted({
    startupTimeoutMs: 400,
    tls: tls.createSecureContext({ cert: certificate.certPem, key: certificate.keyPem }),
  });
  try {
    const starts = [Buffer.alloc(0), Buffer.alloc(2), encodeStartupMessage(0, user)];
    const told = starts.map(async (start) =>
      assert.equal(fatal(await exchange(server.port, start)).C, '57014'),
    );
    // After the `S`, where no handshake follows, there is no way to tell.
    const silent = exchange(server.port, encodeSSLRequest());
    await Promise.all(told);
    assert.equal((await silent).toString(), 'S');
    while (server.accepted.length < 4) await server.next();
    assert.ok(server.accepted.every((each) => each.kind === 'closed'));
  } finally {
    await server.close();
  }
});

test('when the daemon goes, waiting clients are told', async () => {
  const controller = new AbortController();
  const server = await startScripted({ signal: controller.signal });
  try {
    const waiting = exchange(server.port, encodeStartupMessage(0, user));
    const socket = net.connect(server.port, '127.0.0.1');
    await once(socket, 'connect');
    socket.write(encodeStartupMessage(0, user));
    await once(socket, 'data');
    controller.abort();
    const [said] = (await once(socket, 'data')) as [Buffer];
    assert.equal(fatal(said).C, '57P01');
    assert.equal(fatal(await waiting).C, '57P01');
    socket.destroy();
  } finally {
    await server.close();
  }
});

test('a token check that breaks refuses the client and tells it nothing', async () => {
  const server = await startScripted({
    authenticate: () => Promise.reject(new Error('key file /secret/path is gone')),
  });
  try {
    const bytes = await exchange(server.port, encodeStartupMessage(0, user), encodePasswordMessage('x'));
    assert.equal(fatal(bytes).C, 'XX000');
    assert.ok(!bytes.includes('/secret/path'));
  } finally {
    await server.close();
  }
});

test('random bytes end in a closed connection, not in an error', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ maxLength: 80 }), fc.boolean(), async (bytes, prefixed) => {
      const head = prefixed ? Buffer.from([0, 0, 0, bytes.length + 8, 0, 3, 0, 0]) : Buffer.alloc(0);
      for (const server of [plain, secured]) {
        const next = server.next();
        const socket = net.connect(server.port, '127.0.0.1');
        socket.on('error', () => {});
        socket.resume();
        socket.end(Buffer.concat([head, bytes]));
        const result = await next;
        assert.notEqual(result.kind, 'session');
        socket.destroy();
      }
    }),
    { numRuns: 60 },
  );
});
