import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import { sessionMarkdown } from './export-markdown.ts';
import { readSession } from './read-session.ts';

/** Write a session to a file that the person names: JSON with all that is recorded, or Markdown for reading. */
export async function exportSession(gate: Gate, id: string): Promise<void> {
  const uri = await vscode.window.showSaveDialog({
    title: vscode.l10n.t('Export Session'),
    defaultUri: vscode.Uri.joinPath(gate.folder.uri, `session-${id.slice(0, 8)}.md`),
    filters: { Markdown: ['md'], JSON: ['json'] },
  });
  if (uri === undefined) return;
  try {
    const { session, steps } = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Window, title: vscode.l10n.t('Reading the session') },
      () => readSession(gate, id, { atMost: Number.POSITIVE_INFINITY }),
    );
    const text = uri.path.endsWith('.json')
      ? `${JSON.stringify({ session, steps }, undefined, 2)}\n`
      : sessionMarkdown(session, steps);
    await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
    const open = vscode.l10n.t('Open');
    const chosen = await vscode.window.showInformationMessage(
      vscode.l10n.t('The session was exported.'),
      open,
    );
    if (chosen === open) await vscode.window.showTextDocument(uri);
  } catch (error) {
    void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
  }
}
