import type { Dialect } from './shell-words.ts';

/** What a tool of an agent is about to do, in no harness's own words. Contents of files stay with the agent. */
export type ToolUse =
  | { readonly kind: 'shell'; readonly command: string; readonly dialect: Dialect }
  | { readonly kind: 'read'; readonly files: readonly string[] }
  | { readonly kind: 'write'; readonly files: readonly string[] }
  /** Not looked into: what it does, if it reaches a resource, the gate decides. */
  | { readonly kind: 'other' };
