import * as vscode from 'vscode';
import type { Gate, Gates } from './gate.ts';
import type { FolderSecrets } from './secrets.ts';

/** What a command may be given instead of asking for it. */
interface Given {
  readonly folder?: vscode.Uri;
  readonly name?: string;
  /** Taken from a file that is about to lose it; it passes no other place. */
  readonly value?: string;
}

/** `Gatehouse: Set a Secret…` and `Remove a Secret…`: real credentials live in the editor's secret storage. */
export function registerSecretCommands(gates: Gates, secrets: FolderSecrets): vscode.Disposable {
  const set = vscode.commands.registerCommand('gatehouse.setSecret', async (given: Given = {}) => {
    const gate = await chooseGate(gates, given.folder);
    if (gate === undefined) return false;
    const name = given.name ?? (await chooseName(gate, await secrets.of(gate.folder.uri)));
    if (name === undefined) return false;
    const value =
      given.value ??
      (await vscode.window.showInputBox({
        title: vscode.l10n.t('Secret {0} of {1}', name, gate.folder.name),
        prompt: vscode.l10n.t(
          'Kept in the secret storage of this editor, and given to the daemon in memory only.',
        ),
        password: true,
        ignoreFocusOut: true,
        validateInput: (text) => (/[\n\r\0]/.test(text) ? vscode.l10n.t('A secret is one line.') : undefined),
      }));
    if (value === undefined || value === '') return false;
    await secrets.set(gate.folder.uri, name, value);
    void vscode.window.setStatusBarMessage(vscode.l10n.t('$(key) The secret {0} is set.', name), 4000);
    return true;
  });
  const remove = vscode.commands.registerCommand('gatehouse.removeSecret', async () => {
    const gate = await chooseGate(gates, undefined);
    if (gate === undefined) return;
    const names = Object.keys(await secrets.of(gate.folder.uri));
    if (names.length === 0) {
      void vscode.window.showInformationMessage(
        vscode.l10n.t('This editor keeps no secret of {0}.', gate.folder.name),
      );
      return;
    }
    const name = await vscode.window.showQuickPick(names, { title: vscode.l10n.t('Remove which secret?') });
    if (name !== undefined) await secrets.remove(gate.folder.uri, name);
  });
  return vscode.Disposable.from(set, remove);
}

/** The only gate, or the one that the person chooses. */
export async function chooseGate<Kind extends Gate>(
  gates: { readonly all: readonly Kind[] },
  folder: vscode.Uri | undefined,
): Promise<Kind | undefined> {
  const all = gates.all.filter(
    (gate) => folder === undefined || gate.folder.uri.toString() === folder.toString(),
  );
  if (all.length === 0) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('No folder of this window has a .gatehouse/gatehouse.yaml.'),
    );
  }
  if (all.length < 2) return all[0];
  const items = all.map((gate) => ({ label: gate.folder.name, description: gate.folder.uri.fsPath, gate }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which workspace?') }))?.gate;
}

/** Names that gatehouse.yaml asks for first. */
async function chooseName(gate: Gate, kept: Readonly<Record<string, string>>): Promise<string | undefined> {
  const missing =
    gate.state.kind === 'running'
      ? gate.state.status.resources.flatMap(({ missingSecret }) => missingSecret ?? [])
      : [];
  const items = [
    ...missing.map((name) => ({ label: name, description: vscode.l10n.t('asked for, not set') })),
    ...Object.keys(kept).map((name) => ({
      label: name,
      description: vscode.l10n.t('set; it will be replaced'),
    })),
  ];
  if (items.length === 0) {
    return vscode.window.showInputBox({
      title: vscode.l10n.t('Name of the secret'),
      prompt: vscode.l10n.t('As gatehouse.yaml says it: password: {0}', '{ stdin: NAME }'),
    });
  }
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which secret?') }))?.label;
}
