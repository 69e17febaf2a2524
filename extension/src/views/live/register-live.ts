import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import type { Parts } from '../../parts.ts';
import { sessionTitle } from '../replay/session-place.ts';
import { LiveView, type RowActions, viewId } from './live-view.ts';
import { registerMakeRule } from './make-rule.ts';
import type { LiveRow, RuleFilter } from './messages.ts';
import { RuleHits } from './rule-hits.ts';

/** The view of live decisions, the hits above the rules of policies, and `Make a Rule from This…`. */
export function registerLive({ context, gates }: Parts): vscode.Disposable {
  const run = vscode.commands.executeCommand;
  const place = (gate: Gate) => gate.folder.uri.toString();
  const actions: RowActions = {
    makeRule: (gate, { seq, request }) =>
      run('gatehouse.makeRule', {
        folder: place(gate),
        ...(seq === undefined ? { approval: request } : { seq }),
      }),
    addAsTest: (gate, { session, request }) =>
      run('gatehouse.addAsTest', { folder: place(gate), session, request }),
    openSession: (gate, row) => run('gatehouse.openSession', sessionOf(gate, row)),
    copy: async (gate, row) => {
      await vscode.env.clipboard.writeText(await wholeText(gate, row));
      vscode.window.setStatusBarMessage(vscode.l10n.t('The request was copied.'), 3000);
    },
  };
  const view = new LiveView(context.extensionUri, gates, actions);
  const hits = new RuleHits(gates);
  return vscode.Disposable.from(
    view,
    hits,
    registerMakeRule(gates),
    vscode.window.registerWebviewViewProvider(viewId, view, {
      // Rows are kept, so that what was paused and filtered is still so after a look at the terminal.
      webviewOptions: { retainContextWhenHidden: true },
    }),
    vscode.languages.registerCodeLensProvider(
      { scheme: 'file', pattern: '**/.gatehouse/policies/**/*.policy.yaml' },
      hits,
    ),
    vscode.commands.registerCommand('gatehouse.showLive', () => run(`${viewId}.focus`)),
    vscode.commands.registerCommand('gatehouse.showRuleHits', async (rule?: RuleFilter) => {
      if (rule === undefined) await run(`${viewId}.focus`);
      else await view.showOnly(rule);
    }),
  );
}

function sessionOf(gate: Gate, { session, agent, resource, at }: LiveRow) {
  return { gate, id: session, title: sessionTitle({ agent, resource, openedAt: at }) };
}

/** Rows hold the beginning of a text alone. */
async function wholeText(gate: Gate, { session, seq, text }: LiveRow): Promise<string> {
  if (seq === undefined) return text;
  const { steps } = await gate.call('session', { id: session, after: seq - 1, limit: 1 });
  const [step] = steps;
  return step?.kind === 'request' ? step.decided.text : text;
}
