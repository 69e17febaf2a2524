import type { Redecided, SessionRow, ToldStep, WhichRequest } from '@gatehouse/daemon/control/messages.ts';

/** What becomes of the recorded requests by the policy as it is now. */
export type Comparison =
  | { readonly kind: 'off' }
  | { readonly kind: 'running' }
  /** The files have errors, a line each. */
  | { readonly kind: 'broken'; readonly problems: readonly string[]; readonly unsaved: readonly string[] }
  | {
      readonly kind: 'decided';
      readonly requests: readonly Redecided[];
      /** Names of files that were taken as they stand in the editor. */
      readonly unsaved: readonly string[];
    };

export type ToReplay =
  | {
      readonly kind: 'session';
      /** The workspace folder, as a URI. */
      readonly folder: string;
      readonly session: SessionRow;
      /** In the order in which they were decided. */
      readonly steps: readonly ToldStep[];
      /** There are more than these; see `more` of {@link FromReplay}. */
      readonly more: boolean;
    }
  /** Show the step of this record. */
  | { readonly kind: 'goTo'; readonly seq: number }
  | { readonly kind: 'comparison'; readonly comparison: Comparison }
  /** It cannot be shown, or not any more; words for the person. */
  | { readonly kind: 'problem'; readonly message: string };

export type FromReplay =
  | { readonly kind: 'ready' }
  | { readonly kind: 'more' }
  | { readonly kind: 'compare'; readonly on: boolean }
  /** Show a line of a policy file, by its path relative to the workspace folder. */
  | { readonly kind: 'openRule'; readonly file: string; readonly line: number }
  /** Make a test of a request; its id, or the approval's that it waits for. */
  | { readonly kind: 'addAsTest'; readonly request: string }
  /** Make a rule from the request of this record. */
  | ({ readonly kind: 'makeRule' } & WhichRequest)
  | { readonly kind: 'export' };

/** What a page of a session keeps, by which it is opened again after the window was loaded anew. */
export interface KeptReplay {
  /** The workspace folder, as a URI. */
  readonly folder: string;
  readonly session: string;
  /** The record of the request that was looked at. */
  readonly at?: number;
  readonly compares?: boolean;
}
