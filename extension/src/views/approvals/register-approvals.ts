import * as vscode from 'vscode';
import type { Parts } from '../../parts.ts';
import { ApprovalsView, approvalsView } from './approvals-view.ts';
import { registerApprovalNotifications } from './notifications.ts';
import { PolicyDocuments } from './review-change.ts';

/** What waits for a person: the view with its cards, notifications, and the diff of a change that waits. */
export function registerApprovals({ context, gates, badge }: Parts): vscode.Disposable {
  const documents = new PolicyDocuments();
  const view = new ApprovalsView(context.extensionUri, gates, documents, badge);
  return vscode.Disposable.from(
    documents,
    view,
    vscode.window.registerWebviewViewProvider(approvalsView, view),
    registerApprovalNotifications(gates, (_gate, id) => void view.reveal(id)),
    vscode.commands.registerCommand('gatehouse.showApprovals', () => view.reveal()),
  );
}
