import * as vscode from 'vscode';
import type { Gate, Gates } from '../../gate/gate.ts';
import { showRule } from '../show-rule.ts';
import { showPage } from '../webview-page.ts';
import { FolderRows } from './folder-rows.ts';
import type { FromLive, GateWords, LiveRow, RuleFilter, ToLive } from './messages.ts';

/** How long changes gather before the page is told, in milliseconds: a few times a second is as live as eyes are. */
const gatherMs = 80;

export const viewId = 'gatehouse.live';

/** What the page cannot do by itself with a request. */
export type RowActions = Readonly<
  Record<Extract<FromLive, { kind: 'do' }>['action'], (gate: Gate, row: LiveRow) => unknown>
>;

/** The view of live decisions: hands the page rows in batches, and does what it asks. */
export class LiveView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #gates: Gates;
  readonly #actions: RowActions;
  readonly #folders = new Map<Gate, FolderRows>();
  readonly #subscription: vscode.Disposable;
  #view: vscode.WebviewView | undefined;
  /** Rows that the page has not heard of, by key. */
  readonly #gathered = new Map<string, LiveRow>();
  #timer: NodeJS.Timeout | undefined;
  /** Asked for before the page was there to show it. */
  #only: RuleFilter | undefined;
  #ready = false;

  constructor(extensionUri: vscode.Uri, gates: Gates, actions: RowActions) {
    this.#extensionUri = extensionUri;
    this.#gates = gates;
    this.#actions = actions;
    this.#subscription = gates.onDidChange(() => {
      this.#follow();
      this.#post({ kind: 'gate', gate: this.#gateWords() });
    });
    this.#follow();
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#ready = false;
    const title = vscode.l10n.t('Live decisions of Gatehouse');
    view.webview.onDidReceiveMessage((message: FromLive) => void this.#take(message));
    view.onDidDispose(() => {
      this.#view = undefined;
      this.#ready = false;
    });
    showPage(view.webview, { extensionUri: this.#extensionUri, page: 'live', title });
  }

  /** Show the view, with the requests of one rule alone. */
  async showOnly(rule: RuleFilter): Promise<void> {
    this.#only = rule;
    await vscode.commands.executeCommand(`${viewId}.focus`);
    if (this.#ready) this.#tellOnly();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription.dispose();
    for (const folder of this.#folders.values()) folder.dispose();
  }

  #follow(): void {
    for (const gate of this.#gates.all)
      if (!this.#folders.has(gate))
        this.#folders.set(gate, new FolderRows(gate, (rows) => this.#gather(rows)));
    for (const [gate, folder] of this.#folders) {
      if (this.#gates.all.includes(gate)) continue;
      folder.dispose();
      this.#folders.delete(gate);
    }
  }

  #gather(rows: readonly LiveRow[]): void {
    if (!this.#ready) return;
    for (const row of rows) this.#gathered.set(row.key, row);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#post({ kind: 'rows', rows: [...this.#gathered.values()] });
      this.#gathered.clear();
    }, gatherMs);
  }

  async #take(message: FromLive): Promise<void> {
    switch (message.kind) {
      case 'ready': {
        this.#ready = true;
        this.#gathered.clear();
        const rows = [...this.#folders.values()].flatMap((folder) => folder.rows.all);
        rows.sort((one, other) => (one.at < other.at ? -1 : one.at > other.at ? 1 : 0));
        this.#post({ kind: 'all', rows, gate: this.#gateWords() });
        this.#tellOnly();
        return;
      }
      case 'trace':
        await this.#trace(message.key);
        return;
      case 'openRule':
        // The view has no place in the editor area that could be beside of something.
        await showRule(
          vscode.Uri.parse(message.folder),
          message.file,
          message.line,
          vscode.ViewColumn.Active,
        );
        return;
      case 'do': {
        const found = this.#find(message.key);
        if (found !== undefined) await this.#actions[message.action](found.gate, found.row);
        return;
      }
    }
  }

  async #trace(key: string): Promise<void> {
    const found = this.#find(key);
    if (found === undefined) return;
    const { gate, row } = found;
    try {
      // A waiting request is known by the record of its question, which its key ends with.
      const seq = row.seq ?? Number(key.slice(key.lastIndexOf('#') + 1));
      const { session, steps } = await gate.call('session', { id: row.session, after: seq - 1, limit: 1 });
      const [step] = steps;
      if (step === undefined) throw new Error(vscode.l10n.t('The request is not in the record any more.'));
      this.#post({ kind: 'trace', trace: { kind: 'told', key, protocol: session.protocol, step } });
    } catch (error) {
      const text = error instanceof Error ? error.message : String(error);
      this.#post({ kind: 'trace', trace: { kind: 'problem', key, message: text } });
    }
  }

  #find(key: string): { readonly gate: Gate; readonly row: LiveRow } | undefined {
    for (const [gate, folder] of this.#folders) {
      const row = folder.rows.get(key);
      if (row !== undefined) return { gate, row };
    }
    return undefined;
  }

  #gateWords(): GateWords {
    const kinds = this.#gates.all.map(({ state }) => state.kind);
    const order = ['running', 'starting', 'failed', 'off'] as const;
    return order.find((kind) => kinds.includes(kind)) ?? 'none';
  }

  #tellOnly(): void {
    if (this.#only === undefined) return;
    this.#post({ kind: 'only', rule: this.#only });
    this.#only = undefined;
  }

  #post(message: ToLive): void {
    void this.#view?.webview.postMessage(message);
  }
}
