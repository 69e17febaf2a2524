import * as vscode from 'vscode';

/**
 * Show a line of a policy file beside what the person looks at.
 * @param file relative to the folder, as decisions name it
 * @param column where, unless it is shown already
 */
export async function showRule(
  folder: vscode.Uri,
  file: string,
  line: number,
  column = vscode.ViewColumn.Beside,
): Promise<void> {
  const uri = vscode.Uri.joinPath(folder, file);
  const at = new vscode.Position(Math.max(0, line - 1), 0);
  try {
    const shown = vscode.window.visibleTextEditors.find(({ document }) => document.uri.path === uri.path);
    await vscode.window.showTextDocument(uri, {
      selection: new vscode.Range(at, at),
      viewColumn: shown?.viewColumn ?? column,
      preview: true,
    });
  } catch {
    void vscode.window.showWarningMessage(vscode.l10n.t('{0} is not there any more.', file));
  }
}
