import type { Plan, RowCount } from './passage.ts';

/** A request that waits, as people and the control API see it. Times are ISO 8601. */
export interface HeldApproval {
  readonly id: string;
  readonly session: string;
  readonly resource: string;
  readonly person: string;
  readonly agent: string;
  readonly text: string;
  readonly parameters?: readonly (string | null)[];
  readonly reason: string;
  readonly actions: readonly string[];
  readonly rules: readonly string[];
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
