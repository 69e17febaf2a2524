import { randomBytes } from 'node:crypto';
import { type Daemon, type DaemonOptions, startDaemon } from '../daemon.ts';
import { SecretText } from '../identity/secret-text.ts';
import { controlSecretName } from '../identity/stdin-secrets.ts';
import type { OpenResult } from './messages.ts';

/** Who wants a workspace served: a window, or a command in the foreground. */
export interface Holder {
  readonly client: string;
  log(folder: string, line: string): void;
  /** The workspace was ended by somebody else. */
  closed(folder: string): void;
}

export interface HostedOptions {
  readonly folder: string;
  /** `memory`: no file holds the secret that makes an operator of its workspace. */
  readonly operatorSecret: 'memory' | 'file';
  readonly daemon: Pick<DaemonOptions, 'stateFolder' | 'protocols'>;
  readonly log: (line: string) => void;
  /** It has closed, for whatever cause. */
  readonly onClosed: () => void;
}

/** One workspace that the host serves, as long as somebody holds a lease on it. */
export class HostedWorkspace {
  readonly folder: string;
  readonly #options: HostedOptions;
  /** What the daemon finds. */
  readonly #secrets = new Map<string, SecretText>();
  /** What each brought; what came last counts, and goes with who brought it. */
  readonly #holders = new Map<Holder, Readonly<Record<string, string>>>();
  readonly #operatorSecret: SecretText | undefined;
  readonly #daemon: Promise<Daemon>;
  #closing: Promise<void> | undefined;

  constructor(options: HostedOptions, secrets: Readonly<Record<string, string>>) {
    this.folder = options.folder;
    this.#options = options;
    const given = secrets[controlSecretName];
    if (given !== undefined) this.#operatorSecret = new SecretText(given);
    else if (options.operatorSecret === 'memory')
      this.#operatorSecret = new SecretText(`ghc_${randomBytes(32).toString('base64url')}`);
    this.#keep([secrets]);
    this.#daemon = startDaemon({
      ...options.daemon,
      workspaceFolder: options.folder,
      stdinSecrets: this.#secrets,
      log: (line) => this.#log(line),
    });
    this.#daemon.then(
      (daemon) => void daemon.stopRequested.then(() => this.#endedByRequest()),
      () => options.onClosed(),
    );
  }

  get clients(): readonly string[] {
    return [...this.#holders.keys()].map(({ client }) => client);
  }

  get daemon(): Promise<Daemon> {
    return this.#daemon;
  }

  /** @throws what keeps the workspace from being served */
  async lease(holder: Holder, secrets: Readonly<Record<string, string>>): Promise<OpenResult> {
    // Set anew, so that it stands last.
    this.#holders.delete(holder);
    this.#holders.set(holder, secrets);
    try {
      const { control } = await this.#daemon;
      this.#keep(this.#holders.values());
      return { socket: control.socket, secret: control.secret.reveal() };
    } catch (error) {
      this.#holders.delete(holder);
      throw error;
    }
  }

  /** @returns how many leases are left */
  release(holder: Holder): number {
    // With the last one they stay until it is sure that nobody comes back.
    if (this.#holders.delete(holder) && this.#holders.size > 0) this.#keep(this.#holders.values());
    return this.#holders.size;
  }

  /** Sessions that are open now. */
  async sessions(): Promise<number> {
    const daemon = await this.#daemon.catch(() => undefined);
    return daemon?.status().resources.reduce((sum, { sessions }) => sum + sessions, 0) ?? 0;
  }

  /** Stops listening, ends its sessions, forgets its secrets. */
  close(): Promise<void> {
    this.#closing ??= this.#daemon
      .then((daemon) => daemon.close())
      .catch(() => {})
      .finally(() => {
        this.#secrets.clear();
        this.#options.onClosed();
      });
    return this.#closing;
  }

  async #endedByRequest(): Promise<void> {
    await this.close();
    for (const holder of this.#holders.keys()) holder.closed(this.folder);
  }

  #log(line: string): void {
    this.#options.log(line);
    for (const holder of this.#holders.keys()) holder.log(this.folder, line);
  }

  #keep(all: Iterable<Readonly<Record<string, string>>>): void {
    this.#secrets.clear();
    for (const secrets of all)
      for (const [name, value] of Object.entries(secrets)) this.#secrets.set(name, new SecretText(value));
    if (this.#operatorSecret !== undefined) this.#secrets.set(controlSecretName, this.#operatorSecret);
  }
}
