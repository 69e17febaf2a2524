import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import { test } from 'node:test';
import fc from 'fast-check';
import { TargetFault } from '../../../core/faults.ts';
import {
  encodeAuthenticationCleartextPassword,
  encodeAuthenticationMD5Password,
  encodeAuthenticationSASL,
  encodeAuthenticationSASLContinue,
} from '../wire/authentication-messages.ts';
import {
  encodeAuthenticationOk,
  encodeErrorResponse,
  encodeNegotiateProtocolVersion,
  encodeReadyForQuery,
  welcomeMessages,
} from '../wire/backend-messages.ts';
import { decodeStartupPacket } from '../wire/startup-packets.ts';
import { cancelTarget } from './cancel.ts';
import { Credentials } from './credentials.ts';
import { dialTarget } from './dial.ts';
import { dialOptions, type FakeServer, startFake } from './fake-server.fixture.ts';
import type { DialOptions } from './target-options.ts';

type Code = TargetFault['code'];

/** The attempt fails with this code and words, and without the password in them. */
async function fails(attempt: Promise<unknown>, code: Code, words: RegExp): Promise<void> {
  await assert.rejects(attempt, (error: unknown) => {
    assert.ok(error instanceof TargetFault, String(error));
    assert.equal(error.code, code, error.message);
    assert.match(error.message, words);
    assert.ok(!error.message.includes('the-real-password'));
    return true;
  });
}

/** A server that answers each connection's first packet with `said`, and then closes if `end`. */
function answering(said: readonly (Buffer | string)[], end = false): Promise<FakeServer> {
  return startFake((socket) => {
    socket.once('data', () => {
      for (const each of said) socket.write(each);
      if (end) socket.end();
    });
  });
}

async function dialing(
  said: readonly (Buffer | string)[],
  code: Code,
  words: RegExp,
  more: Partial<DialOptions> = {},
) {
  const server = await answering(said);
  try {
    await fails(dialTarget(dialOptions(server.port, more)), code, words);
    return server.connections;
  } finally {
    await server.close();
  }
}

const withTls: Partial<DialOptions> = { tls: { mode: 'verify-full', negotiation: 'postgres' } };
const welcome = Buffer.concat([
  welcomeMessages(new Map([['server_version', '18.4']]), 77, Buffer.alloc(4, 1)),
  encodeReadyForQuery('I'),
]);

test('answers to the request for TLS that mean no TLS', async () => {
  await dialing(['N'], 'tls-refused', /offers no TLS.*mode: disable/, withTls);
  await dialing(['S and more'], 'tls-refused', /unencrypted bytes/, withTls);
  const error = encodeErrorResponse({ severity: 'FATAL', code: '53300', message: 'words of a stranger' });
  await assert.rejects(
    dialing([error], 'tls-refused', /words of a stranger/, withTls),
    assert.AssertionError,
  );
  await dialing([error], 'tls-refused', /did not answer .* as a PostgreSQL server does/, withTls);
  await dialing(['SSH-2.0-OpenSSH_9.2\r\n'], 'tls-refused', /unencrypted bytes/, withTls);
  await dialing(['220 smtp.example ESMTP\r\n'], 'tls-refused', /as a PostgreSQL server does/, withTls);
});

test('a version that is refused is asked for again as 3.0', async () => {
  const refusals: ((socket: Socket) => void)[] = [
    (socket) =>
      socket.end(
        encodeErrorResponse({ severity: 'FATAL', code: '0A000', message: 'unsupported frontend protocol' }),
      ),
    (socket) =>
      socket.end(
        encodeErrorResponse({ severity: 'FATAL', code: '08P01', message: 'unsupported protocol version' }),
      ),
    (socket) => socket.end(),
  ];
  for (const refuse of refusals) {
    const minors: number[] = [];
    const server = await startFake((socket) => {
      socket.once('data', (packet: Buffer) => {
        const message = decodeStartupPacket(packet);
        assert.ok(message.kind === 'startup');
        minors.push(message.minor);
        if (message.minor === 0) socket.write(welcome);
        else refuse(socket);
      });
    });
    try {
      const target = await dialTarget(dialOptions(server.port));
      assert.deepEqual(minors, [2, 0]);
      assert.equal(target.minor, 0);
      assert.equal(target.pid, 77);
      target.stream.destroy();
    } finally {
      await server.close();
    }
  }
});

test('a server that negotiates is taken at its word, downwards only', async () => {
  const negotiate = (minor: number) => encodeNegotiateProtocolVersion({ minor, unrecognized: [] });
  const server = await answering([negotiate(0), welcome, 'leftover']);
  try {
    const target = await dialTarget(dialOptions(server.port));
    assert.equal(target.minor, 0);
    assert.equal(server.connections, 1);
    assert.ok('leftover'.startsWith(target.leftover.toString()));
    target.stream.destroy();
  } finally {
    await server.close();
  }
  await dialing([negotiate(3), welcome], 'refused', /negotiated the version up/);
  await dialing([encodeAuthenticationOk(), negotiate(0)], 'refused', /NegotiateProtocolVersion has no place/);
});

