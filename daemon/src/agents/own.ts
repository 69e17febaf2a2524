/** What an agent asks about itself with its token, and what it is told. Nothing here is about other agents. */
import type { Effect, MaskKind } from '@gatehouse/policy-schema/model/policy.ts';
import type { AccessRequest } from '../core/access-requests.ts';

export interface OwnPolicy {
  readonly resource: string;
  readonly protocol: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly person: string;
  readonly agent: string;
  readonly task: string;
  /** Those that apply to this agent on this resource; the enforcing ones. Empty: it may do nothing. */
  readonly rules: readonly OwnRule[];
  readonly masks: readonly OwnMask[];
  /** Limits and budgets, a sentence each. */
  readonly bounds: readonly string[];
  /** What it asked people for here. */
  readonly access: readonly AccessRequest[];
}

export interface OwnRule {
  readonly effect: Effect;
  readonly policy: string;
  readonly rule: string;
  /** `file:line`. */
  readonly place: string;
  /** In plain English, as Markdown. */
  readonly words: string;
}

export interface OwnMask {
  readonly columns: readonly string[];
  readonly with: MaskKind;
  readonly place: string;
  readonly words: string;
}

export interface OwnDecisionParams {
  readonly text: string;
}
/** What the gate would decide, by the accepted policy, of a statement that nobody runs. */
export interface OwnDecision {
  readonly effect: Effect;
  readonly reason: string;
  readonly hint?: string;
  readonly actions: readonly {
    /** In the words of the protocol: `select`. */
    readonly kind: string;
    readonly words: string;
    readonly effect: Effect;
    /** Those that speak for the effect; none for a denial by default. */
    readonly rules: readonly {
      readonly rule: string;
      readonly policy: string;
      readonly effect: Effect;
      readonly place: string;
      readonly message?: string;
    }[];
  }[];
  /** What it names, schema-qualified, each once. */
  readonly tables: readonly string[];
  readonly masks: readonly OwnMask[];
  readonly bounds: readonly string[];
  readonly approval?: { readonly by: readonly (readonly string[])[]; readonly withinSeconds: number };
  /** The server's plan may change the answer. */
  readonly needsPlan: boolean;
  /** What each rule made of it, a line each. */
  readonly trace: readonly string[];
  /** What this agent may do here: the rules that allow or ask. */
  readonly instead: readonly OwnRule[];
}

export interface OwnSchemaParams {
  /** A part of table names, whatever its case. */
  readonly table?: string;
}
export interface OwnSchema {
  readonly tables: readonly OwnTable[];
  /** There is more than is told. */
  readonly partial: boolean;
}
export interface OwnTable {
  /** As policies write it. */
  readonly name: string;
  readonly kind: 'table' | 'view';
  /** What would be decided of reading all of its columns. */
  readonly reading: Effect;
  readonly columns: readonly {
    readonly name: string;
    readonly type: string;
    readonly mask?: MaskKind;
  }[];
}

export interface OwnDenialsParams {
  /** The newest so many, 1 to 50. */
  readonly limit: number;
}
export interface OwnDenial {
  /** Of the request in the record. */
  readonly id: string;
  readonly at: string;
  readonly text: string;
  readonly reason: string;
  readonly rules: readonly { readonly rule: string; readonly policy: string; readonly place: string }[];
}

export interface RequestAccessParams {
  readonly reason: string;
  readonly statement?: string;
}
