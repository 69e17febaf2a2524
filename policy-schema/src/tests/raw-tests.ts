import type { Effect, MaskKind } from '../model/policy.ts';

/** Test files as they are written, once the schema has accepted them. */

export interface RawWho {
  readonly agent?: string;
  readonly person?: string;
  readonly groups?: readonly string[];
  readonly task?: string;
  readonly workspace?: string;
}

export interface RawCircumstances {
  readonly resource?: string;
  readonly now?: string;
  readonly session?: {
    readonly inTransaction?: boolean;
    readonly application?: string;
    readonly searchPath?: readonly string[];
  };
}

export interface RawAsked extends RawCircumstances {
  readonly request: string;
  readonly facts?: { readonly estimatedRows?: number; readonly plannerCost?: number };
}

export interface RawExpectation {
  readonly decision: Effect;
  readonly observed?: Effect;
  readonly rules?: readonly string[];
  readonly masks?: Readonly<Record<string, MaskKind | 'none' | null>>;
  readonly limits?: {
    readonly rows?: number;
    readonly bytes?: string | number;
    readonly duration?: string;
    readonly statementsPerMinute?: number;
    readonly cost?: number;
    readonly estimatedRows?: number;
  };
  readonly message?: string;
}

export interface RawCase extends RawAsked {
  readonly name: string;
  readonly principal?: RawWho;
  readonly expect: RawExpectation;
}

export interface RawMatrix {
  readonly name: string;
  readonly principals: readonly (RawWho & { readonly name: string })[];
  readonly requests: readonly (RawAsked & { readonly name: string })[];
  readonly expect: Readonly<Record<string, Readonly<Record<string, Effect>>>>;
}

export interface RawTests {
  readonly defaults?: RawCircumstances & { readonly principal?: RawWho };
  readonly cases?: readonly RawCase[];
  readonly matrices?: readonly RawMatrix[];
}
