import type * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Gates } from './gate/gate.ts';
import type { Reports } from './reports.ts';

/** What every feature of the extension is made with. */
export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  readonly gates: Gates;
  /** The language server; a request waits until it has started. */
  readonly client: LanguageClient;
  readonly reports: Reports;
}
