import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';

/** What opens a session: `gatehouse.openSession` takes it. */
export interface SessionPlace {
  readonly gate: Gate;
  readonly id: string;
  /** The record of a step that is to be seen. */
  readonly at?: number;
  /** Stands in the tab. */
  readonly title: string;
}

/** Short, for tabs and lists. */
export function sessionTitle({
  agent,
  resource,
  openedAt,
}: {
  readonly agent: string;
  readonly resource: string;
  readonly openedAt: string;
}): string {
  const time = new Date(openedAt).toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  return vscode.l10n.t('{0} on {1}, {2}', agent, resource, time);
}
