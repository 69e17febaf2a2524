import type { HostApi } from '@gatehouse/daemon/host/api.ts';
import * as vscode from 'vscode';
import { dial, type Rpc } from './rpc.ts';
import { hostSecret } from './secrets.ts';
import { startDaemon } from './start-daemon.ts';

/** The folder of a workspace, and where to ask about it. */
export type Opened = HostApi['open']['result'];

/**
 * This window's connection to the daemon of the user, made when a gate first needs it. Leases hang on it: when it is gone
 * they are, too, and each gate asks for its own again.
 */
export class HostLink implements vscode.Disposable {
  readonly #context: vscode.ExtensionContext;
  readonly #output: vscode.LogOutputChannel;
  readonly #lost = new vscode.EventEmitter<void>();
  readonly #closed = new vscode.EventEmitter<string>();
  #rpc: Promise<Rpc<HostApi>> | undefined;
  #disposed = false;

  constructor(context: vscode.ExtensionContext, output: vscode.LogOutputChannel) {
    this.#context = context;
    this.#output = output;
  }

  /** The daemon went away, with all leases. */
  get onLost(): vscode.Event<void> {
    return this.#lost.event;
  }

  /** The folder of a workspace that somebody else ended. */
  get onClosed(): vscode.Event<string> {
    return this.#closed.event;
  }

  /** Take a lease, or bring new secrets to one. @throws Error in words for the person */
  async open(folder: string, secrets: Readonly<Record<string, string>>): Promise<Opened> {
    return (await this.#connected()).request('open', { folder, secrets });
  }

  async release(folder: string): Promise<void> {
    await (await this.#rpc)?.request('release', { folder });
  }

  async status(): Promise<HostApi['status']['result']> {
    return (await this.#connected()).request('status', {});
  }

  /** What a person's unlocked terminal says hello with. */
  secret(): Promise<string> {
    return hostSecret(this.#context);
  }

  dispose(): void {
    this.#disposed = true;
    void this.#rpc?.then(
      (rpc) => rpc.close(),
      () => {},
    );
    this.#lost.dispose();
    this.#closed.dispose();
  }

  #connected(): Promise<Rpc<HostApi>> {
    this.#rpc ??= this.#connect().catch((error: unknown) => {
      this.#rpc = undefined;
      throw error;
    });
    return this.#rpc;
  }

  async #connect(): Promise<Rpc<HostApi>> {
    const { extensionUri, extension } = this.#context;
    const address = await startDaemon(extensionUri, await this.secret());
    const rpc = await dial<HostApi>(address.socket, 'gatehouse/host/');
    rpc.onNotification<{ line: string }>('logged', ({ line }) => this.#output.info(line));
    rpc.onNotification<{ folder: string }>('closed', ({ folder }) => this.#closed.fire(folder));
    const { version } = extension.packageJSON as { version: string };
    const hello = await rpc.request('hello', {
      secret: address.secret,
      client: `window ${process.pid}`,
      version,
    });
    this.#output.info(`Connected to the daemon ${hello.version} (process ${hello.pid}).`);
    void rpc.closed.then(() => {
      this.#rpc = undefined;
      if (this.#disposed) return;
      this.#output.warn(`The daemon (process ${hello.pid}) has gone.`);
      this.#lost.fire();
    });
    return rpc;
  }
}
