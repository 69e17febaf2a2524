import type { HeldApproval } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import type { Answer } from './messages.ts';

/** How an answer ended: `taken`, or words that say why it was not. */
export type Answered = { readonly kind: 'taken' } | { readonly kind: 'refused'; readonly words: string };

/**
 * Give a person's answer to the daemon. Somebody else may have been faster, in another window or a terminal: whatever waits
 * no more has been answered once, and this answer changes nothing.
 */
export async function answer(gate: Gate, id: string, given: Answer): Promise<Answered> {
  try {
    if (given.answer === 'approve') await gate.call('answer', { id, answer: 'approve', scope: given.scope });
    else {
      const reason = given.reason.trim();
      await gate.call('answer', { id, answer: 'deny', ...(reason === '' ? {} : { reason }) });
    }
    return { kind: 'taken' };
  } catch (error) {
    if (!gate.held.some((held) => held.id === id)) {
      return {
        kind: 'refused',
        words: vscode.l10n.t(
          'This request does not wait any more: it was answered elsewhere, withdrawn, or too late.',
        ),
      };
    }
    return { kind: 'refused', words: error instanceof Error ? error.message : String(error) };
  }
}

/** Ask for the reason of a denial, which the agent is told. Undefined: the person thought better of it. */
export function askReason(held: HeldApproval): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t('Deny the request of {0}', held.agent),
    prompt: vscode.l10n.t('The agent is told the reason. Say what it should do instead.'),
    placeHolder: vscode.l10n.t('Reason (may be empty)'),
    ignoreFocusOut: true,
  });
}
