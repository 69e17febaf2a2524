import type * as vscode from 'vscode';
import type { LanguageClient } from 'vscode-languageclient/node';
import type { Doctor } from './gate/doctor.ts';
import type { Gates } from './gate/gate.ts';
import type { Reports } from './reports.ts';
import type { ContainerBadge } from './views/approvals/container-badge.ts';

/** What every feature of the extension is made with. */
export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  readonly gates: Gates;
  /** Each part adds what it can say of its own health. */
  readonly doctor: Doctor;
  /** The language server. It starts by itself; a request waits until it has. */
  readonly client: LanguageClient;
  readonly reports: Reports;
  readonly badge: ContainerBadge;
}
