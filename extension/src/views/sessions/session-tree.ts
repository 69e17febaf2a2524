import type { SessionRow } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate, Gates } from '../../gate/gate.ts';
import { type Grouping, groupsOf, type SessionFilter } from './session-groups.ts';
import { itemOf, type SessionNode } from './session-items.ts';

/** Sessions of a gate that are asked for at once. */
const pageSize = 100;
/** A page of the control API has as many at most. */
const mostAtOnce = 500;

interface Known {
  readonly rows: readonly SessionRow[];
  readonly next: number | undefined;
}

/** The recorded sessions of this window's gates, as they stand in the index. */
export class SessionTree implements vscode.TreeDataProvider<SessionNode>, vscode.Disposable {
  readonly #gates: Gates;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #known = new Map<Gate, Known>();
  #grouping: Grouping;
  #filter: SessionFilter = {};

  constructor(gates: Gates, grouping: Grouping) {
    this.#gates = gates;
    this.#grouping = grouping;
  }

  get grouping(): Grouping {
    return this.#grouping;
  }

  get filter(): SessionFilter {
    return this.#filter;
  }

  group(grouping: Grouping): void {
    this.#grouping = grouping;
    this.#changed.fire();
  }

  narrow(filter: SessionFilter): void {
    this.#filter = filter;
    this.#changed.fire();
  }

  /** Draw what is known anew, without asking. */
  redraw(): void {
    this.#changed.fire();
  }

  /** Ask each gate that runs; one that does not is left out. @throws Error in words for the person */
  async refresh(): Promise<void> {
    const { all } = this.#gates;
    for (const gate of this.#known.keys()) if (!all.includes(gate)) this.#known.delete(gate);
    const running = all.filter(({ state }) => state.kind === 'running');
    try {
      await Promise.all(running.map((gate) => this.#ask(gate)));
    } finally {
      this.#changed.fire();
    }
  }

  /** Older sessions of a gate, behind those that are shown. */
  async more(gate: Gate): Promise<void> {
    const known = this.#known.get(gate);
    if (known?.next === undefined) return;
    const { sessions, next } = await gate.call('sessions', { limit: pageSize, before: known.next });
    this.#known.set(gate, { rows: [...known.rows, ...sessions], next });
    this.#changed.fire();
  }

  async #ask(gate: Gate): Promise<void> {
    const known = this.#known.get(gate);
    const limit = Math.min(mostAtOnce, Math.max(pageSize, known?.rows.length ?? 0));
    const { sessions, next } = await gate.call('sessions', { limit });
    const last = sessions.at(-1)?.place.firstSeq ?? 0;
    // Of those further back some may have gone on; they are asked for when somebody looks that far again.
    const older = next === undefined ? [] : (known?.rows ?? []).filter(({ place }) => place.firstSeq < last);
    this.#known.set(gate, { rows: [...sessions, ...older], next: older.length > 0 ? known?.next : next });
  }

  getTreeItem(node: SessionNode): vscode.TreeItem {
    return itemOf(node);
  }

  getChildren(node?: SessionNode): SessionNode[] {
    switch (node?.kind) {
      case undefined: {
        const gates = this.#gates.all.filter((gate) => this.#known.has(gate));
        if (gates.length > 1) return gates.map((gate) => ({ kind: 'folder', gate }));
        return gates.flatMap((gate) => this.#groups(gate));
      }
      case 'folder':
        return this.#groups(node.gate);
      case 'group':
        return node.sessions.map((row) => ({
          kind: 'session',
          gate: node.gate,
          grouping: node.grouping,
          row,
        }));
      case 'session':
      case 'more':
        return [];
    }
  }

  #groups(gate: Gate): SessionNode[] {
    const { rows, next } = this.#known.get(gate) ?? { rows: [], next: undefined };
    const grouping = this.#grouping;
    const groups = groupsOf(rows, grouping, this.#filter).map(
      (group): SessionNode => ({ kind: 'group', gate, grouping, ...group }),
    );
    return next === undefined ? groups : [...groups, { kind: 'more', gate }];
  }

  dispose(): void {
    this.#changed.dispose();
  }
}
