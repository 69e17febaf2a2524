import type { RecordLine } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate, Gates } from '../../gate/gate.ts';
import type { RuleFilter } from './messages.ts';
import { policyPathOf } from './open-policy-texts.ts';

/** What is known of a rule's requests. */
interface Hits {
  requests: number;
  errors: number;
  lastAt: string;
}

/** The lenses are drawn again so long after something happened, and this often for the words of their times. */
const restMs = 1000;
const agesMs = 30_000;

/** Above each rule of a policy file, how many requests it had a part in and when the last one was. */
export class RuleHits implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #gates: Gates;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #counts = new Map<Gate, Map<string, Hits>>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #ages: NodeJS.Timeout;
  #timer: NodeJS.Timeout | undefined;

  constructor(gates: Gates) {
    this.#gates = gates;
    this.#subscriptions = [this.#changed, gates.onDidChange(() => this.#follow())];
    this.#ages = setInterval(() => this.#soon(), agesMs);
    this.#follow();
  }

  dispose(): void {
    clearInterval(this.#ages);
    clearTimeout(this.#timer);
    for (const each of this.#subscriptions) each.dispose();
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    const gate = this.#gates.of(document.uri);
    const counts = gate && this.#counts.get(gate);
    if (gate === undefined || counts === undefined || policyPathOf(gate, document.uri) === undefined)
      return [];
    const symbols = await vscode.commands.executeCommand<readonly vscode.DocumentSymbol[] | undefined>(
      'vscode.executeDocumentSymbolProvider',
      document.uri,
    );
    const [policy] = symbols ?? [];
    return (policy?.children ?? []).flatMap((rule) => {
      const hits = counts.get(keyOf({ policy: policy?.name ?? '', rule: rule.name }));
      // Masks and lists stand here too; of a name of theirs no rule is known.
      if (!['allow', 'approve', 'deny'].includes(rule.detail)) return [];
      return [lensOf({ policy: policy?.name ?? '', rule: rule.name }, rule.selectionRange, hits)];
    });
  }

  #follow(): void {
    for (const gate of this.#gates.all) {
      if (this.#counts.has(gate) || gate.state.kind !== 'running') continue;
      const counts = new Map<string, Hits>();
      this.#counts.set(gate, counts);
      void this.#read(gate, counts);
    }
    for (const gate of this.#counts.keys()) if (!this.#gates.all.includes(gate)) this.#counts.delete(gate);
  }

  async #read(gate: Gate, counts: Map<string, Hits>): Promise<void> {
    // What comes while the answer is on its way may be counted in it, or not: it is counted by its time.
    const meanwhile: RecordLine[] = [];
    const listening = gate.onRecorded((lines) => meanwhile.push(...lines));
    try {
      const { rules } = await gate.call('ruleCounts', {});
      for (const { policy, rule, requests, errors, lastAt } of rules) {
        const known = counts.get(keyOf({ policy, rule }));
        // One rule may have stood at several places.
        counts.set(keyOf({ policy, rule }), {
          requests: requests + (known?.requests ?? 0),
          errors: errors + (known?.errors ?? 0),
          lastAt: known !== undefined && known.lastAt > lastAt ? known.lastAt : lastAt,
        });
      }
      const until = [...counts.values()].reduce(
        (last, each) => (each.lastAt > last ? each.lastAt : last),
        '',
      );
      this.#count(
        counts,
        meanwhile.filter(({ at }) => at > until),
      );
      this.#subscriptions.push(gate.onRecorded((lines) => this.#count(counts, lines)));
    } catch {
      // Without the gate nothing is known; it is asked again once it is back.
      this.#counts.delete(gate);
    } finally {
      listening.dispose();
      this.#soon();
    }
  }

  #count(counts: Map<string, Hits>, lines: readonly RecordLine[]): void {
    let some = false;
    for (const line of lines) {
      if (line.kind !== 'request.decided' || line.stage === 'prepare') continue;
      const seen = new Set<string>();
      for (const { rules } of line.actions) {
        for (const { policy, rule, error } of rules) {
          const key = keyOf({ policy, rule });
          if (seen.has(key)) continue;
          seen.add(key);
          const known = counts.get(key) ?? { requests: 0, errors: 0, lastAt: line.at };
          known.requests++;
          if (error !== undefined) known.errors++;
          known.lastAt = line.at;
          counts.set(key, known);
          some = true;
        }
      }
    }
    if (some) this.#soon();
  }

  #soon(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#changed.fire();
    }, restMs);
  }
}

function keyOf({ policy, rule }: RuleFilter): string {
  return `${policy}/${rule}`;
}

function lensOf(rule: RuleFilter, range: vscode.Range, hits: Hits | undefined): vscode.CodeLens {
  const title =
    hits === undefined
      ? vscode.l10n.t('no hits')
      : [
          hits.requests === 1
            ? vscode.l10n.t('1 hit, {0}', agoWords(hits.lastAt))
            : vscode.l10n.t('{0} hits, last {1}', hits.requests.toLocaleString(), agoWords(hits.lastAt)),
          ...(hits.errors === 0 ? [] : [vscode.l10n.t('{0} failed', hits.errors)]),
        ].join(', ');
  return new vscode.CodeLens(range, {
    title,
    tooltip: vscode.l10n.t('Show these requests in the live decisions'),
    command: 'gatehouse.showRuleHits',
    arguments: [rule],
  });
}

function agoWords(at: string): string {
  const seconds = Math.max(0, (Date.now() - Date.parse(at)) / 1000);
  if (seconds < 60) return vscode.l10n.t('just now');
  if (seconds < 3600) return vscode.l10n.t('{0} min ago', Math.floor(seconds / 60));
  if (seconds < 86_400) return vscode.l10n.t('{0} h ago', Math.floor(seconds / 3600));
  return vscode.l10n.t('{0} d ago', Math.floor(seconds / 86_400));
}
