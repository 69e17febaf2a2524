import type { RecordLine, SessionRow, ToldStep } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import { showRule } from '../show-rule.ts';
import { showPage } from '../webview-page.ts';
import { SessionComparison } from './comparison.ts';
import { exportSession } from './export.ts';
import type { FromReplay, ToReplay } from './messages.ts';
import { readSession, seqOf, settled } from './read-session.ts';

/** Steps that are read at once; a longer session is read on when it is asked for. */
const stepsAtOnce = 1000;
/** How long new records gather before they are shown. */
const gatherMs = 250;

/** One session in the editor area: keeps its page true to the record while the session goes on. */
export class ReplayPanel implements vscode.Disposable {
  readonly panel: vscode.WebviewPanel;
  readonly #gate: Gate;
  readonly #id: string;
  readonly #comparison: SessionComparison;
  readonly #subscriptions: vscode.Disposable[];
  #session: SessionRow | undefined;
  #steps: readonly ToldStep[] = [];
  #next: number | undefined;
  /** Asked for before the page was ready. */
  #wanted: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #reading: Promise<void> = Promise.resolve();

  constructor(panel: vscode.WebviewPanel, gate: Gate, id: string, extensionUri: vscode.Uri) {
    this.panel = panel;
    this.#gate = gate;
    this.#id = id;
    this.#comparison = new SessionComparison(gate, id, (comparison) =>
      this.#post({ kind: 'comparison', comparison }),
    );
    this.#subscriptions = [
      this.#comparison,
      panel.webview.onDidReceiveMessage((message: FromReplay) => void this.#take(message)),
      gate.onRecorded((lines) => this.#recorded(lines)),
      gate.onDidChangeState(({ kind }) => {
        if (kind === 'running') this.#read();
      }),
    ];
    const icon = (theme: string) =>
      vscode.Uri.joinPath(extensionUri, 'extension', 'resources', `replay-${theme}.svg`);
    panel.iconPath = { light: icon('light'), dark: icon('dark') };
    showPage(panel.webview, { extensionUri, page: 'replay', title: panel.title });
  }

  /** Show the step of a record, as soon as the page has it. */
  goTo(seq: number): void {
    this.#wanted = seq;
    this.#post({ kind: 'goTo', seq });
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const each of this.#subscriptions) each.dispose();
  }

  #post(message: ToReplay): void {
    void this.panel.webview.postMessage(message);
  }

  async #take(message: FromReplay): Promise<void> {
    switch (message.kind) {
      case 'ready':
        if (this.#wanted !== undefined) this.#post({ kind: 'goTo', seq: this.#wanted });
        this.#wanted = undefined;
        if (this.#session !== undefined) this.#show();
        this.#read();
        this.#comparison.renew();
        return;
      case 'more':
        this.#read(true);
        return;
      case 'compare':
        this.#comparison.turn(message.on);
        return;
      case 'openRule':
        await showRule(this.#gate.folder.uri, message.file, message.line);
        return;
      case 'addAsTest':
        await vscode.commands.executeCommand('gatehouse.addAsTest', {
          folder: this.#gate.folder.uri.toString(),
          session: this.#session?.id ?? this.#id,
          request: message.request,
        });
        return;
      case 'makeRule':
        await vscode.commands.executeCommand('gatehouse.makeRule', {
          folder: this.#gate.folder.uri.toString(),
          ...('seq' in message ? { seq: message.seq } : { approval: message.approval }),
        });
        return;
      case 'export':
        await exportSession(this.#gate, this.#id);
        return;
    }
  }

  #recorded(lines: readonly RecordLine[]): void {
    const own = lines.some((line) => 'session' in line && line.session === this.#id);
    if (!own || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#read();
      this.#comparison.renew();
    }, gatherMs);
  }

  /** Read what is new; `more`: also what was left out. One reading at a time. */
  #read(more = false): void {
    this.#reading = this.#reading.then(() => this.#readOn(more));
  }

  async #readOn(more: boolean): Promise<void> {
    const known = settled(this.#steps);
    // What is not shown yet waits until somebody wants to see it.
    if (this.#next !== undefined && !more && known.length === this.#steps.length) return;
    const last = known.at(-1);
    try {
      const read = await readSession(this.#gate, this.#id, {
        ...(last === undefined ? {} : { after: seqOf(last) }),
        atMost: this.#steps.length - known.length + stepsAtOnce,
      });
      this.#session = read.session;
      this.#steps = [...known, ...read.steps];
      this.#next = read.next;
      this.#show();
    } catch (error) {
      if (this.#session === undefined)
        this.#post({ kind: 'problem', message: error instanceof Error ? error.message : String(error) });
    }
  }

  #show(): void {
    if (this.#session === undefined) return;
    this.#post({
      kind: 'session',
      folder: this.#gate.folder.uri.toString(),
      session: this.#session,
      steps: this.#steps,
      more: this.#next !== undefined,
    });
  }
}
