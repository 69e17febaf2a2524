/**
 * How windows and commands share the one daemon of a user: JSON-RPC 2.0 (vscode-jsonrpc) over its socket. Who said hello
 * holds *leases* on workspaces; what happens inside of a workspace is asked on that workspace's own control socket.
 */
import { NotificationType, RequestType } from 'vscode-jsonrpc';

export interface HelloParams {
  readonly secret: string;
  /** Who calls, for the log and for `gatehouse daemon status`. */
  readonly client: string;
  readonly version: string;
}

export interface HelloResult {
  readonly version: string;
  readonly pid: number;
  /** ISO 8601. */
  readonly startedAt: string;
}

export interface OpenParams {
  /** Absolute; holds `.gatehouse/`. */
  readonly folder: string;
  /** Real credentials by name, for `password: { stdin: NAME }`. They replace those that the caller brought before. */
  readonly secrets: Readonly<Record<string, string>>;
}

/** Where the workspace's control socket is, and what makes a caller its operator. */
export interface OpenResult {
  readonly socket: string;
  readonly secret: string;
}

export interface FolderParams {
  readonly folder: string;
}

export interface HostStatus extends HelloResult {
  readonly node: string;
  readonly workspaces: readonly { readonly folder: string; readonly clients: readonly string[] }[];
}

export const hello = new RequestType<HelloParams, HelloResult, void>('gatehouse/host/hello');
/** Take a lease on a workspace, which starts it where nobody had one. It ends with the connection. */
export const open = new RequestType<OpenParams, OpenResult, void>('gatehouse/host/open');
export const release = new RequestType<FolderParams, void, void>('gatehouse/host/release');
export const status = new RequestType<Record<string, never>, HostStatus, void>('gatehouse/host/status');
/** Take no more leases, let sessions end, and make way for a newer daemon. */
export const drain = new RequestType<Record<string, never>, void, void>('gatehouse/host/drain');

/** A line for those who watch a workspace; without a folder, of the daemon as a whole. */
export const logged = new NotificationType<{ readonly folder?: string; readonly line: string }>(
  'gatehouse/host/logged',
);
/** A workspace was closed although there are leases on it: somebody ended it by `gatehouse down`. */
export const closed = new NotificationType<FolderParams>('gatehouse/host/closed');
/** This daemon makes way for a newer one. */
export const draining = new NotificationType<Record<string, never>>('gatehouse/host/draining');
