import type { Redecided } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import type { Comparison } from './messages.ts';

/** How long the keys rest before an edit is held against the session. */
const restMs = 300;

/** Holds a session against the policy as it is now, for as long as somebody looks: also while it is edited. */
export class SessionComparison implements vscode.Disposable {
  readonly #gate: Gate;
  readonly #session: string;
  readonly #show: (comparison: Comparison) => void;
  #watching: vscode.Disposable | undefined;
  #timer: NodeJS.Timeout | undefined;
  /** Which asking is the newest; what an older one says comes too late. */
  #asked = 0;

  constructor(gate: Gate, session: string, show: (comparison: Comparison) => void) {
    this.#gate = gate;
    this.#session = session;
    this.#show = show;
  }

  get isOn(): boolean {
    return this.#watching !== undefined;
  }

  turn(on: boolean): void {
    if (on === this.isOn) return;
    if (on) {
      this.#watching = this.#watch();
      void this.#ask();
    } else {
      this.#stop();
      this.#show({ kind: 'off' });
    }
  }

  /** The session has gone on, or the page was made anew. */
  renew(): void {
    if (!this.isOn) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), restMs);
  }

  dispose(): void {
    this.#stop();
  }

  #stop(): void {
    this.#asked++;
    clearTimeout(this.#timer);
    this.#watching?.dispose();
    this.#watching = undefined;
  }

  #watch(): vscode.Disposable {
    const files = vscode.workspace.createFileSystemWatcher(
      new vscode.RelativePattern(this.#gate.folder, '.gatehouse/**'),
    );
    const renew = () => this.renew();
    const edited = ({ document }: { readonly document: vscode.TextDocument }) => {
      if (this.#pathOf(document) !== undefined) renew();
    };
    return vscode.Disposable.from(
      files,
      files.onDidChange(renew),
      files.onDidCreate(renew),
      files.onDidDelete(renew),
      vscode.workspace.onDidChangeTextDocument(edited),
      // One that is closed without saving is as the disk has it again.
      vscode.workspace.onDidCloseTextDocument((document) => edited({ document })),
    );
  }

  async #ask(): Promise<void> {
    const asked = ++this.#asked;
    const files = vscode.workspace.textDocuments.flatMap((document) => {
      const path = document.isDirty ? this.#pathOf(document) : undefined;
      return path === undefined ? [] : [{ path, text: document.getText() }];
    });
    const unsaved = files.map(({ path }) => path);
    this.#show({ kind: 'running' });
    try {
      const requests: Redecided[] = [];
      let after: number | undefined;
      do {
        const of = { kind: 'session', id: this.#session, ...(after === undefined ? {} : { after }) } as const;
        const answer = await this.#gate.call('decideAgain', { of, files });
        if (asked !== this.#asked) return;
        if (answer.kind === 'broken') {
          this.#show({ kind: 'broken', problems: answer.problems, unsaved });
          return;
        }
        requests.push(...answer.requests);
        after = answer.next;
      } while (after !== undefined);
      this.#show({ kind: 'decided', requests, unsaved });
    } catch (error) {
      if (asked !== this.#asked) return;
      const problem = error instanceof Error ? error.message : String(error);
      this.#show({ kind: 'broken', problems: [problem], unsaved });
    }
  }

  /** Relative to the workspace folder, where it is a file that decides. */
  #pathOf({ uri }: vscode.TextDocument): string | undefined {
    const { folder } = this.#gate;
    if (uri.scheme !== folder.uri.scheme || !uri.path.startsWith(`${folder.uri.path}/`)) return undefined;
    const path = uri.path.slice(folder.uri.path.length + 1);
    return /^\.gatehouse\/(?:gatehouse\.yaml|policies\/.*\.policy\.yaml)$/.test(path) ? path : undefined;
  }
}
