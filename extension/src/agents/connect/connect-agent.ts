import path from 'node:path';
import type { ToldAgent, ToldPlan } from '@gatehouse/daemon/control/messages.ts';
import * as vscode from 'vscode';
import type { Gate } from '../../gate/gate.ts';
import { askCommand, commandProgram } from '../../gate/run-command.ts';
import { chooseGate } from '../../gate/secret-commands.ts';
import type { Parts } from '../../parts.ts';
import type { PlannedChanges } from '../planned-changes.ts';
import { shortPath } from '../short-path.ts';

type Scope = 'workspace' | 'user';

/** What the command may be given instead of asking for it. */
export interface Given {
  readonly folder?: vscode.Uri;
  readonly agent?: string;
  readonly scope?: Scope;
}

/** `gatehouse connect …` for a folder. */
export function connectWords(
  context: vscode.ExtensionContext,
  folder: string,
  ...more: readonly string[]
): string[] {
  const storage = path.dirname(context.globalStorageUri.fsPath);
  const program = ['--program', commandProgram(context), '--editor-storage', storage];
  return ['-C', folder, 'connect', ...more, ...program, '--json'];
}

/** The agents that can be connected, as they stand in a folder. */
export function agentsOf(context: vscode.ExtensionContext, folder: string): Promise<readonly ToldAgent[]> {
  return askCommand(context, connectWords(context, folder));
}

/** `Gatehouse: Connect an Agent` and `Disconnect an Agent`. */
export function registerConnect(
  { context, gates, output }: Parts,
  changes: PlannedChanges,
  changed: () => void,
): vscode.Disposable {
  const command = (run: (gate: Gate, given: Given) => Promise<void>) => async (given?: Given) => {
    const gate = await chooseGate(gates, given?.folder);
    if (gate === undefined) return;
    try {
      await run(gate, given ?? {});
    } catch (error) {
      void vscode.window.showErrorMessage(error instanceof Error ? error.message : String(error));
    }
    changed();
  };
  const parts = { context, output, changes };
  return vscode.Disposable.from(
    vscode.commands.registerCommand(
      'gatehouse.connectAgent',
      command((gate, given) => connect(parts, gate, given)),
    ),
    vscode.commands.registerCommand(
      'gatehouse.disconnectAgent',
      command((gate, given) => disconnect(parts, gate, given)),
    ),
  );
}

interface With {
  readonly context: vscode.ExtensionContext;
  readonly output: vscode.LogOutputChannel;
  readonly changes: PlannedChanges;
}

async function connect(parts: With, gate: Gate, given: Given): Promise<void> {
  const agents = await agentsOf(parts.context, gate.folder.uri.fsPath);
  const agent = agents.find(({ name }) => name === given.agent) ?? (await chooseAgent(agents));
  if (agent === undefined) return;
  const scope = given.scope ?? (await chooseScope(gate, agent));
  if (scope === undefined) return;
  const done = await change(parts, gate, agent, scope, []);
  if (done === undefined) return;
  const message = vscode.l10n.t('{0} is connected. {1}', agent.title, done.notes.join(' '));
  const undo = vscode.l10n.t('Disconnect');
  // Not waited for: it may stand for a while.
  void vscode.window.showInformationMessage(message, undo).then((answer) => {
    if (answer === undo)
      void vscode.commands.executeCommand('gatehouse.disconnectAgent', {
        folder: gate.folder.uri,
        agent: agent.name,
        scope,
      } satisfies Given);
  });
}

async function disconnect(parts: With, gate: Gate, given: Given): Promise<void> {
  const agents = await agentsOf(parts.context, gate.folder.uri.fsPath);
  const items = agents.flatMap((agent) =>
    (['workspace', 'user'] as const)
      .filter((scope) => agent.connected[scope])
      .map((scope) => ({ label: agent.title, description: scopeWords(gate, scope), agent, scope })),
  );
  const fitting = items.filter(
    ({ agent, scope }) =>
      (given.agent === undefined || agent.name === given.agent) &&
      (given.scope === undefined || scope === given.scope),
  );
  if (fitting.length === 0) {
    void vscode.window.showInformationMessage(vscode.l10n.t('No agent is connected by its own files.'));
    return;
  }
  const chosen =
    fitting.length === 1 && given.agent !== undefined
      ? fitting[0]
      : await vscode.window.showQuickPick(fitting, { title: vscode.l10n.t('Disconnect which agent?') });
  if (chosen === undefined) return;
  const { agent, scope } = chosen;
  if ((await change(parts, gate, agent, scope, ['--undo'])) === undefined) return;
  void vscode.window.setStatusBarMessage(
    vscode.l10n.t('$(debug-disconnect) {0} is disconnected.', agent.title),
    4000,
  );
}

