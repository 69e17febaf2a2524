import { existsSync } from 'node:fs';
import * as vscode from 'vscode';
import { FolderGate } from './folder-gate.ts';
import type { Gates } from './gate.ts';
import type { HostLink } from './host-link.ts';
import type { FolderSecrets } from './secrets.ts';

const workspaceFile = '.gatehouse/gatehouse.yaml';

/**
 * A gate for each folder of the window that holds a workspace file, as folders and files come and go. In a window that
 * nobody trusts, none starts: what a stranger's repository says about policy and credentials is not acted on.
 */
export class WindowGates implements Gates, vscode.Disposable {
  readonly #link: HostLink;
  readonly #secrets: FolderSecrets;
  readonly #gates = new Map<string, FolderGate>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #subscriptions: vscode.Disposable[];

  constructor(link: HostLink, secrets: FolderSecrets) {
    this.#link = link;
    this.#secrets = secrets;
    const files = vscode.workspace.createFileSystemWatcher(`**/${workspaceFile}`, false, true, false);
    const update = () => this.#update();
    this.#subscriptions = [
      files,
      files.onDidCreate(update),
      files.onDidDelete(update),
      vscode.workspace.onDidChangeWorkspaceFolders(update),
      vscode.workspace.onDidGrantWorkspaceTrust(() => {
        for (const gate of this.#gates.values()) gate.start();
      }),
      this.#changed,
    ];
    this.#update();
  }

  get all(): readonly FolderGate[] {
    return [...this.#gates.values()];
  }

  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  of(uri: vscode.Uri): FolderGate | undefined {
    const folder = vscode.workspace.getWorkspaceFolder(uri);
    return folder && this.#gates.get(folder.uri.toString());
  }

  dispose(): void {
    for (const gate of this.#gates.values()) gate.dispose();
    for (const each of this.#subscriptions) each.dispose();
  }

  #update(): void {
    const folders = (vscode.workspace.workspaceFolders ?? []).filter(
      ({ uri }) => uri.scheme === 'file' && existsSync(vscode.Uri.joinPath(uri, workspaceFile).fsPath),
    );
    const wanted = new Map(folders.map((folder) => [folder.uri.toString(), folder]));
    let changed = false;
    for (const [key, gate] of [...this.#gates]) {
      if (wanted.has(key)) continue;
      this.#gates.delete(key);
      gate.dispose();
      changed = true;
    }
    for (const [key, folder] of wanted) {
      if (this.#gates.has(key)) continue;
      const gate = new FolderGate(folder, this.#link, this.#secrets);
      gate.onDidChangeState(() => this.#changed.fire());
      this.#gates.set(key, gate);
      if (vscode.workspace.isTrusted) gate.start();
      changed = true;
    }
    if (changed) this.#changed.fire();
  }
}
