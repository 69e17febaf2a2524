import type { ControlApi } from '@gatehouse/daemon/control/api.ts';
import type { HeldApproval, RecordLine, StatusResult } from '@gatehouse/daemon/control/messages.ts';
import type * as vscode from 'vscode';

/** How the gate of a folder stands. */
export type GateState =
  /** `untrusted`: nobody trusts the folder yet. `stopped`: a person stopped it. */
  | { readonly kind: 'off'; readonly why: 'untrusted' | 'stopped' }
  | { readonly kind: 'starting' }
  | { readonly kind: 'running'; readonly status: StatusResult }
  /** It is tried again; `problem` says what to do meanwhile. */
  | { readonly kind: 'failed'; readonly problem: string };

/** The gate of one workspace folder: the daemon as this window sees it. */
export interface Gate {
  readonly folder: vscode.WorkspaceFolder;
  readonly state: GateState;
  readonly onDidChangeState: vscode.Event<GateState>;
  /** Requests that wait for a person, the oldest first. */
  readonly held: readonly HeldApproval[];
  readonly onDidChangeHeld: vscode.Event<readonly HeldApproval[]>;
  /** Lines of the record, in batches, as they become safe; the first are the last 200 from before this window came. */
  readonly onRecorded: vscode.Event<readonly RecordLine[]>;
  /** The last 10,000 lines of {@link Gate.onRecorded}. */
  readonly recent: readonly RecordLine[];
  /** Ask the daemon. @throws Error whose message is for the person: not running, refused, or gone meanwhile */
  call<Name extends keyof ControlApi>(
    name: Name,
    params: ControlApi[Name]['params'],
  ): Promise<ControlApi[Name]['result']>;
}

/** The gates of this window: one for each workspace folder with a `.gatehouse/gatehouse.yaml`. */
export interface Gates {
  readonly all: readonly Gate[];
  readonly onDidChange: vscode.Event<void>;
  /** The gate in whose folder a file is. */
  of(uri: vscode.Uri): Gate | undefined;
}