/** Show what would be written, ask, and write just that. Undefined: nothing was. */
async function change(
  { context, output, changes }: With,
  gate: Gate,
  { name, title }: ToldAgent,
  scope: Scope,
  undo: readonly string[],
): Promise<ToldPlan | undefined> {
  const words = connectWords(context, gate.folder.uri.fsPath, name, '--scope', scope, ...undo);
  const plan = await askCommand<ToldPlan>(context, [...words, '--dry-run']);
  if (plan.problems.length > 0) {
    await showProblems(title, plan.problems);
    return undefined;
  }
  if (plan.edits.length === 0) {
    void vscode.window.showInformationMessage(
      undo.length === 0
        ? vscode.l10n.t('{0} is connected already: nothing to change.', title)
        : vscode.l10n.t('{0} is not connected: nothing to change.', title),
    );
    return undefined;
  }
  const files = plan.edits
    .map(({ file, purpose }) => `${shortPath(file, gate.folder.uri.fsPath)} (${purpose})`)
    .join(', ');
  const agreed = await changes.agreed(
    undo.length === 0 ? vscode.l10n.t('Connect {0}', title) : vscode.l10n.t('Disconnect {0}', title),
    plan.edits,
    undo.length === 0
      ? vscode.l10n.t('Write this, so that {0} reaches resources through Gatehouse? {1}', title, files)
      : vscode.l10n.t('Take this out again? {0}', files),
    undo.length === 0 ? vscode.l10n.t('Write') : vscode.l10n.t('Take Out'),
  );
  if (!agreed) return undefined;
  const done = await askCommand<ToldPlan>(context, [...words, '--yes', plan.digest]);
  for (const { file, backup } of done.written)
    output.info(`${file} was written${backup === undefined ? '' : `; as it was it lies in ${backup}`}.`);
  return done;
}

async function showProblems(title: string, problems: readonly string[]): Promise<void> {
  const open = vscode.l10n.t('Open File');
  const [first = ''] = problems;
  const answer = await vscode.window.showWarningMessage(
    vscode.l10n.t('{0} was not changed. {1}', title, problems.join(' ')),
    open,
  );
  if (answer === open)
    await vscode.window.showTextDocument(vscode.Uri.file(first.slice(0, first.indexOf(': '))));
}

async function chooseAgent(agents: readonly ToldAgent[]): Promise<ToldAgent | undefined> {
  const itemOf = (agent: ToldAgent) => ({
    label: `${stateOf(agent).icon} ${agent.title}`,
    description: stateOf(agent).words,
    agent,
  });
  const here = agents.filter(({ installed }) => installed);
  const others = agents.filter(({ installed }) => !installed);
  const separator = (label: string) => ({
    label,
    kind: vscode.QuickPickItemKind.Separator,
    agent: undefined,
  });
  const items = [
    ...here.map(itemOf),
    ...(others.length === 0
      ? []
      : [separator(vscode.l10n.t('not found on this machine')), ...others.map(itemOf)]),
  ];
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Connect an Agent'),
    placeHolder: vscode.l10n.t(
      'Its own files then lead it through the gate. You see them before they are written.',
    ),
    matchOnDescription: true,
  });
  return chosen?.agent;
}

function stateOf({ connected, running }: ToldAgent): { readonly icon: string; readonly words: string } {
  if (connected.workspace)
    return { icon: '$(pass-filled)', words: vscode.l10n.t('connected in this folder') };
  if (connected.user)
    return { icon: '$(pass-filled)', words: vscode.l10n.t('connected in all your folders') };
  if (running.length > 0)
    return { icon: '$(circle-large-outline)', words: vscode.l10n.t('runs here, not connected') };
  return { icon: '$(circle-large-outline)', words: vscode.l10n.t('not connected') };
}

async function chooseScope(gate: Gate, { title }: ToldAgent): Promise<Scope | undefined> {
  const items = (['workspace', 'user'] as const).map((scope) => ({
    label: scopeWords(gate, scope),
    detail:
      scope === 'workspace'
        ? vscode.l10n.t(
            'Files in the folder, and what {0} keeps of it. Keep them out of Git: they name this machine.',
            title,
          )
        : vscode.l10n.t('Files in your home folder, for every folder where you start {0}.', title),
    scope,
  }));
  return (await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Connect {0} where?', title) }))
    ?.scope;
}

function scopeWords(gate: Gate, scope: Scope): string {
  return scope === 'workspace'
    ? vscode.l10n.t('In {0} only', gate.folder.name)
    : vscode.l10n.t('In all my folders');
}
