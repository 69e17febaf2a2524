import type { Socket } from 'node:net';
import {
  createMessageConnection,
  type MessageConnection,
  NullLogger,
  type RequestType,
  ResponseError,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { BoundedReader } from '../control/bounded-reader.ts';
import { controlErrors } from '../control/messages.ts';
import { invalid, object, text } from '../control/params.ts';
import { ConfigFault, PolicyFault, RecordFault } from '../core/faults.ts';
import { version } from '../core/version.ts';
import { isControlSecret } from '../identity/control-secret.ts';
import type { SecretText } from '../identity/secret-text.ts';
import type { Host } from './host.ts';
import type { Holder } from './hosted-workspace.ts';
import * as messages from './messages.ts';

/** Secrets of a workspace come in one message. */
const maxMessageBytes = 1024 * 1024;
/** Generous, as a machine that starts an editor is busy. */
const helloWithinMs = 15_000;
const partingMs = 50;

export interface VisitorParts {
  readonly host: Host;
  readonly secret: SecretText;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly log: (line: string) => void;
}

/** One connection to the host's socket: a stranger until it said hello with the secret, then a holder of leases. */
export class Visitor {
  readonly #socket: Socket;
  readonly #parts: VisitorParts;
  readonly #connection: MessageConnection;
  readonly #helloTimer: NodeJS.Timeout;
  #holder: Holder | undefined;

  constructor(socket: Socket, parts: VisitorParts, closed: () => void) {
    this.#socket = socket;
    this.#parts = parts;
    this.#helloTimer = setTimeout(() => socket.destroy(), helloWithinMs);
    this.#connection = createMessageConnection(
      new BoundedReader(socket, maxMessageBytes),
      new StreamMessageWriter(socket),
      NullLogger,
    );
    socket.on('error', () => socket.destroy());
    socket.once('close', () => {
      clearTimeout(this.#helloTimer);
      if (this.#holder !== undefined) parts.host.releaseAll(this.#holder);
      this.#connection.dispose();
      closed();
    });
    this.#connection.onError(() => socket.destroy());
    this.#serve();
    this.#connection.listen();
  }

  /** A line of the daemon as a whole. */
  log(line: string): void {
    if (this.#holder !== undefined) this.#tell(messages.logged, { line });
  }

  draining(): void {
    if (this.#holder !== undefined) this.#tell(messages.draining, {});
  }

  close(): void {
    this.#socket.destroySoon();
  }

  #serve(): void {
    const { host } = this.#parts;
    this.#on(messages.hello, (value) => this.#hello(value));
    this.#on(messages.open, (value) => {
      const fields = object(value);
      return host.open(text(fields, 'folder'), this.#known(), secretsOf(fields.secrets));
    });
    this.#on(messages.release, (value) => host.release(text(object(value), 'folder'), this.#known()));
    this.#on(messages.status, () => {
      this.#known();
      return { ...this.#self(), node: process.version, ...host.status() };
    });
    this.#on(messages.drain, () => {
      this.#known();
      void host.drain();
    });
  }

  #on<Params, Result>(
    type: RequestType<Params, Result, void>,
    handle: (value: unknown) => Result | Promise<Result>,
  ): void {
    this.#connection.onRequest<unknown, void>(type.method, async (value: unknown) => {
      try {
        return await handle(value);
      } catch (error) {
        throw this.#presentable(error);
      }
    });
  }

  #hello(value: unknown): messages.HelloResult {
    const fields = object(value);
    if (this.#holder !== undefined || !isControlSecret(this.#parts.secret, text(fields, 'secret'))) {
      // One guess a connection; its answer still goes out.
      setTimeout(() => this.#socket.destroy(), partingMs);
      throw new ResponseError(controlErrors.unauthenticated, 'That is not the secret of this daemon.');
    }
    clearTimeout(this.#helloTimer);
    this.#holder = {
      client: `${text(fields, 'client')} (${text(fields, 'version')})`,
      log: (folder, line) => this.#tell(messages.logged, { folder, line }),
      closed: (folder) => this.#tell(messages.closed, { folder }),
    };
    return this.#self();
  }

  #self(): messages.HelloResult {
    return { version, pid: process.pid, startedAt: this.#parts.startedAt };
  }

  #known(): Holder {
    if (this.#holder !== undefined) return this.#holder;
    throw new ResponseError(
      controlErrors.unauthenticated,
      'Say hello first, with the secret of this daemon.',
    );
  }

  #tell<Params>(type: { readonly method: string }, params: Params): void {
    this.#connection.sendNotification(type.method, params).catch(() => this.#socket.destroy());
  }

  #presentable(error: unknown): ResponseError<void> {
    if (error instanceof ResponseError) return error;
    const known = [ConfigFault, PolicyFault, RecordFault].some((fault) => error instanceof fault);
    const message = error instanceof Error ? error.message : String(error);
    if (!known) this.#parts.log(`A request to the daemon failed: ${message}`);
    // Also what nobody foresaw keeps a workspace from being served, and the person has to know why.
    return new ResponseError(controlErrors.refused, message);
  }
}

function secretsOf(value: unknown): Readonly<Record<string, string>> {
  const secrets: Record<string, string> = {};
  for (const [name, secret] of Object.entries(object(value))) {
    // Without a word of what it is.
    if (typeof secret !== 'string') throw invalid('secrets must be strings');
    secrets[name] = secret;
  }
  return secrets;
}
