import type { Extended } from './extends.ts';
import type { Location } from './policy.ts';

/** Where a real credential comes from. Its value never stands in a file of the workspace. */
export type SecretSource =
  | { readonly command: readonly string[] }
  | { readonly file: string }
  | { readonly env: string }
  /** A name in the JSON object that the daemon reads from its standard input at start. */
  | { readonly stdin: string };

export interface UpstreamTls {
  /** As libpq's sslmode; `verify-full` is the default. */
  readonly mode: 'disable' | 'require' | 'verify-ca' | 'verify-full';
  /** `direct`: TLS from the first byte (PostgreSQL 17 and newer). */
  readonly negotiation: 'postgres' | 'direct';
  /** A PEM file with the certificates to trust, relative to the workspace; absent: the system's. */
  readonly ca?: string;
}

export interface Resource {
  readonly name: string;
  readonly protocol: 'postgres';
  readonly labels: Readonly<Record<string, string>>;
  /** A host name, an address, or the folder of a unix socket. */
  readonly host: string;
  readonly port: number;
  readonly database: string;
  readonly user: string;
  readonly password?: SecretSource;
  readonly tls: UpstreamTls;
  /** Loopback port for agents; absent: the daemon picks one and keeps it. */
  readonly listen?: number;
  readonly location: Location;
}

export interface RecordSettings {
  /** `durable`: a permit waits for fdatasync. `written`: for write(), so a power cut may lose the last moments. */
  readonly durability: 'durable' | 'written';
  /** How much of a (masked) result is kept for each request. */
  readonly results: { readonly rows: number; readonly bytes: number };
}

/** Bounds on what the daemon reads from a client, in bytes. What is larger is denied with the bound's name. */
export interface SizeLimits {
  readonly maxStatementBytes: number;
  readonly maxMessageBytes: number;
}

/** `.gatehouse/gatehouse.yaml`. */
export interface Workspace {
  readonly resources: readonly Resource[];
  /** Other repositories whose policies hold here too; absent where there is none. */
  readonly extends?: readonly Extended[];
  readonly records: RecordSettings;
  readonly sizes: SizeLimits;
}
