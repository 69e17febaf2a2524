import assert from 'node:assert/strict';
import { createHash, createHmac, pbkdf2Sync } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { type ChannelBinding, maxIterations, ScramClient, ScramError } from './scram.ts';

const hmac = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest();
const salt = Buffer.from('W22ZaJ0SNY7soEsUEjb6gQ==', 'base64');

/** The server's side, from what it stores (RFC 5802, section 3): StoredKey and ServerKey, never the password. */
class StoredVerifier {
  readonly #storedKey: Buffer;
  readonly #serverKey: Buffer;
  readonly #iterations: number;
  constructor(password: string, iterations = 4096) {
    const salted = pbkdf2Sync(password, salt, iterations, 32, 'sha256');
    this.#storedKey = sha256(hmac(salted, 'Client Key'));
    this.#serverKey = hmac(salted, 'Server Key');
    this.#iterations = iterations;
  }
  /** server-first for client-first. */
  first(clientFirst: string): string {
    const nonce = /,r=([^,]+)$/.exec(clientFirst)?.[1] ?? '';
    return `r=${nonce}server,s=${salt.toString('base64')},i=${this.#iterations}`;
  }
  /** server-final, or undefined where the proof is wrong. */
  final(clientFirst: string, serverFirst: string, clientFinal: string): string | undefined {
    const [, without = '', proof = ''] = /^(.*),p=([^,]+)$/.exec(clientFinal) ?? [];
    const bare = clientFirst.split(',').slice(2).join(',');
    const authMessage = `${bare},${serverFirst},${without}`;
    const signature = hmac(this.#storedKey, authMessage);
    const clientKey = Buffer.from(
      Buffer.from(proof, 'base64').map((byte, index) => byte ^ (signature[index] ?? 0)),
    );
    if (!sha256(clientKey).equals(this.#storedKey)) return undefined;
    return `v=${hmac(this.#serverKey, authMessage).toString('base64')}`;
  }
}

const bindings: readonly ChannelBinding[] = [
  { kind: 'impossible' },
  { kind: 'not-offered' },
  { kind: 'tls-server-end-point', hash: Buffer.alloc(32, 5) },
];

test('client and server prove to each other that they know the password', async () => {
  for (const binding of bindings) {
    const client = new ScramClient('pencil', binding);
    const server = new StoredVerifier('pencil');
    const clientFirst = client.first().toString();
    const serverFirst = server.first(clientFirst);
    const clientFinal = (await client.final(serverFirst)).toString();
    const serverFinal = server.final(clientFirst, serverFirst, clientFinal);
    assert.ok(serverFinal !== undefined, binding.kind);
    client.verify(serverFinal);
    assert.throws(() => client.verify(`v=${Buffer.alloc(32).toString('base64')}`), /signature is wrong/);
    assert.equal(new StoredVerifier('pen').final(clientFirst, serverFirst, clientFinal), undefined);
  }
});

test('the binding is said in the words of the specification', async () => {
  const said = await Promise.all(
    bindings.map(async (binding) => {
      const client = new ScramClient('x', binding);
      const first = client.first().toString();
      const final = (await client.final(`${first.slice(first.indexOf('r='))}x,s=AAAA,i=1`)).toString();
      const bound = Buffer.from(/^c=([^,]+),/.exec(final)?.[1] ?? '', 'base64').toString('latin1');
      return [client.mechanism, first.slice(0, first.indexOf('n=,')), bound];
    }),
  );
  assert.deepEqual(said, [
    ['SCRAM-SHA-256', 'n,,', 'n,,'],
    ['SCRAM-SHA-256', 'y,,', 'y,,'],
    ['SCRAM-SHA-256-PLUS', 'p=tls-server-end-point,,', `p=tls-server-end-point,,${'\x05'.repeat(32)}`],
  ]);
});

test('a server that answers wrongly gets no proof', async () => {
  const client = () => new ScramClient('pencil', { kind: 'impossible' });
  const nonceOf = (scram: ScramClient) => scram.first().toString().slice('n,,n=,r='.length);
  const cases: [(nonce: string) => string, RegExp][] = [
    [() => 'r=another,s=AAAA,i=4096', /does not continue/],
    [(nonce) => `r=${nonce},s=AAAA,i=4096`, /does not continue/],
    [(nonce) => `r=${nonce}x,s=AAAA,i=${maxIterations + 1}`, /rounds of SCRAM/],
    [(nonce) => `r=${nonce}x,s=AAAA,i=99999999999999999999`, /cannot be read/],
    [(nonce) => `r=${nonce}x,s=AAAA,i=0`, /cannot be read/],
    [(nonce) => `m=ext,r=${nonce}x,s=AAAA,i=1`, /cannot be read/],
    [(nonce) => `r=${nonce}x,s=,i=1`, /cannot be read/],
    [() => '', /cannot be read/],
  ];
  for (const [serverFirst, message] of cases) {
    const scram = client();
    await assert.rejects(scram.final(serverFirst(nonceOf(scram))), (error) => {
      assert.ok(error instanceof ScramError);
      assert.match(error.message, message);
      return true;
    });
  }
  assert.throws(
    () => client().verify(`v=${Buffer.alloc(32).toString('base64')}`),
    ScramError,
    'before its time',
  );
  assert.throws(() => client().verify('e=invalid-proof'), ScramError);
  await fc.assert(
    fc.asyncProperty(fc.string(), async (text) => {
      await assert.rejects(client().final(text), ScramError);
      assert.throws(() => client().verify(text), ScramError);
    }),
  );
});
