import path from 'node:path';
import * as vscode from 'vscode';

const scheme = 'gatehouse-planned';

/** A file as it is and as it would be; undefined: there is none. */
export interface PlannedFile {
  readonly file: string;
  readonly before: string | undefined;
  readonly after: string | undefined;
}

/** Changes that are shown as diffs before a person agrees to them. Nothing of it is written before. */
export class PlannedChanges implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  #count = 0;

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /**
   * Show the changes, and ask.
   * @param title of the editor that shows them
   * @param agree the word on the button
   */
  async agreed(
    title: string,
    files: readonly PlannedFile[],
    question: string,
    agree: string,
  ): Promise<boolean> {
    const number = ++this.#count;
    const text = (side: string, file: string, content: string): vscode.Uri => {
      const uri = vscode.Uri.from({
        scheme,
        path: file.split(path.sep).join('/'),
        query: `${side}${number}`,
      });
      this.#texts.set(uri.toString(), content);
      return uri;
    };
    const shown = files.map(({ file, before, after }) => [
      vscode.Uri.file(file),
      before === undefined ? undefined : text('before', file, before),
      after === undefined ? undefined : text('after', file, after),
    ]);
    await vscode.commands.executeCommand('vscode.changes', title, shown);
    const answer = await vscode.window.showInformationMessage(question, agree, vscode.l10n.t('Cancel'));
    await this.#close(title);
    for (const [, ...texts] of shown)
      for (const uri of texts) if (uri !== undefined) this.#texts.delete(uri.toString());
    return answer === agree;
  }

  dispose(): void {
    this.#registration.dispose();
  }

  async #close(title: string): Promise<void> {
    const tabs = vscode.window.tabGroups.all.flatMap((group) => group.tabs);
    await vscode.window.tabGroups.close(
      tabs.filter(({ label }) => label === title || label.startsWith(`${title} (`)),
    );
  }
}
