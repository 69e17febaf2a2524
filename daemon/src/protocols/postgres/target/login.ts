import { ProtocolFault, TargetFault } from '../../../core/faults.ts';
import { decodeAuthentication } from '../wire/authentication-messages.ts';
import {
  type BackendKeyData,
  decodeBackendKeyData,
  decodeErrorFields,
  decodeNegotiateProtocolVersion,
  decodeNoticeFields,
  decodeParameterStatus,
  decodeReadyForQuery,
  type ReportFields,
  type TransactionStatus,
} from '../wire/backend-messages.ts';
import { ByteSource } from '../wire/byte-source.ts';
import { BackendType, backendName, Sqlstate } from '../wire/codes.ts';
import { encodeStartupMessage } from '../wire/startup-packets.ts';
import { placeOf } from './attempt.ts';
import type { Transport } from './connect.ts';
import { Credentials } from './credentials.ts';
import { serverFault } from './server-fault.ts';
import type { DialOptions, Target } from './target-options.ts';

/** Bounds on what a server may say before it is ready. */
const maxLoginMessageBytes = 64 * 1024;
const maxLoginMessages = 2000;

export type Login =
  | { readonly kind: 'in'; readonly target: Target }
  /** The server does not know the version and did not negotiate. `fault` says so if there is no other to try. */
  | { readonly kind: 'version-refused'; readonly fault: TargetFault };

/**
 * StartupMessage to the first ReadyForQuery, asking for protocol 3.`minor`. The stream stays the caller's.
 * @throws TargetFault, and what the password's source throws
 */
export async function logIn(
  transport: Transport,
  minor: 0 | 2,
  options: DialOptions,
  signal: AbortSignal,
): Promise<Login> {
  const source = new ByteSource(transport.stream);
  try {
    const conversation = new Conversation(source, transport, minor, options, signal);
    return await conversation.run();
  } catch (error) {
    if (!(error instanceof ProtocolFault)) throw error;
    const message = `${placeOf(options)} does not speak PostgreSQL's protocol as it is written: ${error.message}`;
    throw new TargetFault('refused', message, { cause: error });
  } finally {
    source.detach();
  }
}

class Conversation {
  readonly #source: ByteSource;
  readonly #transport: Transport;
  readonly #options: DialOptions;
  readonly #credentials: Credentials;
  readonly #parameters = new Map<string, string>();
  readonly #notices: ReportFields[] = [];
  #minor: 0 | 2;
  #backend: BackendKeyData | undefined;
  #messages = 0;

  constructor(
    source: ByteSource,
    transport: Transport,
    minor: 0 | 2,
    options: DialOptions,
    signal: AbortSignal,
  ) {
    this.#source = source;
    this.#transport = transport;
    this.#minor = minor;
    this.#options = options;
    this.#credentials = new Credentials(options, transport, signal);
  }

  async run(): Promise<Login> {
    const { user, database, parameters } = this.#options;
    const all = new Map([['user', user], ['database', database], ...parameters]);
    this.#transport.stream.write(encodeStartupMessage(this.#minor, all));
    const refused = await this.#authenticate();
    if (refused !== undefined) return { kind: 'version-refused', fault: refused };
    const transactionStatus = await this.#untilReady();
    return {
      kind: 'in',
      target: {
        stream: this.#transport.stream,
        encrypted: this.#transport.tls !== undefined,
        minor: this.#minor,
        parameters: this.#parameters,
        pid: this.#backend?.pid ?? 0,
        key: this.#backend?.key ?? Buffer.alloc(4),
        transactionStatus,
        notices: this.#notices,
        leftover: this.#source.release(),
      },
    };
  }

  /** Up to AuthenticationOk. A fault that is returned may be about the version only; the others are thrown. */
  async #authenticate(): Promise<TargetFault | undefined> {
    for (let first = true; ; first = false) {
      const frame = await this.#message();
      if (frame === undefined) {
        const fault = this.#gone();
        // Some servers and poolers hang up on a version that they do not know.
        if (first && this.#minor > 0) return fault;
        throw fault;
      }
      switch (frame[0]) {
        case BackendType.Authentication: {
          const message = decodeAuthentication(frame);
          const answer = await this.#credentials.answer(message);
          if (message.kind === 'Ok') return undefined;
          if (answer !== undefined) this.#transport.stream.write(answer);
          break;
        }
        case BackendType.NegotiateProtocolVersion:
          if (!first) throw unexpected(frame);
          this.#negotiated(decodeNegotiateProtocolVersion(frame).minor);
          break;
        case BackendType.ErrorResponse: {
          const fields = decodeErrorFields(frame);
          const fault = serverFault(fields, this.#options);
          if (first && this.#minor > 0 && isAboutVersion(fields)) return fault;
          throw fault;
        }
        case BackendType.NoticeResponse:
          this.#notices.push(decodeNoticeFields(frame));
          break;
        default:
          throw unexpected(frame);
      }
    }
  }

  #negotiated(minor: number): void {
    if (minor > this.#minor) throw new ProtocolFault('malformed', 'It negotiated the version up.');
    this.#minor = minor === 2 ? 2 : 0;
  }

  async #untilReady(): Promise<TransactionStatus> {
    for (;;) {
      const frame = await this.#message();
      if (frame === undefined) throw this.#gone();
      switch (frame[0]) {
        case BackendType.ParameterStatus: {
          const { name, value } = decodeParameterStatus(frame);
          this.#parameters.set(name, value);
          break;
        }
        case BackendType.BackendKeyData:
          this.#backend = decodeBackendKeyData(frame);
          break;
        case BackendType.NoticeResponse:
          this.#notices.push(decodeNoticeFields(frame));
          break;
        case BackendType.ErrorResponse:
          throw serverFault(decodeErrorFields(frame), this.#options);
        case BackendType.ReadyForQuery:
          return decodeReadyForQuery(frame);
        default:
          throw unexpected(frame);
      }
    }
  }

  async #message(): Promise<Buffer | undefined> {
    const head = await this.#source.take(5);
    if (head === undefined) return undefined;
    const length = head.readUInt32BE(1);
    if (length < 4 || length > maxLoginMessageBytes || ++this.#messages > maxLoginMessages)
      throw unexpected(head);
    if (length === 4) return head;
    const body = await this.#source.take(length - 4);
    return body === undefined ? undefined : Buffer.concat([head, body]);
  }

  #gone(): TargetFault {
    return new TargetFault(
      'disconnected',
      `The database at ${placeOf(this.#options)} closed the connection during login. See its log.`,
    );
  }
}

/** What servers and poolers answer to a version that they do not know. */
function isAboutVersion(fields: ReportFields): boolean {
  return fields.C === Sqlstate.feature_not_supported || fields.C === Sqlstate.protocol_violation;
}

function unexpected(frame: Buffer): ProtocolFault {
  return new ProtocolFault('out-of-order', `A ${backendName(frame[0] ?? 0)} has no place here.`);
}
