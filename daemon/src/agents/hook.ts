import type { Dialect } from './shell-words.ts';
import type { ToolUse } from './tool-use.ts';

/** Who asks by a hook: harnesses whose hooks are known, and `agent` for any other that speaks as Claude Code does. */
export const harnessNames = ['claude-code', 'codex', 'copilot', 'cursor', 'cline', 'agent'] as const;
export type HarnessName = (typeof harnessNames)[number];

export interface HookParams {
  readonly harness: HarnessName;
  /** The harness's own id of its session; it is recorded as the task. */
  readonly session: string;
  /** Absolute. */
  readonly cwd: string;
  readonly event: HookEvent;
}

export type HookEvent =
  /** `sources`: the harness takes a file that it reads before each shell command. */
  | { readonly kind: 'session-start'; readonly sources: boolean }
  | { readonly kind: 'tool'; readonly name: string; readonly use: ToolUse };

/** What a hook answers. There is no `allow`: what the editor itself would ask about, it still asks about. */
export type HookAnswer =
  | { readonly kind: 'none' }
  /** `words` are for the agent. */
  | { readonly kind: 'deny'; readonly words: string }
  /** A person is asked, and shown `words`. */
  | { readonly kind: 'ask'; readonly words: string }
  /** The tool runs this command in place of its own. */
  | { readonly kind: 'rewrite'; readonly command: string }
  /** To the start of a session: what the agent should know, and the file that sets its environment. */
  | { readonly kind: 'welcome'; readonly words: string; readonly file: string };

/** For a terminal in which an agent is started by hand. */
export interface EnvironmentParams {
  readonly agent: string;
  readonly session: string;
  /** How long its tokens can log in, in milliseconds; at most a day. */
  readonly ttl: number;
}
export interface EnvironmentResult {
  readonly variables: Readonly<Record<string, string>>;
  /** What a shell reads to have them, by its dialect. */
  readonly entry: Readonly<Record<Dialect, string>>;
}
