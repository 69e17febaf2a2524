import * as vscode from 'vscode';
import { eachGate } from '../../gate/each-gate.ts';
import type { Gate, Gates } from '../../gate/gate.ts';
import { type SessionPlace, sessionTitle } from '../replay/session-place.ts';
import { said } from '../../said.ts';
import { showRule } from '../show-rule.ts';
import { showPage } from '../webview-page.ts';
import { type AccessBook, answerAccess, openPolicy } from './access-requests.ts';
import { answer } from './answers.ts';
import type { AccessCard, FromApprovals, HeldCard, PolicyCard, ToApprovals } from './messages.ts';
import type { ContainerBadge } from './container-badge.ts';
import type { PolicyDocuments } from './review-change.ts';

export const approvalsView = 'gatehouse.approvals';

export interface ApprovalsParts {
  readonly extensionUri: vscode.Uri;
  readonly gates: Gates;
  readonly documents: PolicyDocuments;
  readonly access: AccessBook;
  readonly badge: ContainerBadge;
}

/** Cards of what waits for a person: held requests, and changes of the policy that would allow more. */
export class ApprovalsView implements vscode.WebviewViewProvider, vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #gates: Gates;
  readonly #documents: PolicyDocuments;
  readonly #access: AccessBook;
  readonly #badge: ContainerBadge;
  readonly #watching: vscode.Disposable;
  #view: vscode.WebviewView | undefined;
  /** A card that is to be shown as soon as the page is there. */
  #wanted: string | undefined;

  constructor({ extensionUri, gates, documents, access, badge }: ApprovalsParts) {
    this.#badge = badge;
    this.#extensionUri = extensionUri;
    this.#gates = gates;
    this.#documents = documents;
    this.#access = access;
    const accessing = access.onDidChange(() => this.#show());
    const watching = eachGate(gates, (gate) =>
      vscode.Disposable.from(
        gate.onDidChangeHeld(() => this.#show()),
        gate.onDidChangeState(() => this.#show()),
      ),
    );
    this.#watching = vscode.Disposable.from(accessing, watching);
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    this.#view = view;
    this.#badge.own(view);
    view.webview.onDidReceiveMessage((message: FromApprovals) => void this.#take(message));
    view.onDidDispose(() => {
      if (this.#view !== view) return;
      this.#view = undefined;
      this.#badge.own(undefined);
    });
    showPage(view.webview, {
      extensionUri: this.#extensionUri,
      page: 'approvals',
      title: vscode.l10n.t('Approvals'),
    });
  }

  /** Bring the view to the front, with the cursor on a card. */
  async reveal(id?: string): Promise<void> {
    this.#wanted = id ?? '';
    await vscode.commands.executeCommand(`${approvalsView}.focus`);
    this.#focusWanted();
  }

  dispose(): void {
    this.#watching.dispose();
  }

  #post(message: ToApprovals): void {
    void this.#view?.webview.postMessage(message);
  }

  #focusWanted(): void {
    if (this.#wanted === undefined || this.#view === undefined) return;
    this.#post(this.#wanted === '' ? { kind: 'focus' } : { kind: 'focus', id: this.#wanted });
  }

  #show(): void {
    const [held, policies] = [heldCards(this.#gates), policyCards(this.#gates)];
    const access = accessCards(this.#gates, this.#access);
    const value = held.length + policies.length + access.length;
    this.#badge.show(
      value === 0 ? undefined : { value, tooltip: vscode.l10n.t('{0} waiting for you', value) },
    );
    this.#post({ kind: 'show', held, policies, access });
  }

  async #take(message: FromApprovals): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.#show();
        this.#focusWanted();
        this.#wanted = undefined;
        return;
      case 'problems':
        await vscode.commands.executeCommand('workbench.actions.view.problems');
        return;
      default: {
        const gate = this.#gates.all.find(({ folder }) => folder.uri.toString() === message.folder);
        if (gate !== undefined) await this.#act(gate, message);
      }
    }
  }

  async #act(gate: Gate, message: Exclude<FromApprovals, { kind: 'ready' | 'problems' }>): Promise<void> {
    switch (message.kind) {
      case 'answer': {
        const answered = await answer(gate, message.id, message);
        if (answered.kind === 'refused') {
          this.#post({ kind: 'refused', id: message.id, words: answered.words });
          if (!gate.held.some(({ id }) => id === message.id))
            void vscode.window.showInformationMessage(said(answered.words));
        }
        return;
      }
      case 'openRule':
        await showRule(gate.folder.uri, message.file, message.line);
        return;
      case 'openSession':
        await openSession(gate, message.session);
        return;
      case 'makeRule':
        await vscode.commands.executeCommand('gatehouse.makeRule', {
          folder: message.folder,
          approval: message.approval,
        });
        return;
      case 'answerAccess': {
        const request = this.#access.of(gate).find(({ id }) => id === message.id);
        if (request !== undefined) await answerAccess(gate, request, message.answer);
        return;
      }
      case 'openPolicy':
        await openPolicy(gate);
        return;
      case 'review':
        await this.#documents.review(gate);
        return;
      case 'accept':
        await this.#accept(gate, message.digest);
    }
  }

  async #accept(gate: Gate, digest: string): Promise<void> {
    const { pending } = policyOf(gate) ?? {};
    const accept = vscode.l10n.t('Accept');
    const chosen = await vscode.window.showWarningMessage(
      vscode.l10n.t('Accept the change of the policy of {0}?', gate.folder.name),
      { modal: true, detail: (pending?.loosens ?? []).slice(0, 20).join('\n') },
      accept,
    );
    if (chosen !== accept) return;
    try {
      await gate.call('acceptPolicy', { digest });
    } catch (error) {
      void vscode.window.showWarningMessage(said(error instanceof Error ? error.message : String(error)));
    }
  }
}

function openSession(gate: Gate, id: string): Thenable<unknown> {
  const held = gate.held.find(({ session }) => session === id);
  const title = held === undefined ? id.slice(0, 8) : sessionTitle({ ...held, openedAt: held.asked });
  const place: SessionPlace = { gate, id, title };
  return vscode.commands.executeCommand('gatehouse.openSession', place);
}

function policyOf({ state }: Gate) {
  return state.kind === 'running' ? state.status.policy : undefined;
}

function ofGate(gates: Gates, { folder }: Gate) {
  return { folder: folder.uri.toString(), ...(gates.all.length > 1 ? { folderName: folder.name } : {}) };
}

function heldCards(gates: Gates): readonly HeldCard[] {
  return gates.all.flatMap((gate) => gate.held.map((held) => ({ ...ofGate(gates, gate), held })));
}

function accessCards(gates: Gates, access: AccessBook): readonly AccessCard[] {
  return gates.all.flatMap((gate) => access.of(gate).map((request) => ({ ...ofGate(gates, gate), request })));
}

function policyCards(gates: Gates): readonly PolicyCard[] {
  return gates.all.flatMap((gate): readonly PolicyCard[] => {
    const { pending, broken } = policyOf(gate) ?? {};
    const whose = ofGate(gates, gate);
    if (pending !== undefined)
      return [{ ...whose, kind: 'pending', digest: pending.digest, loosens: pending.loosens }];
    return broken === undefined ? [] : [{ ...whose, kind: 'broken', problems: broken }];
  });
}
