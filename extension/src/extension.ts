import * as vscode from 'vscode';
import { registerAgentPlugin } from './agents/agent-plugin.ts';
import { registerAgentTerminal } from './agents/agent-terminal.ts';
import { registerMcp } from './agents/mcp-provider.ts';
import { Doctor } from './gate/doctor.ts';
import { registerGate } from './gate/register-gate.ts';
import { startLanguage } from './language.ts';
import { registerMeaning } from './meaning.ts';
import type { Parts } from './parts.ts';
import { Reports } from './reports.ts';
import { registerTests } from './testing/register-tests.ts';
import { registerAgents } from './views/agents/agents-view.ts';
import { ContainerBadge } from './views/approvals/container-badge.ts';
import { registerApprovals } from './views/approvals/register-approvals.ts';
import { registerLive } from './views/live/register-live.ts';
import { registerReplay } from './views/replay/register-replay.ts';
import { registerSessions } from './views/sessions/register-sessions.ts';
import { registerTraffic } from './traffic.ts';
import { registerTry } from './try-request.ts';
import { registerWelcome } from './views/welcome/welcome.ts';

/**
 * Called by VS Code when a workspace holds policy files, or a view or command of Gatehouse is wanted. It registers, and
 * waits for nothing: the language server and the daemon start beside it.
 */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('Gatehouse', { log: true });
  const reports = new Reports();
  const doctor = new Doctor();
  context.subscriptions.push(output, reports);
  const language = startLanguage(context, output);
  const gates = registerGate(context, output, doctor);
  const badge = new ContainerBadge();
  const parts: Parts = { context, output, gates, doctor, language, reports, badge };
  for (const register of features) context.subscriptions.push(register(parts));
}

/** One line a feature. */
const features: readonly ((parts: Parts) => vscode.Disposable)[] = [
  ({ language, reports }) => registerTry(language, reports),
  ({ reports }) => registerMeaning(reports),
  registerTraffic,
  registerAgentPlugin,
  registerAgentTerminal,
  registerMcp,
  registerTests,
  registerAgents,
  registerApprovals,
  registerSessions,
  registerReplay,
  registerWelcome,
  registerLive,
];
