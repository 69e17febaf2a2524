import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import saslprep from '@mongodb-js/saslprep';

/** The client's side of SCRAM-SHA-256 and SCRAM-SHA-256-PLUS: RFC 5802, RFC 7677, RFC 5929 (tls-server-end-point). */

/**
 * The most rounds that a server may ask for. PostgreSQL's default is 4096 and advice for passwords stands near 600,000;
 * the work is done in the thread pool that also writes the records, so what a server asks for must end within a second
 * or two.
 */
export const maxIterations = 2_000_000;

export type ChannelBinding =
  /** The hash of the server's certificate, with -PLUS. */
  | { readonly kind: 'tls-server-end-point'; readonly hash: Buffer }
  /** `y`: we could bind, and the server did not offer it. It notices if it did and somebody removed the offer. */
  | { readonly kind: 'not-offered' }
  /** `n`: we cannot bind. */
  | { readonly kind: 'impossible' };

/** Something in the exchange that is not as it must be. `message` holds nothing secret. */
export class ScramError extends Error {}

const pbkdf2Async = promisify(pbkdf2);
const hashBytes = 32;

export class ScramClient {
  readonly mechanism: 'SCRAM-SHA-256' | 'SCRAM-SHA-256-PLUS';
  readonly #password: string;
  readonly #nonce: string;
  /** GS2 header, with which the binding data begins. */
  readonly #header: string;
  readonly #bindingData: Buffer;
  #expected: Buffer | undefined;

  constructor(password: string, binding: ChannelBinding) {
    const bound = binding.kind === 'tls-server-end-point';
    this.mechanism = bound ? 'SCRAM-SHA-256-PLUS' : 'SCRAM-SHA-256';
    this.#password = normalized(password);
    this.#nonce = randomBytes(18).toString('base64');
    this.#header = bound ? 'p=tls-server-end-point,,' : binding.kind === 'not-offered' ? 'y,,' : 'n,,';
    this.#bindingData = Buffer.concat([Buffer.from(this.#header), bound ? binding.hash : Buffer.alloc(0)]);
  }

  get #firstBare(): string {
    // The user's name is that of the StartupMessage; PostgreSQL ignores the one here, and libpq sends none.
    return `n=,r=${this.#nonce}`;
  }

  /** The client-first-message. */
  first(): Buffer {
    return Buffer.from(this.#header + this.#firstBare);
  }

  /**
   * The client-final-message that answers `serverFirst`.
   * @throws ScramError
   */
  async final(serverFirst: string): Promise<Buffer> {
    const match = /^r=([\x21-\x2b\x2d-\x7e]+),s=([A-Za-z0-9+/]+={0,2}),i=([1-9]\d{0,9})(?:,.*)?$/.exec(
      serverFirst,
    );
    const [, nonce, salt, rounds] = match ?? [];
    if (nonce === undefined || salt === undefined || rounds === undefined) {
      throw new ScramError('its first SCRAM message cannot be read');
    }
    if (!nonce.startsWith(this.#nonce) || nonce.length === this.#nonce.length) {
      throw new ScramError('its SCRAM nonce does not continue ours');
    }
    const iterations = Number(rounds);
    if (iterations > maxIterations) {
      throw new ScramError(
        `it asks for ${rounds} rounds of SCRAM, and at most ${maxIterations} are done (scram_iterations)`,
      );
    }
    const salted = await pbkdf2Async(
      this.#password,
      Buffer.from(salt, 'base64'),
      iterations,
      hashBytes,
      'sha256',
    );
    const withoutProof = `c=${this.#bindingData.toString('base64')},r=${nonce}`;
    const authMessage = `${this.#firstBare},${serverFirst},${withoutProof}`;
    const clientKey = hmac(salted, 'Client Key');
    const storedKey = createHash('sha256').update(clientKey).digest();
    const signature = hmac(storedKey, authMessage);
    const proof = Buffer.from(clientKey.map((byte, index) => byte ^ (signature[index] ?? 0)));
    this.#expected = hmac(hmac(salted, 'Server Key'), authMessage);
    return Buffer.from(`${withoutProof},p=${proof.toString('base64')}`);
  }

  /**
   * Check that the server knows the password too. Without this anyone could stand in for it.
   * @throws ScramError
   */
  verify(serverFinal: string): void {
    const given = /^v=([A-Za-z0-9+/]{43}=)(?:,.*)?$/.exec(serverFinal)?.[1];
    if (given === undefined) throw new ScramError('its last SCRAM message cannot be read');
    const signature = Buffer.from(given, 'base64');
    if (this.#expected === undefined || !timingSafeEqual(signature, this.#expected)) {
      throw new ScramError('its SCRAM signature is wrong, so it does not know the password itself');
    }
  }
}

function hmac(key: Buffer, text: string): Buffer {
  return createHmac('sha256', key).update(text).digest();
}

/** As PostgreSQL stores passwords: SASLprep where it applies, the bytes as they are where it does not. */
function normalized(password: string): string {
  try {
    return saslprep(password);
  } catch {
    return password;
  }
}
