import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';
import { ProtocolFault } from '../../../core/faults.ts';
import { encodeAuthenticationCleartextPassword } from '../wire/authentication-messages.ts';
import { encodeNegotiateProtocolVersion } from '../wire/backend-messages.ts';
import { ByteSource } from '../wire/byte-source.ts';
import { FrontendType, frontendName, Sqlstate } from '../wire/codes.ts';
import { decodePasswordMessage } from '../wire/frontend-messages.ts';
import { decodeStartupPacket, type StartupPacket } from '../wire/startup-packets.ts';
import type { AcceptOptions, Accepted, Startup, Verdict } from './accept-options.ts';
import { acceptTls, alpnProtocol } from './accept-tls.ts';
import { type Fatal, refuseClient } from './refuse-client.ts';
import { readStartup } from './startup-parameters.ts';

const defaultTimeoutMs = 10_000;
const defaultStartupBytes = 10_000;
/** PostgreSQL's PG_MAX_AUTH_TOKEN_LENGTH. */
const maxPasswordBytes = 65_535;
/** The first byte of a TLS record that holds a ClientHello; no startup packet is long enough to begin with it. */
const tlsHandshake = 0x16;

type Ended =
  | { readonly kind: 'refused'; readonly fatal: Fatal }
  | { readonly kind: 'gone'; readonly reason: string };

const late: Ended = {
  kind: 'refused',
  fatal: { code: Sqlstate.query_canceled, message: 'canceling authentication due to timeout' },
};
const shuttingDown: Ended = {
  kind: 'refused',
  fatal: { code: Sqlstate.admin_shutdown, message: 'the Gatehouse daemon is shutting down' },
};
const left: Ended = { kind: 'gone', reason: 'The client closed the connection before it had logged in.' };

/**
 * Speak the server's side of the protocol up to the password: TLS, version, parameters, token. AuthenticationOk is left
 * to the caller (`welcomeMessages`), who first needs the database's side. Never rejects; a client's misbehaviour ends in
 * `closed`. Takes a socket that nobody reads yet, and leaves a listener on it so that a late error is not uncaught.
 */
export async function acceptClient<T>(socket: Socket, options: AcceptOptions<T>): Promise<Accepted<T>> {
  const client = new Client(socket, options);
  const timer = setTimeout(() => client.abandon(late), options.startupTimeoutMs ?? defaultTimeoutMs);
  const shutDown = () => client.abandon(shuttingDown);
  options.signal?.addEventListener('abort', shutDown, { once: true });
  if (options.signal?.aborted) shutDown();
  try {
    const result = await client.accept();
    if (client.abandoned !== undefined) return await client.close(client.abandoned);
    if (result.kind === 'refused' || result.kind === 'gone') return await client.close(result);
    return result;
  } catch (error) {
    if (!(error instanceof ProtocolFault)) {
      return await client.close({ kind: 'gone', reason: `The client could not be let in: ${String(error)}` });
    }
    return await client.close(violation(error.message));
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', shutDown);
  }
}

class Client<T> {
  /** Set when accept() is to give up. */
  abandoned: Ended | undefined;
  readonly #options: AcceptOptions<T>;
  readonly #peer: string;
  readonly #socket: Socket;
  #stream: Duplex;
  #source: ByteSource;
  #encrypted = false;
  /** Ends the wait that is under way. */
  #abandon: () => void;

  constructor(socket: Socket, options: AcceptOptions<T>) {
    this.#options = options;
    this.#socket = socket;
    this.#stream = socket;
    this.#peer = socket.remoteAddress === undefined ? 'unix' : `${socket.remoteAddress}:${socket.remotePort}`;
    socket.on('error', () => {});
    socket.setNoDelay(true);
    const source = new ByteSource(socket);
    this.#source = source;
    this.#abandon = () => source.abandon();
  }

  abandon(why: Ended): void {
    this.abandoned ??= why;
    this.#abandon();
  }

