import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';

const scheme = 'gatehouse-policy';

/** Texts of the accepted policy, as documents that a diff can show. */
export class PolicyDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #texts = new Map<string, string>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  // Before the registration, which looks at it once.
  readonly onDidChange = this.#changed.event;
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(scheme, this);

  provideTextDocumentContent(uri: vscode.Uri): string {
    return this.#texts.get(uri.toString()) ?? '';
  }

  /** Show what is in force beside what waits, all files of a change in one editor. */
  async review(gate: Gate): Promise<void> {
    const { accepted, pending } = await gate.call('policyTexts', {});
    if (pending === undefined) {
      void vscode.window.showInformationMessage(vscode.l10n.t('No change of the policy waits any more.'));
      return;
    }
    const before = new Map(accepted.map(({ file, text }) => [file, text]));
    const after = new Map(pending.files.map(({ file, text }) => [file, text]));
    const changed = [...new Set([...before.keys(), ...after.keys()])].filter(
      (file) => before.get(file) !== after.get(file),
    );
    const changes = changed.map((file) => [
      vscode.Uri.joinPath(gate.folder.uri, file),
      this.#put(gate, 'accepted', file, before.get(file)),
      this.#put(gate, 'waiting', file, after.get(file)),
    ]);
    const title = vscode.l10n.t('What waits to be accepted in {0}', gate.folder.name);
    await vscode.commands.executeCommand('vscode.changes', title, changes);
  }

  /** Undefined for a file that is not there on this side. */
  #put(gate: Gate, side: string, file: string, text: string | undefined): vscode.Uri | undefined {
    if (text === undefined) return undefined;
    const uri = vscode.Uri.from({ scheme, authority: side, path: `${gate.folder.uri.path}/${file}` });
    this.#texts.set(uri.toString(), text);
    this.#changed.fire(uri);
    return uri;
  }

  dispose(): void {
    this.#registration.dispose();
    this.#changed.dispose();
  }
}
