import type { Duplex } from 'node:stream';
import type { UpstreamTls } from '@gatehouse/policy-schema/model/workspace.ts';
import type { ReportFields, TransactionStatus } from '../wire/backend-messages.ts';

/** {@link UpstreamTls} with its files read. */
export interface TargetTls {
  readonly mode: UpstreamTls['mode'];
  readonly negotiation: UpstreamTls['negotiation'];
  /** The certificates to trust, PEM; absent: the system's. With `require` they are verified too, as libpq does. */
  readonly caPem?: string;
  /** The name that the certificate must carry, where it is not `host`. */
  readonly serverName?: string;
}

/** Where a database listens and how its connection is secured. */
export interface TargetAddress {
  /** A host name, an address, or (with a leading `/`) the folder of a unix socket, over which TLS is not used. */
  readonly host: string;
  readonly port: number;
  readonly tls: TargetTls;
  /** For all of it: name lookup, TLS, login. */
  readonly timeoutMs: number;
  /** Gives up the attempt. Has no effect on a connection that was handed out. */
  readonly signal?: AbortSignal;
}

export interface DialOptions extends TargetAddress {
  readonly database: string;
  readonly user: string;
  /** The real credential, fetched when the server asks for one. Never logged, never part of a message. */
  readonly password?: () => Promise<string | undefined>;
  /** More of the StartupMessage: `application_name`, `client_encoding`, … */
  readonly parameters: ReadonlyMap<string, string>;
}

/** A session on the database's side, logged in and idle. */
export interface Target {
  readonly stream: Duplex;
  readonly encrypted: boolean;
  readonly minor: 0 | 2;
  /** What ParameterStatus said during login. */
  readonly parameters: ReadonlyMap<string, string>;
  readonly pid: number;
  readonly key: Buffer;
  readonly transactionStatus: TransactionStatus;
  /** NoticeResponses of the login, such as a collation warning. */
  readonly notices: readonly ReportFields[];
  /** Bytes that came behind the first ReadyForQuery. */
  readonly leftover: Buffer;
}