test('what a server says before it is ready is told with advice, short and on one line', async () => {
  const error = (code: string, message: string) => encodeErrorResponse({ severity: 'FATAL', code, message });
  await dialing(
    [error('28P01', 'password authentication failed')],
    'authentication-failed',
    /"gate".*28P01.*password source/,
  );
  await dialing([error('3D000', 'database "shop" does not exist')], 'refused', /resource's database/);
  await dialing([error('57P03', 'the database system is starting up')], 'refused', /try again/);
  await dialing([error('53300', 'x'.repeat(9000))], 'refused', /^.{50,600}$/);
  await dialing([error('XX000', 'two\r\nlines\u001b[2J')], 'refused', /two lines \[2J/);
  await dialing([encodeAuthenticationOk(), error('53300', 'too many')], 'refused', /max_connections/);
});

test('no password goes where it should not', async () => {
  const none: Partial<DialOptions> = { password: async () => undefined };
  await dialing(
    [encodeAuthenticationCleartextPassword()],
    'authentication-failed',
    /resource has none/,
    none,
  );
  await dialing([encodeAuthenticationCleartextPassword()], 'authentication-failed', /NUL/, {
    password: async () => 'a\0b',
  });
  const twice = [encodeAuthenticationCleartextPassword(), encodeAuthenticationMD5Password(Buffer.alloc(4))];
  await dialing(twice, 'authentication-failed', /twice/);
  await dialing(
    [encodeAuthenticationSASL(['OAUTHBEARER'])],
    'authentication-failed',
    /OAUTHBEARER.*scram-sha-256/,
  );
  await dialing([Buffer.from('520000000800000007', 'hex')], 'authentication-failed', /GSSAPI/);
  const scram = encodeAuthenticationSASL(['SCRAM-SHA-256']);
  await dialing([scram, encodeAuthenticationOk()], 'authentication-failed', /broke off SCRAM/);
  await dialing(
    [scram, encodeAuthenticationSASLContinue(Buffer.from('r=x'))],
    'authentication-failed',
    /cannot be read/,
  );
  await dialing(
    [encodeAuthenticationSASLContinue(Buffer.from('r=x'))],
    'authentication-failed',
    /out of order/,
  );

  const far = { stream: {} as Socket, tls: undefined, local: false };
  const credentials = new Credentials(dialOptions(1), far, new AbortController().signal);
  await fails(credentials.answer({ kind: 'CleartextPassword' }), 'authentication-failed', /clear text/);
});

test('a password source that fails is heard', async () => {
  const server = await answering([encodeAuthenticationCleartextPassword()]);
  try {
    const broken = new Error('the vault is sealed');
    const options = dialOptions(server.port, { password: () => Promise.reject(broken) });
    await assert.rejects(dialTarget(options), broken);
  } finally {
    await server.close();
  }
});

test('nobody there, nobody answering, given up', async () => {
  const server = await startFake(() => {});
  try {
    await fails(dialTarget(dialOptions(server.port, { timeoutMs: 50 })), 'unreachable', /within 0\.05 s/);
    await fails(dialTarget(dialOptions(server.port, { ...withTls, timeoutMs: 50 })), 'unreachable', /within/);
    await fails(
      cancelTarget(dialOptions(server.port, { timeoutMs: 50 }), 1, Buffer.alloc(4)),
      'unreachable',
      /within/,
    );
    const direct = { tls: { mode: 'require', negotiation: 'direct' } as const, timeoutMs: 50 };
    await fails(dialTarget(dialOptions(server.port, direct)), 'unreachable', /within/);
    const controller = new AbortController();
    const waiting = dialTarget(dialOptions(server.port, { signal: controller.signal }));
    controller.abort();
    await fails(waiting, 'disconnected', /given up/);
    await fails(
      dialTarget(dialOptions(server.port, { signal: AbortSignal.abort() })),
      'disconnected',
      /given up/,
    );
  } finally {
    await server.close();
  }
  await fails(dialTarget(dialOptions(server.port)), 'unreachable', /nothing listens there/);
  await fails(dialTarget(dialOptions(5432, { host: '/no/such/folder' })), 'unreachable', /no such socket/);

  const stuck = await answering([encodeAuthenticationCleartextPassword()]);
  try {
    const options = dialOptions(stuck.port, { timeoutMs: 50, password: () => new Promise(() => {}) });
    await fails(dialTarget(options), 'unreachable', /within/);
  } finally {
    await stuck.close();
  }
});

test('a broken CA file is said to be one', async () => {
  const verifying = (caPem: string) => ({
    tls: { mode: 'verify-full', negotiation: 'postgres', caPem } as const,
  });
  const broken = '-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n';
  await dialing(
    ['S'],
    'tls-unverified',
    /certificate in the resource's tls\.ca cannot be read/,
    verifying(broken),
  );
  await dialing(['S'], 'tls-unverified', /holds no certificate/, verifying('a key, perhaps'));
});

test('whatever a server says, the attempt ends in a TargetFault', async () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 60 }).map((each) => Buffer.from(each)),
    fc.tuple(fc.constantFrom(...'REKSZNvTx'), fc.uint8Array({ maxLength: 40 })).map(([type, body]) => {
      const head = Buffer.alloc(5, type);
      head.writeUInt32BE(body.length + 4, 1);
      return Buffer.concat([head, body]);
    }),
  );
  let said: Buffer[] = [];
  const server = await startFake((socket) => {
    socket.once('data', () => socket.end(Buffer.concat(said)));
  });
  try {
    await fc.assert(
      fc.asyncProperty(fc.array(bytes, { maxLength: 5 }), fc.boolean(), async (list, proper) => {
        said = proper ? [encodeAuthenticationOk(), ...list] : list;
        await assert.rejects(dialTarget(dialOptions(server.port)), TargetFault);
        await assert.rejects(dialTarget(dialOptions(server.port, withTls)), TargetFault);
      }),
      { numRuns: 100 },
    );
  } finally {
    await server.close();
  }
});
