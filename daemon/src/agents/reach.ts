import type { Upstream } from './upstreams.ts';

/** What the hook knows when it looks at a tool. Folders are absolute. */
export interface Surroundings {
  readonly workspaceFolder: string;
  readonly cwd: string;
  readonly home: string;
  /** Where Gatehouse keeps secrets, tokens and records. */
  readonly stateFolders: readonly string[];
  readonly upstreams: readonly Upstream[];
  /** The ports that resources have behind the gate, by the resource's name. */
  readonly served: ReadonlyMap<string, number>;
  /** Whether the daemon runs: without it no client reaches what it is meant to. */
  readonly gate: 'up' | 'down';
  /** The text of a file where it is small and there is one; read only to see whether it holds an upstream's password. */
  readonly readText: (file: string) => string | undefined;
}

/** Why a tool is not let go on as it is. `words` are for the agent: what it met, and what to do instead. */
export type Objection =
  | {
      readonly kind: 'deny';
      readonly cause: 'credential' | 'state' | 'direct' | 'answering' | 'gate-down';
      readonly words: string;
    }
  | { readonly kind: 'ask'; readonly cause: 'policy' | 'hooks'; readonly words: string };

export const objections = {
  credential: (file: string): Objection => ({
    kind: 'deny',
    cause: 'credential',
    words: `Gatehouse: ${file} holds a credential that goes around the gate. You need none: psql and other clients are already set up to reach the workspace's resources through Gatehouse, so run them without host, user or password. If you need something else from this file, ask the person for it.`,
  }),
  state: (): Objection => ({
    kind: 'deny',
    cause: 'state',
    words:
      "Gatehouse: this reaches into Gatehouse's own state, which holds its secrets and records. Use `gatehouse status`, `gatehouse log` or the tools you were given; ask the person for anything else.",
  }),
  direct: (upstream: Upstream): Objection => ({
    kind: 'deny',
    cause: 'direct',
    words: `Gatehouse: this would connect to ${upstream.resource} directly, at ${upstream.host}:${upstream.port}. Leave out host, port, user, password and URL: your environment already leads to ${upstream.resource} through Gatehouse (plain \`psql\`, or \`psql service=${upstream.resource}\`). Each statement is decided by the policy in .gatehouse, and a denial says what to do.`,
  }),
  answering: (command: string): Objection => ({
    kind: 'deny',
    cause: 'answering',
    words: `Gatehouse: \`gatehouse ${command}\` is for a person. Say in your answer what waits and why, and let the person decide in the editor.`,
  }),
  gateDown: (program: string): Objection => ({
    kind: 'deny',
    cause: 'gate-down',
    words: `Gatehouse does not run in this workspace, and ${program} would reach for a resource that is only reached through it. Ask the person to start it (Gatehouse in the status bar, or \`gatehouse up\`), then run this again.`,
  }),
  policy: (file: string): Objection => ({
    kind: 'ask',
    cause: 'policy',
    words: `Gatehouse: ${file} says what agents may do. A change that allows more also waits until a person accepts it.`,
  }),
  hooks: (file: string): Objection => ({
    kind: 'ask',
    cause: 'hooks',
    words: `Gatehouse: ${file} says which hooks and servers agents run with, Gatehouse's own among them.`,
  }),
} as const;
