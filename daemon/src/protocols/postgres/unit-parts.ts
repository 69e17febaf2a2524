import type { Decision } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { Request } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { Asked, Denial, Gate, Passage } from '../../core/passage.ts';
import type { Reading } from './reading.ts';
import type { Replies } from './replies.ts';
import type { ResultMasks } from './result-masks.ts';
import type { Run } from './run.ts';
import type { SessionState } from './session-state.ts';
import type { StatementPlans } from './statement-plans.ts';
import type { StatementReader } from './statement-reader.ts';
import type { Outlet } from './wire/outlet.ts';

export type Granted = Extract<Passage, { kind: 'granted' }>;

/** What planning a unit needs of its session. */
export interface UnitParts {
  readonly state: SessionState;
  readonly statements: StatementReader;
  readonly masks: ResultMasks;
  readonly plans: StatementPlans;
  readonly replies: Replies;
  /** Towards the server. */
  readonly server: Outlet;
  readonly pass: (asked: Asked) => Promise<Passage>;
  /** Decide only, see {@link Gate.decide}. */
  readonly decide: (request: Request) => Decision;
  /** Begin to count what a granted request brings. */
  readonly run: (granted: Granted, reading: Reading) => Run;
}

export interface Denied {
  readonly kind: 'denied';
  readonly denial: Denial;
  /** It was about a Parse of the unnamed statement, which is gone then whether the new text is taken or not. */
  readonly dropsUnnamed?: boolean;
}
