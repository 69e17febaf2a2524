import * as vscode from 'vscode';
import {
  LanguageClient,
  type LanguageClientOptions,
  type ServerOptions,
  TransportKind,
} from 'vscode-languageclient/node';

/** The files that the language server answers for. */
const selector = [
  { scheme: 'file', pattern: '**/.gatehouse/gatehouse.yaml' },
  { scheme: 'file', pattern: '**/.gatehouse/policies/**/*.policy.yaml' },
  { scheme: 'file', pattern: '**/.gatehouse/tests/**/*.test.yaml' },
];

/** The language server in a process of its own, which is being started, and ends with the extension. */
export function createLanguageClient(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
): LanguageClient {
  const module = vscode.Uri.joinPath(context.extensionUri, 'dist', 'language-server.js').fsPath;
  const server: ServerOptions = {
    run: { module, transport: TransportKind.ipc },
    debug: { module, transport: TransportKind.ipc, options: { execArgv: ['--inspect=0'] } },
  };
  const options: LanguageClientOptions = {
    documentSelector: selector,
    outputChannel: output,
    initializationOptions: () => ({
      untrusted: !vscode.workspace.isTrusted,
      traffic: 'client',
      pages: `${vscode.Uri.joinPath(context.extensionUri, 'docs', 'checks').toString()}/`,
    }),
  };
  const client = new LanguageClient('gatehouse', 'Gatehouse', server, options);
  context.subscriptions.push(
    client,
    // It then may ask Git and the daemon.
    vscode.workspace.onDidGrantWorkspaceTrust(() => void client.restart()),
  );
  client
    .start()
    .catch((error: unknown) => output.error(`The language server did not start: ${String(error)}`));
  return client;
}
