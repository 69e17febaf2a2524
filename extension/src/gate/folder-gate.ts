import type { ControlApi } from '@gatehouse/daemon/control/api.ts';
import type { HeldApproval, RecordLine } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import { Backoff } from './backoff.ts';
import { connectControl } from './control-link.ts';
import type { Gate, GateState } from './gate.ts';
import type { HostLink, Opened } from './host-link.ts';
import type { Rpc } from './rpc.ts';
import type { FolderSecrets } from './secrets.ts';

const maxRecent = 10_000;
/** Status is asked again this long after something happened, in milliseconds; not more often. */
const statusRestMs = 500;

/** Holds a workspace at the daemon as long as it is wanted, and comes back whenever the daemon was away. */
export class FolderGate implements Gate, vscode.Disposable {
  readonly folder: vscode.WorkspaceFolder;
  readonly #link: HostLink;
  readonly #secrets: FolderSecrets;
  readonly #stateChanged = new vscode.EventEmitter<GateState>();
  readonly #heldChanged = new vscode.EventEmitter<readonly HeldApproval[]>();
  readonly #recorded = new vscode.EventEmitter<readonly RecordLine[]>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #backoff = new Backoff();
  #state: GateState = { kind: 'off', why: 'untrusted' };
  #held: readonly HeldApproval[] = [];
  #recent: RecordLine[] = [];
  #lastSeq = 0;
  #opened: Opened | undefined;
  #control: Rpc<ControlApi> | undefined;
  #retry: NodeJS.Timeout | undefined;
  #statusTimer: NodeJS.Timeout | undefined;
  /** Counts attempts, so that what belongs to an earlier one is not taken for the present. */
  #attempt = 0;

  constructor(folder: vscode.WorkspaceFolder, link: HostLink, secrets: FolderSecrets) {
    this.folder = folder;
    this.#link = link;
    this.#secrets = secrets;
    this.#subscriptions = [
      link.onLost(() => this.#again('The daemon went away; it is being started again.')),
      link.onClosed((closed) => {
        if (closed === this.#path) this.stop();
      }),
      secrets.onDidChange(folder.uri, () => void this.#renewSecrets()),
      this.#stateChanged,
      this.#heldChanged,
      this.#recorded,
    ];
  }

  get state(): GateState {
    return this.#state;
  }

  get onDidChangeState(): vscode.Event<GateState> {
    return this.#stateChanged.event;
  }

  get held(): readonly HeldApproval[] {
    return this.#held;
  }

  get onDidChangeHeld(): vscode.Event<readonly HeldApproval[]> {
    return this.#heldChanged.event;
  }

  get onRecorded(): vscode.Event<readonly RecordLine[]> {
    return this.#recorded.event;
  }

  get recent(): readonly RecordLine[] {
    return this.#recent;
  }

  /** What makes a caller of the control socket an operator, while the gate runs. */
  get operatorSecret(): string | undefined {
    return this.#opened?.secret;
  }

  async call<Name extends keyof ControlApi>(
    name: Name,
    params: ControlApi[Name]['params'],
  ): Promise<ControlApi[Name]['result']> {
    if (this.#control === undefined) {
      throw new Error(vscode.l10n.t('The gate of {0} does not run now.', this.folder.name));
    }
    return this.#control.request(name, params);
  }

  /** Start, or try again now. */
  start(): void {
    clearTimeout(this.#retry);
    this.#backoff.reset();
    void this.#connect();
  }

  /** Give the lease back. Without another window that holds it, the listeners close. */
  stop(): void {
    this.#disconnect();
    this.#become({ kind: 'off', why: 'stopped' });
    void this.#link.release(this.#path).catch(() => {});
  }

  dispose(): void {
    this.#disconnect();
    void this.#link.release(this.#path).catch(() => {});
    for (const each of this.#subscriptions) each.dispose();
  }

  get #path(): string {
    return this.folder.uri.fsPath;
  }

  async #connect(): Promise<void> {
    this.#disconnect();
    const attempt = this.#attempt;
    this.#become({ kind: 'starting' });
    try {
      const given = await this.#secrets.of(this.folder.uri);
      const opened = await this.#link.open(this.#path, given);
      if (attempt !== this.#attempt) return;
      const control = await connectControl(opened, {
        held: (list) => this.#took(list),
        recorded: (lines) => this.#follow(lines),
      });
      if (attempt !== this.#attempt) {
        control.close();
        return;
      }
      this.#opened = opened;
      this.#control = control;
      void control.closed.then(() => {
        if (attempt === this.#attempt) this.#again('The gate was closed; it is being opened again.');
      });
      this.#become({ kind: 'running', status: await control.request('status', {}) });
      this.#backoff.reset();
      // One that was set while the gate started.
      if (JSON.stringify(await this.#secrets.of(this.folder.uri)) !== JSON.stringify(given))
        await this.#renewSecrets();
    } catch (error) {
      if (attempt !== this.#attempt) return;
      this.#again(error instanceof Error ? error.message : String(error));
    }
  }

  #disconnect(): void {
    this.#attempt++;
    clearTimeout(this.#retry);
    clearTimeout(this.#statusTimer);
    this.#statusTimer = undefined;
    this.#control?.close();
    this.#control = undefined;
    this.#opened = undefined;
    if (this.#held.length > 0) this.#took([]);
  }

  #again(problem: string): void {
    if (this.#state.kind === 'off') return;
    this.#disconnect();
    this.#become({ kind: 'failed', problem });
    this.#retry = setTimeout(() => void this.#connect(), this.#backoff.next());
  }

  #become(state: GateState): void {
    this.#state = state;
    this.#stateChanged.fire(state);
  }

  #took(list: readonly HeldApproval[]): void {
    this.#held = list;
    this.#heldChanged.fire(list);
    this.#statusSoon();
  }

  #follow(lines: readonly RecordLine[]): void {
    // After a reconnection the backlog tells some once more.
    const fresh = lines.filter(({ seq }) => seq > this.#lastSeq);
    const last = fresh.at(-1);
    if (last === undefined) return;
    this.#lastSeq = last.seq;
    this.#recent = [...this.#recent, ...fresh].slice(-maxRecent);
    this.#recorded.fire(fresh);
    this.#statusSoon();
  }

  #statusSoon(): void {
    this.#statusTimer ??= setTimeout(() => {
      this.#statusTimer = undefined;
      void this.refresh();
    }, statusRestMs);
  }

  /** Ask how the gate stands. */
  async refresh(): Promise<void> {
    const control = this.#control;
    const status = await control?.request('status', {}).catch(() => undefined);
    if (status !== undefined && control === this.#control) this.#become({ kind: 'running', status });
  }

  async #renewSecrets(): Promise<void> {
    if (this.#state.kind !== 'running') return;
    await this.#link.open(this.#path, await this.#secrets.of(this.folder.uri)).catch(() => {});
    await this.refresh();
  }
}
