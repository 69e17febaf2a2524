import { randomBytes } from 'node:crypto';
import type * as vscode from 'vscode';

const hostKey = 'host';

/** What makes this editor the operator of the daemon; the same for all of its windows. */
export async function hostSecret(storage: vscode.SecretStorage): Promise<string> {
  const known = await storage.get(hostKey);
  if (known !== undefined) return known;
  await storage.store(hostKey, `ghc_${randomBytes(32).toString('base64url')}`);
  // Two windows may have made one each; the last that was stored is it.
  return (await storage.get(hostKey)) ?? '';
}

/** Real credentials by name, as `password: { stdin: NAME }` asks for them. */
export type Credentials = Readonly<Record<string, string>>;

/** The credentials of each folder, in the editor's secret storage and nowhere else. */
export class FolderSecrets {
  readonly #storage: vscode.SecretStorage;

  constructor(storage: vscode.SecretStorage) {
    this.#storage = storage;
  }

  async of(folder: vscode.Uri): Promise<Credentials> {
    const kept = await this.#storage.get(keyOf(folder));
    if (kept === undefined) return {};
    try {
      return JSON.parse(kept) as Credentials;
    } catch {
      return {};
    }
  }

  async set(folder: vscode.Uri, name: string, value: string): Promise<void> {
    await this.#storage.store(keyOf(folder), JSON.stringify({ ...(await this.of(folder)), [name]: value }));
  }

  async remove(folder: vscode.Uri, name: string): Promise<void> {
    const { [name]: _gone, ...rest } = await this.of(folder);
    await this.#storage.store(keyOf(folder), JSON.stringify(rest));
  }

  /** Fires in every window when the credentials of a folder changed in one. */
  onDidChange(folder: vscode.Uri, handle: () => void): vscode.Disposable {
    return this.#storage.onDidChange(({ key }) => {
      if (key === keyOf(folder)) handle();
    });
  }
}

function keyOf(folder: vscode.Uri): string {
  return `credentials:${folder.toString()}`;
}
