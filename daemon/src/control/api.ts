import type { RequestType } from 'vscode-jsonrpc';
import type * as messages from './messages.ts';
import type { Questions } from './messages.ts';

/** The requests among what a module of messages exports. */
export type RequestsOf<Messages> = {
  [Name in keyof Messages as Messages[Name] extends RequestType<infer _P, infer _R, infer _E>
    ? Name
    : never]: Messages[Name] extends RequestType<infer Params, infer Result, infer _E>
    ? { readonly params: Params; readonly result: Result }
    : never;
};

/** Every request of the control API by its name, for callers that import types alone: `gatehouse/NAME` is its method. */
export type ControlApi = RequestsOf<typeof messages> & Questions;
