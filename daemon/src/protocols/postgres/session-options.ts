import type { Duplex } from 'node:stream';
import type { AnalysisCache } from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis-cache.ts';
import type { Gate } from '../../core/passage.ts';
import type { Session } from '../../core/session.ts';
import type { Catalog } from './catalog.ts';
import type { ClientBounds } from './client-units.ts';
import type { SampleBounds } from './run.ts';
import type { Target } from './target/target-options.ts';

/** The authenticated client. */
export interface ClientSide {
  readonly stream: Duplex;
  /** Bytes that came with the end of the startup. */
  readonly leftover: Buffer;
  /** The protocol's minor version. */
  readonly minor: number;
  readonly application: string;
}

export interface SessionOptions {
  readonly session: Session;
  readonly gate: Gate;
  readonly client: ClientSide;
  /** Logged in and idle. */
  readonly server: Target;
  /** Shared by the sessions of a resource. */
  readonly catalog: Catalog;
  readonly analyses: AnalysisCache;
  readonly sizes: ClientBounds;
  readonly results: SampleBounds;
  readonly maskKey: Buffer;
  /** Send a CancelRequest for this session's backend, and no other. */
  readonly cancelServer: () => Promise<void>;
  readonly log: (line: string) => void;
}

/** How a session ends. */
export interface Ending {
  readonly reason: string;
  /** The last message to the client. */
  readonly farewell?: Buffer;
}
