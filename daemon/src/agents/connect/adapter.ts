import type { HarnessName } from '../hook.ts';
import type { JsonEntry } from './json-file.ts';
import type { TomlTables } from './toml-file.ts';

/** Agents whose own files can lead them through the gate. Copilot needs none: the extension brings its hook and server. */
export type ConnectableName = Extract<HarnessName, 'claude-code' | 'codex' | 'cursor' | 'cline'>;

/** `workspace`: for this folder alone. `user`: wherever this user starts the agent. */
export type Scope = 'workspace' | 'user';

/** What plans depend on. Folders are absolute. */
export interface Place {
  readonly scope: Scope;
  readonly workspaceFolder: string;
  readonly home: string;
  readonly platform: NodeJS.Platform;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The `gatehouse` command, by a path that stays: a program and what comes before its own words. */
  readonly program: readonly [string, ...string[]];
  /** Where the editor keeps what its extensions know, a folder for each. */
  readonly editorStorage?: string;
}

/** A file that an agent reads, and what of ours belongs into it. */
export type AgentFile = {
  readonly file: string;
  /** What it is there for, in a few words: "its hook". */
  readonly purpose: string;
} & (
  | {
      readonly kind: 'json';
      readonly entries: readonly JsonEntry[];
      /** What a new file holds beside them. */
      readonly start?: Readonly<Record<string, unknown>>;
      /** Nothing is written where this folder is not there. */
      readonly onlyBeside?: string;
    }
  | {
      readonly kind: 'toml';
      readonly tables: TomlTables;
      /** Left out, with a note, where the file has tables of these names. */
      readonly optional: TomlTables;
    }
  /** The whole file is ours. */
  | { readonly kind: 'script'; readonly text: string }
);

export interface Adapter {
  readonly name: ConnectableName;
  readonly title: string;
  /** Programs on the PATH, folders and extensions by which one sees that somebody uses it. */
  readonly signs: (place: Place) => {
    readonly programs: readonly string[];
    readonly folders: readonly string[];
  };
  readonly files: (place: Place) => readonly AgentFile[];
  /** What a person should know or do beside it. */
  readonly notes: (place: Place) => readonly string[];
}
