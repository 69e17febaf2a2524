import type { RecordLine } from '@gatehouse/daemon/control/messages.ts';
import type * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import { LiveRows } from './live-rows.ts';
import type { LiveRow } from './messages.ts';

/** The rows of one gate. Sessions that are older than what was heard are asked for. */
export class FolderRows implements vscode.Disposable {
  readonly gate: Gate;
  readonly rows: LiveRows;
  readonly #changed: (rows: readonly LiveRow[]) => void;
  readonly #asked = new Set<string>();
  readonly #subscription: vscode.Disposable;

  constructor(gate: Gate, changed: (rows: readonly LiveRow[]) => void) {
    this.gate = gate;
    this.rows = new LiveRows(gate.folder.uri.toString());
    this.#changed = changed;
    this.rows.take(gate.recent);
    this.#subscription = gate.onRecorded((lines) => this.#take(lines));
    void this.#learn();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #take(lines: readonly RecordLine[]): void {
    const changed = this.rows.take(lines);
    if (changed.length === 0) return;
    this.#changed(changed);
    void this.#learn();
  }

  async #learn(): Promise<void> {
    for (const id of this.rows.unknown) {
      if (this.#asked.has(id)) continue;
      this.#asked.add(id);
      try {
        const { session } = await this.gate.call('session', { id, limit: 1 });
        this.#changed(this.rows.learn(id, session));
      } catch {
        // The gate has gone, or the record has: the row stays without a name.
      }
    }
  }
}
