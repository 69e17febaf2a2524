/** What a test says: a request by somebody at a time, and what must come of it. */
import type { Principal } from '../evaluate/decision.ts';
import type { Effect, Limits, MaskKind } from '../model/policy.ts';
import type { FileRange } from '../syntax/diagnostic.ts';
import type { TypedSession } from '../vocabulary/readers.ts';

/** A range of a test file, with its lines and columns, which begin at 1. */
export interface TestPlace extends FileRange {
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

/** What may be expected of a decision. */
export type Expectation = 'decision' | 'observed' | 'rules' | 'masks' | 'limits' | 'message';

export interface Expected {
  readonly decision: Effect;
  /** With the policies that only observe. */
  readonly observed?: Effect;
  /** All that decide, as `policy/rule`, sorted. */
  readonly rules?: readonly string[];
  /** By column; `none`: its values pass as they are. */
  readonly masks?: Readonly<Record<string, MaskKind | 'none'>>;
  readonly limits?: Limits;
  /** Part of the words that the agent gets. */
  readonly message?: string;
  /** Where each stands. */
  readonly places: { readonly [Name in Expectation]?: TestPlace };
}

export interface TestCase {
  /** Unique in its file; stays while the names in the file stay. */
  readonly id: string;
  readonly name: string;
  /** The matrix that it is of. */
  readonly matrix?: string;
  readonly text: string;
  /** The only declared one unless given. */
  readonly resource?: string;
  readonly principal: Principal;
  readonly now: Date;
  readonly session: TypedSession;
  /** What the server's planner says; without it, what depends on it is open. */
  readonly plan?: { readonly cost: number; readonly rows: number };
  readonly expected: Expected;
  /** All of the case; of a case in a matrix, its cell. */
  readonly place: TestPlace;
}

export interface TestFile {
  readonly file: string;
  /** In the order of the file. */
  readonly cases: readonly TestCase[];
}

/** Monday noon, so that a test without a clock of its own tells the same on every day. */
export const defaultNow = '2026-01-05T12:00:00Z';
