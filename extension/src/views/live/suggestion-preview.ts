import type { ToldSuggestion } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';

const scheme = 'gatehouse-suggestion';

/** Shows what a suggestion would make of a file, as a diff that takes no focus. */
export class SuggestionPreview implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);
  #shown = 0;
  /** The edits that are shown. */
  #now = '';

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  async show(gate: Gate, suggestion: ToldSuggestion): Promise<void> {
    const key = JSON.stringify(suggestion.edits);
    if (key === this.#now) return;
    this.#now = key;
    const { file, edits, kind } = suggestion;
    const number = ++this.#shown;
    const now = vscode.Uri.joinPath(gate.folder.uri, file);
    const before = kind === 'file' ? '' : (await vscode.workspace.openTextDocument(now)).getText();
    if (number !== this.#shown) return;
    const [left, right] = ['before', 'after'].map((side) =>
      vscode.Uri.from({ scheme, path: `/${file}`, query: side }),
    );
    if (left === undefined || right === undefined) return;
    this.#put(left, before);
    this.#put(right, changed(before, edits));
    const name = file.slice(file.lastIndexOf('/') + 1);
    const title = vscode.l10n.t('{0} with the change', name);
    const at = lineOf(before, edits);
    await vscode.commands.executeCommand('vscode.diff', left, right, title, {
      preserveFocus: true,
      preview: true,
      // The change is seen first, wherever it is.
      selection: new vscode.Range(at, 0, at, 0),
    });
  }

  /** Close what was shown. */
  async close(): Promise<void> {
    this.#shown++;
    this.#now = '';
    const tabs = vscode.window.tabGroups.all.flatMap(({ tabs: all }) =>
      all.filter(({ input }) => input instanceof vscode.TabInputTextDiff && input.modified.scheme === scheme),
    );
    if (tabs.length > 0) await vscode.window.tabGroups.close(tabs, true);
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }

  #put(uri: vscode.Uri, text: string): void {
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
  }
}

/** The text with the edits made; of two at one place the first stands first. */
function changed(text: string, edits: ToldSuggestion['edits']): string {
  const sorted = [...edits].sort((one, other) => one.start - other.start || one.end - other.end);
  let made = '';
  let from = 0;
  for (const edit of sorted) {
    made += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return made + text.slice(from);
}

function lineOf(text: string, edits: ToldSuggestion['edits']): number {
  const start = Math.min(...edits.map((edit) => edit.start));
  return Math.max(0, text.slice(0, Number.isFinite(start) ? start : 0).split('\n').length - 1);
}
