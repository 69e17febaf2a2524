import * as vscode from 'vscode';

const scheme = 'gatehouse-report';

/** Pages that the extension writes, shown as rendered Markdown beside the policy that they speak of. */
export class Reports implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  // Before the registration, which looks at it once.
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** @param title stands in the tab */
  async show(title: string, markdown: string): Promise<vscode.Uri> {
    const uri = vscode.Uri.from({ scheme, path: `/${title}.md` });
    const isNew = !this.#texts.has(uri.toString());
    await this.update(uri, markdown);
    if (isNew || !isShown(title)) await vscode.commands.executeCommand('markdown.showPreviewToSide', uri);
    return uri;
  }

  /** Put another text into a page. */
  async update(uri: vscode.Uri, markdown: string): Promise<void> {
    this.#texts.set(uri.toString(), markdown);
    // VS Code asks for a changed text only where the document is open, and a preview alone does not keep it open.
    await vscode.workspace.openTextDocument(uri);
    this.#changed.fire(uri);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}

/** Whether a preview of this title can be seen; one behind another tab is brought to the front. */
function isShown(title: string): boolean {
  return vscode.window.tabGroups.all.some(({ tabs }) =>
    tabs.some(({ isActive, label }) => isActive && label.includes(title)),
  );
}
