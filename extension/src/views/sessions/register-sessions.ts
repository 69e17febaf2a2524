import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import type { Parts } from '../../parts.ts';
import type { Grouping, SessionFilter } from './session-groups.ts';
import { placeOf, type SessionNode } from './session-items.ts';
import { SessionTree } from './session-tree.ts';

const groupingKey = 'sessions.grouping';
/** How long new records gather before the tree asks again. */
const gatherMs = 500;

/** The view of recorded sessions. */
export function registerSessions({ context, gates, output, badge }: Parts): vscode.Disposable {
  const tree = new SessionTree(gates, context.workspaceState.get<Grouping>(groupingKey, 'agent'));
  const view = vscode.window.createTreeView('gatehouse.sessions', {
    treeDataProvider: tree,
    showCollapseAll: true,
  });
  badge.standIn(view);
  let timer: NodeJS.Timeout | undefined;
  let stale = true;
  /** A busy daemon is asked less often. */
  let pauseMs = gatherMs;

  const refresh = async (): Promise<void> => {
    stale = false;
    const started = performance.now();
    try {
      await tree.refresh();
    } catch (error) {
      // The gate's own state says what is wrong; the tree keeps what it knew.
      output.debug(`Sessions: ${error instanceof Error ? error.message : String(error)}`);
    }
    pauseMs = Math.max(gatherMs, 4 * (performance.now() - started));
    view.message = messageOf(gates.all, tree);
  };
  const later = (): void => {
    stale = true;
    if (!view.visible || timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      void refresh();
    }, pauseMs);
  };
  const known = new WeakSet<Gate>();
  const watching: vscode.Disposable[] = [];
  const watch = (): void => {
    for (const gate of gates.all) {
      if (known.has(gate)) continue;
      known.add(gate);
      watching.push(
        gate.onRecorded(later),
        gate.onDidChangeHeld(() => tree.redraw()),
      );
    }
    later();
  };
  watch();
  const narrow = (filter: SessionFilter): void => {
    tree.narrow(filter);
    const isFiltered = filter.only !== undefined || (filter.text ?? '') !== '';
    void vscode.commands.executeCommand('setContext', 'gatehouse.sessionsFiltered', isFiltered);
    view.description = isFiltered ? filterWords(filter) : '';
  };

  return vscode.Disposable.from(
    tree,
    view,
    gates.onDidChange(watch),
    view.onDidChangeVisibility(() => {
      if (view.visible && stale) void refresh();
    }),
    vscode.commands.registerCommand('gatehouse.groupSessions', async () => {
      const grouping = await chooseGrouping(tree.grouping);
      if (grouping === undefined) return;
      tree.group(grouping);
      await context.workspaceState.update(groupingKey, grouping);
    }),
    vscode.commands.registerCommand('gatehouse.filterSessions', async () => {
      const filter = await chooseFilter(tree.filter);
      if (filter !== undefined) narrow(filter);
    }),
    vscode.commands.registerCommand('gatehouse.clearSessionFilter', () => narrow({})),
    vscode.commands.registerCommand('gatehouse.refreshSessions', refresh),
    vscode.commands.registerCommand('gatehouse.moreSessions', async (gate?: Gate) => {
      if (gate !== undefined) await tree.more(gate);
    }),
    // From the menu of a session, which hands over its node.
    vscode.commands.registerCommand('gatehouse.exportThisSession', (node?: SessionNode) =>
      node?.kind === 'session'
        ? vscode.commands.executeCommand('gatehouse.exportSession', placeOf(node.gate, node.row))
        : undefined,
    ),
    vscode.commands.registerCommand('gatehouse.copySessionId', (node?: SessionNode) =>
      node?.kind === 'session' ? vscode.env.clipboard.writeText(node.row.id) : undefined,
    ),
    { dispose: () => clearTimeout(timer) },
    { dispose: () => vscode.Disposable.from(...watching).dispose() },
  );
}

/** What stands above an empty tree. Without a gate the view's welcome speaks. */
function messageOf(gates: readonly Gate[], tree: SessionTree): string {
  if (gates.length === 0 || tree.getChildren().length > 0) return '';
  return gates.some(({ state }) => state.kind === 'running') &&
    tree.filter.text === undefined &&
    tree.filter.only === undefined
    ? vscode.l10n.t('No session is recorded yet. Each connection of an agent becomes one.')
    : '';
}

async function chooseGrouping(now: Grouping): Promise<Grouping | undefined> {
  const choice = (grouping: Grouping, label: string) => ({
    grouping,
    label,
    ...(grouping === now ? { description: vscode.l10n.t('now') } : {}),
  });
  const picked = await vscode.window.showQuickPick(
    [
      choice('agent', vscode.l10n.t('$(robot) Agent')),
      choice('resource', vscode.l10n.t('$(database) Resource')),
      choice('day', vscode.l10n.t('$(calendar) Day')),
    ],
    { title: vscode.l10n.t('Group Sessions By') },
  );
  return picked?.grouping;
}

async function chooseFilter(now: SessionFilter): Promise<SessionFilter | undefined> {
  const kinds: readonly (vscode.QuickPickItem & { readonly filter: SessionFilter | 'text' })[] = [
    { label: vscode.l10n.t('$(circle-slash) With Denials'), filter: { only: 'denied' } },
    { label: vscode.l10n.t('$(plug) Open Now'), filter: { only: 'open' } },
    {
      label: vscode.l10n.t('$(search) By Text…'),
      filter: 'text',
      description: vscode.l10n.t('agent, resource, task or person'),
    },
    { label: vscode.l10n.t('$(clear-all) All'), filter: {} },
  ];
  const picked = await vscode.window.showQuickPick(kinds, { title: vscode.l10n.t('Show Sessions') });
  if (picked === undefined) return undefined;
  if (picked.filter !== 'text') return picked.filter;
  const text = await vscode.window.showInputBox({
    title: vscode.l10n.t('Show Sessions'),
    prompt: vscode.l10n.t('A part of the agent, the resource, the task or the person'),
    value: now.text ?? '',
  });
  return text === undefined ? undefined : { text };
}

function filterWords({ text, only }: SessionFilter): string {
  if (only === 'open') return vscode.l10n.t('open now');
  if (only === 'denied') return vscode.l10n.t('with denials');
  return `“${text ?? ''}”`;
}
