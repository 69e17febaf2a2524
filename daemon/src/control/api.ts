import type { RequestType } from 'vscode-jsonrpc';
import type * as messages from './messages.ts';
import type { Questions } from './messages.ts';

type Messages = typeof messages;

type Requests = {
  [Name in keyof Messages as Messages[Name] extends RequestType<infer _P, infer _R, infer _E>
    ? Name
    : never]: Messages[Name] extends RequestType<infer Params, infer Result, infer _E>
    ? { readonly params: Params; readonly result: Result }
    : never;
};

/** Every request of the control API by its name, for callers that import types alone: `gatehouse/NAME` is its method. */
export type ControlApi = Omit<Requests, 'hello' | 'follow'> & Questions;
