import * as vscode from 'vscode';
import type { Parts } from '../../parts.ts';
import { registerDemo } from './demo.ts';
import { runCommand } from './demo-companion.ts';

/** The walkthrough of the manifest. */
const walkthrough = 'gatehouse.gatehouse#start';

/** What a new user meets: the view of a window without policies, the walkthrough, the demo, and the first files. */
export function registerWelcome(parts: Parts): vscode.Disposable {
  const { gates } = parts;
  const update = () => {
    void vscode.commands.executeCommand('setContext', 'gatehouse.configured', gates.all.length > 0);
  };
  update();
  return vscode.Disposable.from(
    gates.onDidChange(update),
    // Its words are those of `viewsWelcome`.
    vscode.window.registerTreeDataProvider('gatehouse.welcome', {
      getChildren: () => [],
      getTreeItem: (item: vscode.TreeItem) => item,
    }),
    vscode.commands.registerCommand('gatehouse.openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', walkthrough, false),
    ),
    vscode.commands.registerCommand('gatehouse.init', () => init(parts)),
    registerDemo(parts),
  );
}

/** Write the first files into a folder of the window, and open the one to begin with. Files that are there stay. */
async function init({ context }: Parts): Promise<void> {
  const folder = await chooseFolder();
  if (folder === undefined) return;
  try {
    await runCommand(context.extensionUri, ['init', folder.uri.fsPath]);
  } catch (error) {
    const words = error instanceof Error ? error.message : String(error);
    void vscode.window.showErrorMessage(vscode.l10n.t('The files cannot be written: {0}', words));
    return;
  }
  for (const file of ['policies/shop.policy.yaml', 'gatehouse.yaml']) {
    const uri = vscode.Uri.joinPath(folder.uri, '.gatehouse', file);
    await vscode.window.showTextDocument(uri, { preview: false });
  }
}

async function chooseFolder(): Promise<vscode.WorkspaceFolder | undefined> {
  const folders = vscode.workspace.workspaceFolders ?? [];
  if (folders.length > 1)
    return vscode.window.showWorkspaceFolderPick({
      placeHolder: vscode.l10n.t('Where shall the policies live?'),
    });
  const [folder] = folders;
  if (folder !== undefined) return folder;
  const open = vscode.l10n.t('Open Folder');
  const chosen = await vscode.window.showInformationMessage(
    vscode.l10n.t('Policies live in a folder. Open the one that your agents work in first.'),
    open,
  );
  if (chosen === open) await vscode.commands.executeCommand('vscode.openFolder');
  return undefined;
}
