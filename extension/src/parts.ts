import type * as vscode from 'vscode';
import type { Doctor } from './gate/doctor.ts';
import type { Gates } from './gate/gate.ts';
import type { Language } from './language.ts';
import type { Reports } from './reports.ts';
import type { ContainerBadge } from './views/approvals/container-badge.ts';

/** What every feature of the extension is made with. */
export interface Parts {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  readonly gates: Gates;
  /** Each part adds what it can say of its own health. */
  readonly doctor: Doctor;
  readonly language: Language;
  readonly reports: Reports;
  readonly badge: ContainerBadge;
}
