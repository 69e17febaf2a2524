import type { HeldApproval } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate, Gates } from '../../gate/gate.ts';
import { eachGate } from '../../gate/each-gate.ts';
import { said } from '../../said.ts';
import { answer, askReason } from './answers.ts';

/** A longer request is not whole in a notification, and nobody approves what they have not seen whole. */
const wholeUpTo = 140;

/**
 * Tell the person once of each request that begins to wait: in the window that they look at, or in the one that they come
 * back to first.
 */
export function registerApprovalNotifications(
  gates: Gates,
  review: (gate: Gate, id: string) => void,
): vscode.Disposable {
  const told = new Set<string>();
  const tell = (gate: Gate) => {
    if (!vscode.window.state.focused) return;
    for (const held of gate.held) {
      if (told.has(held.id)) continue;
      told.add(held.id);
      void notify(gate, held, review);
    }
  };
  return vscode.Disposable.from(
    eachGate(gates, (gate) => gate.onDidChangeHeld(() => tell(gate))),
    vscode.window.onDidChangeWindowState(() => gates.all.forEach(tell)),
  );
}

async function notify(
  gate: Gate,
  held: HeldApproval,
  review: (gate: Gate, id: string) => void,
): Promise<void> {
  const asked = held.text.replace(/\s+/g, ' ').trim();
  const text = said(asked);
  const isWhole = text === asked && text.length <= wholeUpTo && (held.parameters ?? []).length === 0;
  const [look, approve, deny] = [
    vscode.l10n.t('Review'),
    vscode.l10n.t('Approve Once'),
    vscode.l10n.t('Deny…'),
  ];
  const words = vscode.l10n.t(
    '{0} waits for you on {1}: {2}',
    said(held.agent),
    held.resource,
    isWhole ? text : `${text.slice(0, wholeUpTo)}…`,
  );
  // The first button is what Enter means; it must not be an answer.
  const chosen = await vscode.window.showInformationMessage(words, look, ...(isWhole ? [approve] : []), deny);
  if (chosen === undefined) return;
  if (!gate.held.some(({ id }) => id === held.id)) {
    void vscode.window.showInformationMessage(
      vscode.l10n.t('The request of {0} does not wait any more.', said(held.agent)),
    );
    return;
  }
  if (chosen === look) {
    review(gate, held.id);
    return;
  }
  const reason = chosen === deny ? await askReason(held) : '';
  if (reason === undefined) return;
  const answered = await answer(
    gate,
    held.id,
    chosen === deny ? { answer: 'deny', reason } : { answer: 'approve', scope: 'once' },
  );
  if (answered.kind === 'refused') void vscode.window.showWarningMessage(said(answered.words));
}
