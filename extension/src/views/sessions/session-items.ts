import type { SessionRow } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import { type SessionPlace, sessionTitle } from '../replay/session-place.ts';
import { dayKey, type Grouping, worstOf } from './session-groups.ts';

/** What stands in the tree. */
export type SessionNode =
  /** Only where the window has several folders with a gate. */
  | { readonly kind: 'folder'; readonly gate: Gate }
  | {
      readonly kind: 'group';
      readonly gate: Gate;
      readonly grouping: Grouping;
      readonly key: string;
      readonly sessions: readonly SessionRow[];
    }
  | { readonly kind: 'session'; readonly gate: Gate; readonly grouping: Grouping; readonly row: SessionRow }
  | { readonly kind: 'more'; readonly gate: Gate };

/** Told by their shape as well as by colour. */
const icons = {
  deny: new vscode.ThemeIcon('circle-slash', new vscode.ThemeColor('testing.iconFailed')),
  approve: new vscode.ThemeIcon('account', new vscode.ThemeColor('editorWarning.foreground')),
  allow: new vscode.ThemeIcon('pass', new vscode.ThemeColor('testing.iconPassed')),
  none: new vscode.ThemeIcon('circle-outline'),
} as const;
const waitingIcon = new vscode.ThemeIcon('bell-dot', new vscode.ThemeColor('editorWarning.foreground'));
const groupIcons = { agent: 'robot', resource: 'database', day: 'calendar' } as const;

export function itemOf(node: SessionNode): vscode.TreeItem {
  switch (node.kind) {
    case 'folder':
      return folderItem(node.gate);
    case 'group':
      return groupItem(node);
    case 'session':
      return sessionItem(node);
    case 'more': {
      const item = new vscode.TreeItem(vscode.l10n.t('Show Older Sessions'));
      item.iconPath = new vscode.ThemeIcon('ellipsis');
      item.command = { command: 'gatehouse.moreSessions', title: '', arguments: [node.gate] };
      return item;
    }
  }
}

/** What a session's commands are given. */
export function placeOf(gate: Gate, row: SessionRow): SessionPlace {
  return { gate, id: row.id, title: sessionTitle(row) };
}

function folderItem({ folder }: Gate): vscode.TreeItem {
  const item = new vscode.TreeItem(folder.name, vscode.TreeItemCollapsibleState.Expanded);
  item.id = folder.uri.toString();
  item.iconPath = new vscode.ThemeIcon('root-folder');
  return item;
}

function groupItem({
  gate,
  grouping,
  key,
  sessions,
}: Extract<SessionNode, { kind: 'group' }>): vscode.TreeItem {
  const label = grouping === 'day' ? dayWords(key) : key;
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Expanded);
  item.id = `${gate.folder.uri.toString()}\n${grouping}\n${key}`;
  item.iconPath = new vscode.ThemeIcon(groupIcons[grouping]);
  const open = sessions.filter(({ state }) => state === 'open').length;
  item.description =
    open === 0 ? String(sessions.length) : vscode.l10n.t('{0}, {1} open', sessions.length, open);
  return item;
}

function dayWords(key: string): string {
  const now = new Date();
  if (key === dayKey(now)) return vscode.l10n.t('Today');
  if (key === dayKey(new Date(now.getTime() - 24 * 3600_000))) return vscode.l10n.t('Yesterday');
  return new Date(`${key}T12:00:00`).toLocaleDateString(undefined, {
    weekday: 'long',
    day: 'numeric',
    month: 'long',
  });
}

function sessionItem({ gate, grouping, row }: Extract<SessionNode, { kind: 'session' }>): vscode.TreeItem {
  const item = new vscode.TreeItem(labelOf(row, grouping));
  item.id = `${gate.folder.uri.toString()}\n${row.id}`;
  item.contextValue = 'session';
  const waits = gate.held.some(({ session }) => session === row.id);
  item.iconPath = waits ? waitingIcon : icons[worstOf(row)];
  const facts = factsOf(row, grouping, waits);
  item.description = facts.join(' · ');
  item.tooltip = tooltipOf(row);
  item.accessibilityInformation = { label: `${sessionTitle(row)}, ${facts.join(', ')}`, role: 'treeitem' };
  item.command = {
    command: 'gatehouse.openSession',
    title: vscode.l10n.t('Open Session'),
    arguments: [placeOf(gate, row)],
  };
  return item;
}

/** What the group does not say. */
function labelOf({ agent, resource }: SessionRow, grouping: Grouping): string {
  switch (grouping) {
    case 'agent':
      return resource;
    case 'resource':
      return agent;
    case 'day':
      return vscode.l10n.t('{0} on {1}', agent, resource);
  }
}

function whenOf({ openedAt }: SessionRow, grouping: Grouping): string {
  const at = new Date(openedAt);
  const time = at.toLocaleTimeString(undefined, { hour: '2-digit', minute: '2-digit' });
  if (grouping === 'day' || dayKey(at) === dayKey(new Date())) return time;
  return `${at.toLocaleDateString(undefined, { day: 'numeric', month: 'short' })}, ${time}`;
}

/** What matters most first, as a narrow side bar cuts the rest. */
function factsOf(row: SessionRow, grouping: Grouping, waits: boolean): readonly string[] {
  const { requests, denied, approved, state } = row;
  return [
    whenOf(row, grouping),
    ...(state === 'open' ? [vscode.l10n.t('open')] : []),
    ...(waits ? [vscode.l10n.t('waits for a person')] : []),
    ...(denied === 0 ? [] : [vscode.l10n.t('{0} denied', denied)]),
    ...(approved === 0 ? [] : [vscode.l10n.t('{0} approved', approved)]),
    requests === 1 ? vscode.l10n.t('1 request') : vscode.l10n.t('{0} requests', requests),
  ];
}

const states: Readonly<Record<SessionRow['state'], () => string>> = {
  open: () => vscode.l10n.t('open now'),
  closed: () => vscode.l10n.t('closed'),
  lost: () => vscode.l10n.t('ended with the daemon'),
};

/** As text, not Markdown: agents name their tasks themselves. */
function tooltipOf(row: SessionRow): string {
  return [
    sessionTitle(row),
    vscode.l10n.t('Opened {0}, {1}', new Date(row.openedAt).toLocaleString(), states[row.state]()),
    vscode.l10n.t('Person: {0}', row.person),
    ...(row.task === '' ? [] : [vscode.l10n.t('Task: {0}', row.task)]),
    vscode.l10n.t('Client: {0}', row.client.application || row.client.address),
    vscode.l10n.t(
      '{0} requests, {1} denied, {2} approved, {3} failed, {4} rows',
      row.requests,
      row.denied,
      row.approved,
      row.failed,
      row.rows,
    ),
    vscode.l10n.t('Session {0}', row.id),
  ].join('\n');
}
