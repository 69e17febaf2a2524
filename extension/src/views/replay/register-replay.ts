import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import type { Parts } from '../../parts.ts';
import { exportSession } from './export.ts';
import type { KeptReplay } from './messages.ts';
import { ReplayPanel } from './replay-panel.ts';
import { type SessionPlace, sessionTitle } from './session-place.ts';

const viewType = 'gatehouse.replay';

/** `gatehouse.openSession` and its panels, which come back after the window was loaded anew. */
export function registerReplay({ context, gates }: Parts): vscode.Disposable {
  const panels = new Map<string, ReplayPanel>();
  const { extensionUri } = context;
  const keyOf = (gate: Gate, id: string) => `${gate.folder.uri.toString()}\n${id}`;

  const adopt = (panel: vscode.WebviewPanel, gate: Gate, id: string): ReplayPanel => {
    const key = keyOf(gate, id);
    const made = new ReplayPanel(panel, gate, id, extensionUri);
    panels.set(key, made);
    panel.onDidDispose(() => {
      made.dispose();
      if (panels.get(key) === made) panels.delete(key);
    });
    return made;
  };

  const open = ({ gate, id, title, at }: SessionPlace): void => {
    const known = panels.get(keyOf(gate, id));
    if (known !== undefined) {
      known.panel.reveal();
      if (at !== undefined) known.goTo(at);
      return;
    }
    const panel = vscode.window.createWebviewPanel(viewType, title, vscode.ViewColumn.Active, {
      enableScripts: true,
    });
    const made = adopt(panel, gate, id);
    if (at !== undefined) made.goTo(at);
  };

  const serializer: vscode.WebviewPanelSerializer = {
    async deserializeWebviewPanel(panel, state: KeptReplay | undefined) {
      const gate = gates.all.find(({ folder }) => folder.uri.toString() === state?.folder);
      if (gate === undefined || state === undefined) {
        // Its folder is not open any more, or nothing was kept.
        panel.dispose();
        return;
      }
      adopt(panel, gate, state.session);
    },
  };

  return vscode.Disposable.from(
    vscode.window.registerWebviewPanelSerializer(viewType, serializer),
    vscode.commands.registerCommand('gatehouse.openSession', async (place?: SessionPlace) => {
      const chosen = place ?? (await chooseSession(gates.all));
      if (chosen !== undefined) open(chosen);
    }),
    vscode.commands.registerCommand('gatehouse.exportSession', async (place?: SessionPlace) => {
      const chosen = place ?? (await chooseSession(gates.all));
      if (chosen !== undefined) await exportSession(chosen.gate, chosen.id);
    }),
    { dispose: () => vscode.Disposable.from(...panels.values()).dispose() },
  );
}

async function chooseSession(gates: readonly Gate[]): Promise<SessionPlace | undefined> {
  const listed = gates.map(async (gate) => {
    const { sessions } = await gate.call('sessions', { limit: 200 });
    return sessions.map((row) => ({ gate, row }));
  });
  try {
    const found = (await Promise.all(listed)).flat();
    if (found.length === 0) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No session is recorded yet.'));
      return undefined;
    }
    const items = found.map(({ gate, row }) => ({
      label: sessionTitle(row),
      description: new Date(row.openedAt).toLocaleString(),
      detail: vscode.l10n.t('{0} requests, {1} denied', row.requests, row.denied),
      place: { gate, id: row.id, title: sessionTitle(row) },
    }));
    const picked = await vscode.window.showQuickPick(items, {
      title: vscode.l10n.t('Which session?'),
      matchOnDescription: true,
    });
    return picked?.place;
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    return undefined;
  }
}
