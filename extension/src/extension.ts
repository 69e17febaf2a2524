import * as vscode from 'vscode';
import { startLanguageClient } from './language-client.ts';
import { registerMeaning } from './meaning.ts';
import { Reports } from './reports.ts';
import { registerTry } from './try-request.ts';

/** Called by VS Code when a workspace holds policy files, or one is opened. */
export async function activate(context: vscode.ExtensionContext): Promise<void> {
  const output = vscode.window.createOutputChannel('Gatehouse', { log: true });
  const reports = new Reports();
  context.subscriptions.push(output, reports);
  const client = await startLanguageClient(context, output);
  context.subscriptions.push(registerTry(client, reports), registerMeaning(reports));
}
