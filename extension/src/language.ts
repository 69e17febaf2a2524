import * as vscode from 'vscode';

/** The language server, as features see it. It starts by itself; what is asked waits until it has. */
export interface Language {
  sendRequest<Result>(method: string, params?: unknown, token?: vscode.CancellationToken): Promise<Result>;
  onNotification(method: string, handler: () => void): vscode.Disposable;
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
    onNotification: (method, handler) => {
      const registered = started.then((client) => client.onNotification(method, handler));
      const end = () =>
        registered.then(
          (each) => each.dispose(),
          () => {},
        );
      return new vscode.Disposable(() => void end());
    },
  };
}
