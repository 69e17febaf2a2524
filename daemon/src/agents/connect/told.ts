import type { ConnectableName } from './adapter.ts';
import type { FileEdit } from './plan.ts';
import type { RunningAgent } from './running.ts';

/** What `gatehouse connect --json` says of each agent. */
export interface ToldAgent {
  readonly name: ConnectableName;
  readonly title: string;
  readonly installed: boolean;
  readonly connected: { readonly workspace: boolean; readonly user: boolean };
  /** Processes of it that work in the workspace now, where the system tells. */
  readonly running: readonly RunningAgent[];
}

/** What `gatehouse connect AGENT --json` says. */
export interface ToldPlan {
  /** Tells this plan from others: `--yes DIGEST` writes it, and no other. */
  readonly digest: string;
  readonly edits: readonly FileEdit[];
  /** What a person should know beside it. */
  readonly notes: readonly string[];
  /** Why nothing can be written. */
  readonly problems: readonly string[];
  /** Files that were written, each with where it is kept as it was. */
  readonly written: readonly { readonly file: string; readonly backup?: string }[];
}
