import { realpathSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ConfigFault } from '../core/faults.ts';
import type { Daemon, DaemonOptions } from '../daemon.ts';
import { HostedWorkspace, type Holder } from './hosted-workspace.ts';
import type { HostStatus, OpenResult } from './messages.ts';

export interface HostOptions {
  readonly operatorSecret: 'memory' | 'file';
  readonly log: (line: string) => void;
  /** How long a workspace stays when its last lease is gone, in milliseconds: a window that is loaded anew is back by then. */
  readonly graceMs: number;
  /** How long the host stays when it serves nothing, in milliseconds. Absent: until it is told to end. */
  readonly idleMs?: number;
  /** It takes no more leases, and ends soon. */
  readonly onDraining?: () => void;
  /** For tests. */
  readonly daemon?: Pick<DaemonOptions, 'stateFolder' | 'protocols'>;
}

/** How long open sessions may go on when a newer daemon wants to take over, in milliseconds. */
const drainMs = 10_000;

/** The workspaces that one process serves for a user, each as long as somebody holds a lease on it. */
export class Host {
  readonly #options: HostOptions;
  readonly #workspaces = new Map<string, HostedWorkspace>();
  /** Workspaces on their way out; one that is wanted again waits for its end first. */
  readonly #leaving = new Map<string, Promise<void>>();
  readonly #graces = new Map<string, NodeJS.Timeout>();
  readonly #done = Promise.withResolvers<void>();
  #idle: NodeJS.Timeout | undefined;
  #state: 'open' | 'draining' | 'closed' = 'open';

  constructor(options: HostOptions) {
    this.#options = options;
    this.#restartIdle();
  }

  /** Settles when the host has nothing more to do: it was idle for long, or has made way. */
  get done(): Promise<void> {
    return this.#done.promise;
  }

  /**
   * Take a lease on a workspace.
   * @throws ConfigFault or RecordFault that says why it cannot be served
   */
  async open(folder: string, holder: Holder, secrets: Readonly<Record<string, string>>): Promise<OpenResult> {
    const real = realFolder(folder);
    await this.#leaving.get(real);
    if (this.#state !== 'open') {
      throw new ConfigFault('daemon-absent', 'This daemon is ending; ask again in a moment.');
    }
    clearTimeout(this.#graces.get(real));
    clearTimeout(this.#idle);
    let workspace = this.#workspaces.get(real);
    if (workspace === undefined) {
      workspace = this.#start(real, secrets);
      this.#workspaces.set(real, workspace);
    }
    return workspace.lease(holder, secrets);
  }

  /** The daemon of a workspace that is open. */
  daemonOf(folder: string): Promise<Daemon> | undefined {
    return this.#workspaces.get(realFolder(folder))?.daemon;
  }

  release(folder: string, holder: Holder): void {
    // A folder that was removed meanwhile is let go all the same.
    const real = this.#workspaces.has(folder) ? folder : realFolder(folder);
    const workspace = this.#workspaces.get(real);
    if (workspace === undefined || workspace.release(holder) > 0) return;
    clearTimeout(this.#graces.get(real));
    this.#graces.set(
      real,
      setTimeout(() => {
        this.#options.log(`Nobody uses ${real} any more; its listeners close.`);
        void this.#close(real, workspace);
      }, this.#options.graceMs),
    );
  }

  /** All leases of somebody who went away. */
  releaseAll(holder: Holder): void {
    for (const [folder, workspace] of this.#workspaces)
      if (workspace.release(holder) === 0) this.release(folder, holder);
  }

  status(): Pick<HostStatus, 'workspaces'> {
    return {
      workspaces: [...this.#workspaces.values()].map(({ folder, clients }) => ({ folder, clients })),
    };
  }

  /** Let sessions end for a while, then close. */
  async drain(): Promise<void> {
    if (this.#state !== 'open') return;
    this.#state = 'draining';
    this.#options.log('A newer Gatehouse takes over; this one ends when its sessions have.');
    this.#options.onDraining?.();
    const until = Date.now() + drainMs;
    while (Date.now() < until && (await this.#sessions()) > 0) await sleep(100);
    this.#done.resolve();
  }

  async close(): Promise<void> {
    this.#state = 'closed';
    clearTimeout(this.#idle);
    for (const timer of this.#graces.values()) clearTimeout(timer);
    await Promise.all([...this.#workspaces].map(([folder, workspace]) => this.#close(folder, workspace)));
    await Promise.all(this.#leaving.values());
  }

  #start(folder: string, secrets: Readonly<Record<string, string>>): HostedWorkspace {
    const { operatorSecret, daemon = {}, log } = this.#options;
    return new HostedWorkspace(
      {
        folder,
        operatorSecret,
        daemon,
        log,
        onClosed: () => {
          this.#workspaces.delete(folder);
          this.#restartIdle();
        },
      },
      secrets,
    );
  }

  async #close(folder: string, workspace: HostedWorkspace): Promise<void> {
    this.#workspaces.delete(folder);
    const left = workspace.close();
    this.#leaving.set(folder, left);
    await left;
    this.#leaving.delete(folder);
  }

  async #sessions(): Promise<number> {
    const counts = await Promise.all([...this.#workspaces.values()].map((each) => each.sessions()));
    return counts.reduce((sum, count) => sum + count, 0);
  }

  #restartIdle(): void {
    clearTimeout(this.#idle);
    const { idleMs } = this.#options;
    if (idleMs === undefined || this.#workspaces.size > 0 || this.#state !== 'open') return;
    this.#idle = setTimeout(() => {
      this.#options.log('Nothing to serve for a while; ending.');
      this.#done.resolve();
    }, idleMs);
  }
}

function realFolder(folder: string): string {
  try {
    return realpathSync(folder);
  } catch {
    throw new ConfigFault('workspace-missing', `There is no folder ${folder}.`);
  }
}
