import type { Exposure } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import { askCommand } from '../../gate/run-command.ts';
import type { Parts } from '../../parts.ts';
import { switchedOffBy } from '../agent-plugin.ts';
import { agentsOf } from '../connect/connect-agent.ts';
import { agentsCovered, type CoveredAgent, tellsOfAgents, type Verdict, verdictOf } from './coverage.ts';
import { withFormerSources } from './former-sources.ts';
import { watchFiles } from './watch-files.ts';

/** What is known of a folder: who is led, and what goes around. */
export interface FolderCoverage {
  readonly gate: Gate;
  readonly verdict: Verdict;
  readonly agents: readonly CoveredAgent[];
  readonly exposure: Exposure;
}

/** Files change in bursts, and a look costs a process. */
const restMs = 700;

/** Looks at each folder with a gate, and again whenever something changed, while somebody wants to know. */
export class Coverages implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watchedGates = new WeakSet<Gate>();
  readonly #subscriptions: vscode.Disposable[];
  #known: readonly FolderCoverage[] = [];
  #wanted = false;
  #stale = true;
  #timer: NodeJS.Timeout | undefined;
  #looking: AbortController | undefined;
  #latest: Promise<readonly FolderCoverage[]> = Promise.resolve([]);

  constructor(parts: Parts) {
    this.#parts = parts;
    const again = () => this.refresh();
    this.#subscriptions = [
      this.#changed,
      watchFiles(again),
      parts.gates.onDidChange(() => this.#watchGates()),
      vscode.workspace.onDidGrantWorkspaceTrust(again),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('gatehouse') || change.affectsConfiguration('chat')) again();
      }),
    ];
    this.#watchGates();
  }

  get onDidChange(): vscode.Event<void> {
    return this.#changed.event;
  }

  /** One for each folder, as of the last look. */
  get known(): readonly FolderCoverage[] {
    return this.#known;
  }

  /** Whether somebody looks at it; without, nothing is run. */
  want(wanted: boolean): void {
    this.#wanted = wanted;
    if (wanted && this.#stale) this.refresh(0);
  }

  refresh(afterMs = restMs): void {
    this.#stale = true;
    if (!this.#wanted) return;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.look(), afterMs);
  }

  /** Look now: what comes is no older than this call. An earlier look that has not ended is given up for it. */
  look(): Promise<readonly FolderCoverage[]> {
    this.#looking?.abort();
    const looking = new AbortController();
    this.#looking = looking;
    this.#stale = false;
    const latest = this.#lookAtAll(looking.signal).then((found) => {
      // Whoever waited for a look that was given up waits for the one that took its place.
      if (looking.signal.aborted) return this.#latest;
      this.#known = found;
      this.#changed.fire();
      return found;
    });
    this.#latest = latest;
    return latest;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#latest = Promise.resolve([]);
    this.#looking?.abort();
    for (const each of this.#subscriptions) each.dispose();
  }

  #lookAtAll(signal: AbortSignal): Promise<readonly FolderCoverage[]> {
    const gates = vscode.workspace.isTrusted ? this.#parts.gates.all : [];
    return Promise.all(gates.map((gate) => this.#lookAt(gate, signal)));
  }

  async #lookAt(gate: Gate, signal: AbortSignal): Promise<FolderCoverage> {
    const { context } = this.#parts;
    const folder = gate.folder.uri.fsPath;
    const [told, seen, exposure] = await Promise.all([
      agentsOf(context, folder).catch(() => []),
      gate.state.kind === 'running' ? gate.call('agentsSeen', {}).catch(() => []) : [],
      askCommand<Exposure>(context, ['-C', folder, 'credentials', '--json'], signal).catch(
        (error: unknown): Error => (error instanceof Error ? error : new Error(String(error))),
      ),
    ]);
    const agents = agentsCovered(told, seen, copilotState());
    if (exposure instanceof Error) {
      const verdict = { kind: 'unknown', problem: exposure.message } as const;
      return { gate, agents, verdict, exposure: { findings: [], unread: [], looked: 0 } };
    }
    const whole = withFormerSources(context, gate.folder.uri, exposure);
    return { gate, agents, verdict: verdictOf(whole), exposure: whole };
  }

  #watchGates(): void {
    for (const gate of this.#parts.gates.all) {
      if (this.#watchedGates.has(gate)) continue;
      this.#watchedGates.add(gate);
      this.#subscriptions.push(
        gate.onRecorded((lines) => {
          if (tellsOfAgents(lines)) this.refresh();
        }),
      );
    }
    this.refresh();
  }
}

function copilotState(): 'on' | 'off' | 'absent' {
  if (vscode.workspace.getConfiguration().get('chat.disableAIFeatures') === true) return 'absent';
  return switchedOffBy() === undefined ? 'on' : 'off';
}
