import { once } from 'node:events';
import net from 'node:net';
import tls from 'node:tls';
import { query, sslRequest, startup, terminate } from './frontend-messages.ts';
import { passwordLogin } from './login.ts';

/** A backend message as it came: its type as a character, and the bytes after the length word. */
export interface BackendMessage {
  readonly type: string;
  readonly body: Buffer;
}

export interface RawTarget {
  readonly host: string;
  readonly port: number;
  readonly user: string;
  readonly password: string;
  readonly database: string;
  /** Further startup parameters. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly protocolVersion?: number;
  /** PEM of the CA: ask for TLS. */
  readonly ca?: string;
}

/** A client that hides nothing: it sends bytes and returns messages. For tests only. */
export class RawPostgres {
  readonly socket: net.Socket;
  /** What came between the startup packet and the first ReadyForQuery. */
  greeting: readonly BackendMessage[] = [];
  #pending: Buffer = Buffer.alloc(0);
  #messages: BackendMessage[] = [];
  #ended: Error | undefined;
  #wake: (() => void) | undefined;

  private constructor(socket: net.Socket) {
    this.socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#take(chunk));
    socket.on('error', (error) => this.#end(error));
    socket.on('close', () => this.#end(new Error('The server closed the connection.')));
  }

  /** Log in and wait for ReadyForQuery. @throws Error with the server's words when it refuses. */
  static async connect(target: RawTarget): Promise<RawPostgres> {
    const client = await RawPostgres.dial(target);
    const login = passwordLogin(target.user, target.password);
    const names = { user: target.user, database: target.database, ...target.parameters };
    client.send(startup(names, target.protocolVersion));
    const greeting: BackendMessage[] = [];
    for (;;) {
      const message = await client.next();
      greeting.push(message);
      if (message.type === 'R') {
        const answer = login(message.body);
        if (answer !== undefined) client.send(answer);
      }
      if (message.type === 'E') {
        client.socket.destroy();
        const fields = errorFields(message.body);
        throw Object.assign(new Error(fields.M), { code: fields.C, fields });
      }
      if (message.type === 'Z') break;
    }
    client.greeting = greeting;
    return client;
  }

  /** Connected, nothing said yet but (with `ca`) TLS. */
  static async dial(target: Pick<RawTarget, 'host' | 'port' | 'ca'>): Promise<RawPostgres> {
    const socket = net.connect({ host: target.host, port: target.port });
    await once(socket, 'connect');
    if (target.ca === undefined) return new RawPostgres(socket);
    socket.write(sslRequest);
    const [reply] = (await once(socket, 'data')) as [Buffer];
    if (reply.toString() !== 'S') throw new Error('The server does not speak TLS.');
    const secure = tls.connect({ socket, ca: target.ca, servername: 'localhost' });
    await once(secure, 'secureConnect');
    return new RawPostgres(secure);
  }

  #take(chunk: Buffer): void {
    this.#pending = this.#pending.length === 0 ? chunk : Buffer.concat([this.#pending, chunk]);
    let at = 0;
    while (this.#pending.length - at >= 5) {
      const length = this.#pending.readInt32BE(at + 1);
      if (this.#pending.length - at < length + 1) break;
      const body = Buffer.from(this.#pending.subarray(at + 5, at + 1 + length));
      this.#messages.push({ type: this.#pending.toString('latin1', at, at + 1), body });
      at += length + 1;
    }
    this.#pending = this.#pending.subarray(at);
    if (this.#messages.length > 0) this.#wake?.();
  }

  #end(error: Error): void {
    this.#ended ??= error;
    this.#wake?.();
  }

  get ended(): boolean {
    return this.#ended !== undefined;
  }

  send(...bytes: readonly Buffer[]): void {
    this.socket.write(bytes.length === 1 && bytes[0] !== undefined ? bytes[0] : Buffer.concat(bytes));
  }

  /** The next message. @throws Error when the connection ended and nothing is left. */
  async next(): Promise<BackendMessage> {
    for (;;) {
      const message = this.#messages.shift();
      if (message !== undefined) return message;
      if (this.#ended !== undefined) throw this.#ended;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /**
   * Every message up to and with one of `until`. A connection that ends shows as a last message of type `closed`,
   * so that two connections that end alike compare equal.
   */
  async until(until: string, onMessage?: (message: BackendMessage) => void): Promise<BackendMessage[]> {
    const got: BackendMessage[] = [];
    for (;;) {
      let message: BackendMessage;
      try {
        message = await this.next();
      } catch {
        got.push({ type: 'closed', body: Buffer.alloc(0) });
        return got;
      }
      got.push(message);
      onMessage?.(message);
      if (until.includes(message.type)) return got;
    }
  }

  /** Send, and return what came up to ReadyForQuery. */
  exchange(...bytes: readonly Buffer[]): Promise<BackendMessage[]> {
    this.send(...bytes);
    return this.until('Z');
  }

  /** A simple query's rows in text. @throws Error with `code` and `fields` of the ErrorResponse. */
  async rows(sql: string): Promise<(string | null)[][]> {
    const messages = await this.exchange(query(sql));
    const error = messages.find((message) => message.type === 'E');
    if (error !== undefined) {
      const fields = errorFields(error.body);
      throw Object.assign(new Error(fields.M), { code: fields.C, fields });
    }
    return messages.filter((message) => message.type === 'D').map((message) => dataRow(message.body));
  }

  async end(): Promise<void> {
    if (this.socket.destroyed) return;
    this.socket.end(terminate);
    if (!this.socket.closed) await once(this.socket, 'close');
  }
}

/** ErrorResponse and NoticeResponse: fields by their one-letter names. */
export function errorFields(body: Buffer): Record<string, string> {
  const fields: Record<string, string> = {};
  for (let at = 0; at < body.length && body[at] !== 0; ) {
    const end = body.indexOf(0, at + 1);
    fields[String.fromCharCode(body[at] ?? 0)] = body.toString('utf8', at + 1, end);
    at = end + 1;
  }
  return fields;
}

/** A DataRow's cells, taken as text. */
export function dataRow(body: Buffer): (string | null)[] {
  const cells: (string | null)[] = [];
  let at = 2;
  for (let left = body.readInt16BE(0); left > 0; left--) {
    const length = body.readInt32BE(at);
    at += 4;
    cells.push(length < 0 ? null : body.toString('utf8', at, at + length));
    if (length > 0) at += length;
  }
  return cells;
}

/** Messages in short: `1 2 T D=… C=SELECT 1 E=42501 Z=I`. */
export function short(messages: readonly BackendMessage[]): string {
  return messages
    .map(({ type, body }) => {
      if (type === 'D') return `D=${dataRow(body).join('|')}`;
      if (type === 'E') return `E=${errorFields(body).C}`;
      if (type === 'Z') return `Z=${body.toString('latin1')}`;
      if (type === 'C') return `C=${body.toString('latin1', 0, body.length - 1)}`;
      return type;
    })
    .join(' ');
}
