import type { SimulateResult } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import { eachGate } from './gate/each-gate.ts';
import type { Parts } from './parts.ts';

const setting = 'trafficHints';

/** What the language server asks with; see docs/editor.md. */
interface SimulateRequest {
  /** The folder's address. */
  readonly folder: string;
  readonly files: readonly { readonly path: string; readonly text: string }[];
}

/** Tells the language server what unsaved texts would make of the recorded requests, for its hints at each rule. */
export function registerTraffic({ language, gates, output }: Parts): vscode.Disposable {
  const answer = async ({ folder, files }: SimulateRequest): Promise<SimulateResult | null> => {
    const root = vscode.Uri.parse(folder);
    const gate = gates.of(vscode.Uri.joinPath(root, '.gatehouse', 'gatehouse.yaml'));
    if (gate?.state.kind !== 'running') return null;
    if (vscode.workspace.getConfiguration('gatehouse', root).get(setting) === false) return null;
    try {
      return await gate.call('simulate', { files });
    } catch (error) {
      output.debug(`What was recorded cannot be decided again: ${String(error)}`);
      return null;
    }
  };
  const renew = (): void => language.sendNotification('gatehouse/trafficChanged');
  return vscode.Disposable.from(
    language.onRequest('gatehouse/simulate', answer),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration(`gatehouse.${setting}`)) renew();
    }),
    eachGate(gates, (gate) => {
      let isRunning = gate.state.kind === 'running';
      if (isRunning) renew();
      return gate.onDidChangeState(({ kind }) => {
        const wasRunning = isRunning;
        isRunning = kind === 'running';
        if (isRunning !== wasRunning) renew();
      });
    }),
  );
}
