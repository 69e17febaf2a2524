import * as vscode from 'vscode';
import type { Parts } from '../../parts.ts';
import { AccessBook, registerAccessNotifications } from './access-requests.ts';
import { ApprovalsView, approvalsView } from './approvals-view.ts';
import { registerApprovalNotifications } from './notifications.ts';
import { PolicyDocuments } from './review-change.ts';

/** What waits for a person: the view with its cards, notifications, and the diff of a change that waits. */
export function registerApprovals({ context, gates, badge }: Parts): vscode.Disposable {
  const documents = new PolicyDocuments();
  const access = new AccessBook(gates);
  const view = new ApprovalsView({ extensionUri: context.extensionUri, gates, documents, access, badge });
  return vscode.Disposable.from(
    documents,
    access,
    view,
    registerAccessNotifications(gates, access, () => void view.reveal()),
    vscode.window.registerWebviewViewProvider(approvalsView, view),
    registerApprovalNotifications(gates, (_gate, id) => void view.reveal(id)),
    vscode.commands.registerCommand('gatehouse.showApprovals', () => view.reveal()),
  );
}
