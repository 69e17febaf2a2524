import * as vscode from 'vscode';
import { startLanguageClient } from './language-client.ts';

/** Called by VS Code when a workspace holds policy files, or one is opened. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Gatehouse', { log: true });
  context.subscriptions.push(output);
  await startLanguageClient(context, output);
}
