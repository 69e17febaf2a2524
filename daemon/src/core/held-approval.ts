import type { Location } from '@gatehouse/policy-schema/model/policy.ts';
import type { Plan, RowCount } from './passage.ts';

/** A rule, and where it stands. */
export interface RuleSource {
  readonly policy: string;
  readonly rule: string;
  readonly location: Location;
}

/** A request that waits, as people and the control API see it. Times are ISO 8601. */
export interface HeldApproval {
  readonly id: string;
  readonly session: string;
  readonly resource: string;
  readonly protocol: string;
  readonly person: string;
  readonly agent: string;
  /** What the agent does it for, or the id of its own session; empty when nobody said. */
  readonly task: string;
  readonly text: string;
  readonly parameters?: readonly (string | null)[];
  /** The text without its values, where an answer may cover all of its like; `scope: shape` of an answer. */
  readonly shape?: string;
  readonly reason: string;
  readonly actions: readonly string[];
  /** `policy/rule`. */
  readonly rules: readonly string[];
  readonly sources: readonly RuleSource[];
  /** What it reads and writes, schema-qualified, each once. */
  readonly tables: readonly string[];
  /** What the server's planner expects, or why that is not known. */
  readonly plan: Plan | { readonly unknown: string };
  /** Present where a rule asks for it. */
  readonly count?: RowCount;
  readonly by: readonly (readonly string[])[];
  readonly asked: string;
  readonly expires: string;
}
