import * as vscode from 'vscode';

/** The language server, as features see it. It starts by itself; what is asked waits until it has. */
export interface Language {
  sendRequest<Result>(method: string, params?: unknown, token?: vscode.CancellationToken): Promise<Result>;
  sendNotification(method: string): void;
  onNotification(method: string, handler: () => void): vscode.Disposable;
  /** Answer what the server asks. */
  onRequest<Params>(method: string, handler: (params: Params) => Promise<unknown>): vscode.Disposable;
}

/** Start it behind the activation, which windows wait for: its client is most of the extension's code. */
export function startLanguage(context: vscode.ExtensionContext, output: vscode.LogOutputChannel): Language {
  const started = new Promise<void>((resolve) => setImmediate(resolve)).then(async () => {
    const { createLanguageClient } = await import('./language-client.ts');
    return createLanguageClient(context, output);
  });
  started.catch((error: unknown) => output.error(`The language server did not start: ${String(error)}`));
  return {
    sendRequest: async (method, params, token) => {
      const client = await started;
      // A token that is undefined would count as a parameter.
      return token === undefined
        ? client.sendRequest(method, params)
        : client.sendRequest(method, params, token);
    },
    sendNotification: (method) => {
      started.then((client) => client.sendNotification(method)).catch(() => {});
    },
    onNotification: (method, handler) =>
      later(started.then((client) => client.onNotification(method, handler))),
    onRequest: (method, handler) => later(started.then((client) => client.onRequest(method, handler))),
  };
}

/** What is registered once the client is there; without one there is nothing to end. */
function later(registered: Promise<vscode.Disposable>): vscode.Disposable {
  const end = () =>
    registered.then(
      (each) => each.dispose(),
      () => {},
    );
  return new vscode.Disposable(() => void end());
}
