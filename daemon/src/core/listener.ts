import type { Principal } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { RecordSettings, Resource, SizeLimits } from '@gatehouse/policy-schema/model/workspace.ts';
import type { KnownNames } from './known-names.ts';
import type { Gate } from './passage.ts';

/** The answer to an agent's token. `message` says what to do and holds no part of the token. */
export type TokenVerdict =
  | { readonly ok: true; readonly principal: Principal }
  | { readonly ok: false; readonly message: string };

/** PEM texts of the daemon's own certificate, for clients that want TLS on loopback. */
export interface ListenerCertificate {
  readonly certPem: string;
  readonly keyPem: string;
}

/** All that a protocol needs to serve one resource. */
export interface ListenOptions {
  readonly resource: Resource;
  /** PEM text of `resource.tls.ca`, read when the workspace was accepted. */
  readonly caPem?: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  readonly gate: Gate;
  readonly verifyToken: (token: string, peer: string) => TokenVerdict;
  /** The real credential, fetched for each connection; undefined where the resource names none. */
  readonly secret: () => Promise<string | undefined>;
  readonly certificate: ListenerCertificate;
  /** Keys the `hash` mask: 32 bytes, the same for the life of a workspace. */
  readonly maskKey: Buffer;
  readonly sizes: SizeLimits;
  readonly results: RecordSettings['results'];
  /** One line for the daemon's own log; never a secret, a statement or a value. */
  readonly log: (line: string) => void;
}

export interface Listener {
  readonly host: string;
  readonly port: number;
  readonly sessions: number;
  /** What the resource holds, asked of it now. @throws TargetFault when it does not tell */
  names(): Promise<KnownNames>;
  /** Stop listening and end every session. */
  close(): Promise<void>;
}

export interface Protocol {
  listen(options: ListenOptions): Promise<Listener>;
}
