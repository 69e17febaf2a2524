import type { Duplex } from 'node:stream';
import type { SecureContext } from 'node:tls';

/** `message` says what to do and holds no part of the password. */
export type Verdict<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

export interface AcceptOptions<T> {
  /** Absent: SSLRequest is answered with `N`, and a client that insists on TLS goes away. */
  readonly tls?: SecureContext;
  /** Judge the token that the client sent as its password. A rejection refuses the client. */
  readonly authenticate: (
    user: string,
    database: string,
    password: string,
    peer: string,
  ) => Promise<Verdict<T>> | Verdict<T>;
  /** The resource's name, for the hint that says how to get a token. */
  readonly resource?: string;
  /** From the first byte to the verdict; 10 s by default. */
  readonly startupTimeoutMs?: number;
  /** The longest startup packet; 10,000 by default, as PostgreSQL's MAX_STARTUP_PACKET_LENGTH. */
  readonly maxStartupBytes?: number;
  /** The daemon is going: clients that have not logged in yet are told so. */
  readonly signal?: AbortSignal;
}

export interface Startup {
  /** What both sides speak from now on, after NegotiateProtocolVersion. */
  readonly minor: 0 | 2;
  readonly user: string;
  readonly database: string;
  /** Settings that the client asks for (`application_name`, `client_encoding`, `options`, …), in the order sent. */
  readonly parameters: ReadonlyMap<string, string>;
}

export type Accepted<T> =
  | {
      readonly kind: 'session';
      /** The connection, through TLS where the client asked for it. Nothing since the password has been answered. */
      readonly stream: Duplex;
      readonly startup: Startup;
      /** What `authenticate` gave. */
      readonly value: T;
      readonly peer: string;
      readonly encrypted: boolean;
      /** Bytes that the client sent ahead. */
      readonly leftover: Buffer;
    }
  | {
      readonly kind: 'cancel';
      readonly pid: number;
      readonly key: Buffer;
      /** To be ended, without a word, when the cancel has been passed on: clients wait for that. */
      readonly stream: Duplex;
    }
  /** The client left or was refused; the connection is gone. `reason` is for the daemon's log. */
  | { readonly kind: 'closed'; readonly reason: string };
