import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';

const hostKey = 'host';

/** Something that keeps a text for all windows of this editor. */
interface Store {
  get(key: string): PromiseLike<string | undefined> | string | undefined;
  put(key: string, value: string): PromiseLike<void>;
}

/**
 * Where what the windows share is kept, out of reach of an agent on this machine: the secret storage. A VS Code in a browser
 * may have one that forgets with its page; there the extension's state is the browser's own, and no file of this machine.
 */
function storeOf({ secrets, globalState }: vscode.ExtensionContext): Store {
  if (vscode.env.uiKind === vscode.UIKind.Desktop)
    return { get: (key) => secrets.get(key), put: (key, value) => secrets.store(key, value) };
  return { get: (key) => globalState.get<string>(key), put: (key, value) => globalState.update(key, value) };
}

/** What makes this editor the operator of the daemon; the same for all of its windows. */
export function hostSecret(context: vscode.ExtensionContext): Promise<string> {
  return sharedSecret(context, hostKey, 'ghc_');
}

/** A secret of our own making that all windows share; made when it is first asked for. */
export async function sharedSecret(
  context: vscode.ExtensionContext,
  key: string,
  prefix = '',
): Promise<string> {
  const store = storeOf(context);
  const known = await store.get(key);
  if (known !== undefined) return known;
  await store.put(key, `${prefix}${randomBytes(32).toString('base64url')}`);
  // Two windows may have made one each; the last that was stored is it.
  return (await store.get(key)) ?? '';
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
