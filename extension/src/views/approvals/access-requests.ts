import type { AccessAnswer, AccessRequest } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import { eachGate } from '../../gate/each-gate.ts';
import type { Gate, Gates } from '../../gate/gate.ts';
import { said } from '../../said.ts';

/** What agents ask access for, by gate, as the daemon has it. Nothing of it waits, so nothing here lets anything pass. */
export class AccessBook implements vscode.Disposable {
  readonly #waiting = new Map<Gate, readonly AccessRequest[]>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #watching: vscode.Disposable;
  readonly onDidChange = this.#changed.event;

  constructor(gates: Gates) {
    this.#watching = eachGate(gates, (gate) => {
      const read = () => void this.#read(gate);
      read();
      return vscode.Disposable.from(
        gate.onDidChangeState(read),
        gate.onRecorded((lines) => {
          if (lines.some(({ kind }) => kind === 'access.asked' || kind === 'access.answered')) read();
        }),
        { dispose: () => this.#waiting.delete(gate) },
      );
    });
  }

  /** The oldest first. */
  of(gate: Gate): readonly AccessRequest[] {
    return gate.state.kind === 'running' ? (this.#waiting.get(gate) ?? []) : [];
  }

  dispose(): void {
    this.#watching.dispose();
    this.#changed.dispose();
  }

  async #read(gate: Gate): Promise<void> {
    if (gate.state.kind !== 'running') return;
    try {
      const all = await gate.call('accessRequests', {});
      this.#waiting.set(
        gate,
        all.filter(({ answer }) => answer === undefined),
      );
    } catch {
      // The gate went away meanwhile; its next state asks again.
      return;
    }
    this.#changed.fire();
  }
}

/** Answer, with words that the agent reads. What is granted, the policy must then say. */
export async function answerAccess(
  gate: Gate,
  request: AccessRequest,
  answer: AccessAnswer['kind'],
): Promise<void> {
  const reason = await vscode.window.showInputBox({
    title:
      answer === 'granted'
        ? vscode.l10n.t('Tell {0} that access is granted', request.agent)
        : vscode.l10n.t('Decline the request of {0}', request.agent),
    prompt:
      answer === 'granted'
        ? vscode.l10n.t(
            'This changes nothing by itself: change the policy first. The agent is told your words.',
          )
        : vscode.l10n.t('The agent is told the reason. Say what it should do instead.'),
    placeHolder: vscode.l10n.t('Words for the agent (may be empty)'),
    ignoreFocusOut: true,
  });
  if (reason === undefined) return;
  const words = reason.trim();
  try {
    await gate.call('answerAccess', { id: request.id, answer, ...(words === '' ? {} : { reason: words }) });
  } catch (error) {
    void vscode.window.showWarningMessage(said(error instanceof Error ? error.message : String(error)));
  }
}

/** The policy files of a gate, or the one where there is one. */
export async function openPolicy({ folder }: Gate): Promise<void> {
  const pattern = new vscode.RelativePattern(folder, '.gatehouse/policies/*.policy.yaml');
  const files = await vscode.workspace.findFiles(pattern, undefined, 50);
  const [only] = files;
  const chosen =
    files.length > 1
      ? await vscode.window.showQuickPick(
          files.map((uri) => ({ label: vscode.workspace.asRelativePath(uri, false), uri })),
          { title: vscode.l10n.t('Open Policy') },
        )
      : only && { uri: only };
  if (chosen !== undefined) await vscode.window.showTextDocument(chosen.uri);
}

/** Tell the person once of each. */
export function registerAccessNotifications(
  gates: Gates,
  book: AccessBook,
  review: () => void,
): vscode.Disposable {
  const told = new Set<string>();
  const tell = () => {
    if (!vscode.window.state.focused) return;
    for (const { id, agent, resource, reason } of gates.all.flatMap((gate) => book.of(gate))) {
      if (told.has(id)) continue;
      told.add(id);
      const look = vscode.l10n.t('Review');
      const words = vscode.l10n.t(
        '{0} asks for access to {1}: {2}',
        said(agent),
        resource,
        said(reason.slice(0, 200)),
      );
      void vscode.window.showInformationMessage(words, look).then((chosen) => {
        if (chosen === look) review();
      });
    }
  };
  return vscode.Disposable.from(book.onDidChange(tell), vscode.window.onDidChangeWindowState(tell));
}