  async close(ended: Ended): Promise<Accepted<T>> {
    this.#source.detach();
    if (ended.kind === 'refused') await refuseClient(this.#stream, ended.fatal);
    this.#stream.destroy();
    this.#socket.destroy();
    return { kind: 'closed', reason: ended.kind === 'gone' ? ended.reason : oneLine(ended.fatal.message) };
  }

  async accept(): Promise<Accepted<T> | Ended> {
    const direct = await this.#directTls();
    if (direct !== undefined) return direct;
    let refusedGss = false;
    for (;;) {
      const packet = await this.#packet();
      if (packet === undefined) return left;
      switch (packet.kind) {
        case 'ssl': {
          if (this.#encrypted) return violation('TLS is on already');
          const ended = await this.#negotiatedTls(this.#options.tls);
          if (ended !== undefined) return ended;
          break;
        }
        case 'gssenc':
          if (refusedGss) return violation('GSSENCRequest was refused already');
          refusedGss = true;
          this.#stream.write('N');
          break;
        case 'cancel':
          this.#source.detach();
          // Nothing more is expected, and unread bytes would keep the connection from closing.
          this.#stream.resume();
          return { kind: 'cancel', pid: packet.pid, key: packet.key, stream: this.#stream };
        case 'version':
          return {
            kind: 'refused',
            fatal: {
              code: Sqlstate.feature_not_supported,
              message: `unsupported frontend protocol ${packet.major}.${packet.minor}: Gatehouse supports 3.0 and 3.2`,
              hint: 'Use a client of PostgreSQL 7.4 or newer.',
            },
          };
        case 'startup': {
          const read = readStartup(packet);
          if (read.kind === 'refused') return read;
          if (read.negotiate !== undefined)
            this.#stream.write(encodeNegotiateProtocolVersion(read.negotiate));
          return await this.#logIn(read.startup);
        }
      }
    }
  }

  /** TLS from the first byte (PostgreSQL 17, `sslnegotiation=direct`). Undefined: go on reading. */
  async #directTls(): Promise<Ended | undefined> {
    const first = await this.#source.take(1);
    if (first === undefined) return left;
    this.#source.putBack(first);
    if (first[0] !== tlsHandshake) return undefined;
    if (this.#options.tls === undefined) {
      return { kind: 'gone', reason: 'The client began with TLS, which this listener does not offer.' };
    }
    const secure = await this.#secure(this.#options.tls);
    if (secure === undefined) return tlsFailed;
    // Without it, a browser could be tricked into speaking to the database ("SSL Session Encryption").
    if (secure.alpnProtocol === alpnProtocol) return undefined;
    return {
      kind: 'gone',
      reason: `The client began with TLS and did not offer the protocol "${alpnProtocol}".`,
    };
  }

  #refusedTls = false;

  /** Answer an SSLRequest. Undefined: go on reading, encrypted or not. */
  async #negotiatedTls(context: SecureContext | undefined): Promise<Ended | undefined> {
    if (context === undefined) {
      if (this.#refusedTls) return violation('SSLRequest was refused already');
      this.#refusedTls = true;
      this.#stream.write('N');
      return undefined;
    }
    // Bytes behind an SSLRequest came in the clear; read later, they would pass for encrypted ones (CVE-2021-23214).
    if (this.#source.buffered > 0) {
      return {
        kind: 'refused',
        fatal: {
          code: Sqlstate.protocol_violation,
          message: 'received unencrypted data after SSL request',
          detail:
            'This could be either a client-software bug or evidence of an attempted man-in-the-middle attack.',
        },
      };
    }
    this.#stream.write('S');
    return (await this.#secure(context)) === undefined ? tlsFailed : undefined;
  }

  async #secure(
    context: SecureContext,
  ): Promise<{ readonly alpnProtocol: string | false | null } | undefined> {
    this.#source.detach();
    this.#abandon = () => this.#socket.destroy();
    const secure = await acceptTls(this.#socket, context);
    if (secure === undefined) return undefined;
    const source = new ByteSource(secure);
    this.#stream = secure;
    this.#encrypted = true;
    this.#source = source;
    this.#abandon = () => source.abandon();
    return secure;
  }

  async #packet(): Promise<StartupPacket | undefined> {
    const head = await this.#source.take(4);
    if (head === undefined) return undefined;
    const length = head.readUInt32BE(0);
    const most = this.#options.maxStartupBytes ?? defaultStartupBytes;
    if (length < 8 || length > most) {
      throw new ProtocolFault(
        'malformed',
        `invalid length of startup packet: ${length} bytes, where 8 to ${most} are taken`,
      );
    }
    const body = await this.#source.take(length - 4);
    return body === undefined ? undefined : decodeStartupPacket(Buffer.concat([head, body]));
  }

  async #logIn(startup: Startup): Promise<Accepted<T> | Ended> {
    this.#stream.write(encodeAuthenticationCleartextPassword());
    const password = await this.#password();
    if (password === undefined) return left;
    if (password === '') return this.#wrongPassword(startup.user, 'The password is empty.');
    let verdict: Verdict<T>;
    try {
      verdict = await this.#options.authenticate(startup.user, startup.database, password, this.#peer);
    } catch {
      const message = 'the token could not be checked';
      return {
        kind: 'refused',
        fatal: { code: Sqlstate.internal_error, message, hint: 'See the log of the daemon.' },
      };
    }
    if (!verdict.ok) return this.#wrongPassword(startup.user, verdict.message);
    if (this.abandoned !== undefined || this.#stream.destroyed) return left;
    return {
      kind: 'session',
      stream: this.#stream,
      startup,
      value: verdict.value,
      peer: this.#peer,
      encrypted: this.#encrypted,
      leftover: this.#source.release(),
    };
  }

  async #password(): Promise<string | undefined> {
    const head = await this.#source.take(5);
    if (head === undefined) return undefined;
    const type = head.readUInt8(0);
    const length = head.readUInt32BE(1);
    if (type === FrontendType.Terminate) return undefined;
    if (type !== FrontendType.PasswordMessage) {
      throw new ProtocolFault('out-of-order', `expected a password, got a ${frontendName(type)}`);
    }
    if (length < 5 || length > maxPasswordBytes) {
      throw new ProtocolFault(
        'malformed',
        `a password message of ${length} bytes, where 5 to ${maxPasswordBytes} are taken`,
      );
    }
    const body = await this.#source.take(length - 4);
    return body === undefined ? undefined : decodePasswordMessage(Buffer.concat([head, body]));
  }

  /** The words of a server, which drivers know, and below them what an agent can do. */
  #wrongPassword(user: string, detail: string): Ended {
    const resource = this.#options.resource ?? 'RESOURCE';
    return {
      kind: 'refused',
      fatal: {
        code: Sqlstate.invalid_password,
        message: `password authentication failed for user "${user}"`,
        detail,
        hint: `The password here is a short-lived token. Run \`gatehouse env ${resource}\` for a fresh one.`,
      },
    };
  }
}

const tlsFailed: Ended = { kind: 'gone', reason: 'The TLS handshake with the client failed.' };

function violation(message: string): Ended {
  return { kind: 'refused', fatal: { code: Sqlstate.protocol_violation, message } };
}

/** For the log: the message may quote the client. */
function oneLine(text: string): string {
  return text.replaceAll(/\p{Cc}/gu, ' ');
}
