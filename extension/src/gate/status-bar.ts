import * as vscode from 'vscode';
import type { Gate, Gates } from './gate.ts';

/** The gate in the status bar: whether it runs, what waits for a person, how much of the budgets is left. */
export function registerStatusBar(gates: Gates): vscode.Disposable {
  const item = vscode.window.createStatusBarItem('gatehouse', vscode.StatusBarAlignment.Left, 50);
  item.name = 'Gatehouse';
  const update = () => show(item, gates.all);
  const watching = watchHeld(gates, update);
  update();
  return vscode.Disposable.from(item, gates.onDidChange(update), watching);
}

/** Gates come and go; each is listened to once. */
function watchHeld(gates: Gates, update: () => void): vscode.Disposable {
  const known = new WeakSet<Gate>();
  const subscriptions: vscode.Disposable[] = [];
  const watch = () => {
    for (const gate of gates.all) {
      if (known.has(gate)) continue;
      known.add(gate);
      subscriptions.push(gate.onDidChangeHeld(update));
    }
  };
  watch();
  subscriptions.push(gates.onDidChange(watch));
  return { dispose: () => vscode.Disposable.from(...subscriptions).dispose() };
}

function show(item: vscode.StatusBarItem, gates: readonly Gate[]): void {
  void vscode.commands.executeCommand(
    'setContext',
    'gatehouse.running',
    gates.some(({ state }) => state.kind === 'running'),
  );
  const held = gates.reduce((sum, gate) => sum + gate.held.length, 0);
  void vscode.commands.executeCommand('setContext', 'gatehouse.held', held);
  if (gates.length === 0) {
    item.hide();
    return;
  }
  const look = lookOf(gates, held);
  item.text = look.text;
  item.accessibilityInformation = { label: look.label };
  item.backgroundColor = look.colour === undefined ? undefined : new vscode.ThemeColor(look.colour);
  item.command = look.command;
  item.tooltip = tooltip(gates);
  item.show();
}

interface Look {
  readonly text: string;
  /** Read out by screen readers. */
  readonly label: string;
  readonly colour?: string;
  readonly command: string;
}

function lookOf(gates: readonly Gate[], held: number): Look {
  const states = gates.map(({ state }) => state);
  if (held > 0) {
    const label =
      held === 1
        ? vscode.l10n.t('1 request waits for you')
        : vscode.l10n.t('{0} requests wait for you', held);
    return {
      text: `$(bell-dot) ${held}`,
      label: `Gatehouse: ${label}`,
      colour: 'statusBarItem.warningBackground',
      command: 'gatehouse.approvals.focus',
    };
  }
  const failed = states.find((state) => state.kind === 'failed');
  if (failed?.kind === 'failed') {
    return {
      text: '$(shield) $(error)',
      label: `Gatehouse: ${failed.problem}`,
      colour: 'statusBarItem.errorBackground',
      command: 'gatehouse.doctor',
    };
  }
  if (states.some((state) => state.kind === 'starting')) {
    const label = vscode.l10n.t('Gatehouse is starting');
    return { text: '$(loading~spin) Gatehouse', label, command: 'gatehouse.showLog' };
  }
  const running = states.filter((state) => state.kind === 'running');
  if (running.length === 0) {
    const label = vscode.l10n.t('Gatehouse is off: agents reach nothing through it');
    return { text: '$(shield) $(circle-slash)', label, command: 'gatehouse.doctor' };
  }
  if (running.some(({ status }) => status.policy.pending !== undefined)) {
    const label = vscode.l10n.t('Gatehouse: a change of the policy waits for you');
    return {
      text: '$(shield) $(git-pull-request)',
      label,
      colour: 'statusBarItem.warningBackground',
      command: 'gatehouse.approvals.focus',
    };
  }
  const problem =
    running.some(({ status }) => status.policy.broken !== undefined) ||
    running.some(({ status }) => status.resources.some((each) => each.problem !== undefined));
  const left = budgetLeft(gates);
  const budget = left === undefined ? '' : ` ${left} %`;
  return {
    text: `$(shield)${problem ? ' $(warning)' : ''}${budget}`,
    label:
      left === undefined
        ? vscode.l10n.t('Gatehouse runs')
        : vscode.l10n.t('Gatehouse runs; {0} % of the tightest budget is left', left),
    command: 'gatehouse.doctor',
  };
}

/** Of the budget that is nearest to its end, in percent. */
function budgetLeft(gates: readonly Gate[]): number | undefined {
  const shares = gates.flatMap(({ state }) =>
    state.kind === 'running' ? state.status.budgets.map(({ used, bound }) => 1 - used / bound) : [],
  );
  if (shares.length === 0) return undefined;
  return Math.max(0, Math.round(Math.min(...shares) * 100));
}

function tooltip(gates: readonly Gate[]): vscode.MarkdownString {
  const text = new vscode.MarkdownString('', true);
  text.isTrusted = {
    enabledCommands: [
      'gatehouse.doctor',
      'gatehouse.start',
      'gatehouse.stop',
      'gatehouse.showLog',
      'gatehouse.live.focus',
    ],
  };
  for (const gate of gates) {
    text.appendMarkdown('**Gatehouse** · ');
    text.appendText(gate.folder.name);
    text.appendMarkdown('\n\n');
    linesOf(gate, text);
  }
  const link = (name: string, command: string) => `[${name}](command:${command})`;
  text.appendMarkdown(
    `\n\n---\n\n${[
      link(vscode.l10n.t('Live Decisions'), 'gatehouse.live.focus'),
      link(vscode.l10n.t('Doctor'), 'gatehouse.doctor'),
      link(vscode.l10n.t('Log'), 'gatehouse.showLog'),
    ].join(' · ')}`,
  );
  return text;
}

function linesOf({ state, held }: Gate, text: vscode.MarkdownString): void {
  const line = (icon: string, words: string) => {
    text.appendMarkdown(`$(${icon}) `);
    text.appendText(words);
    text.appendMarkdown('  \n');
  };
  switch (state.kind) {
    case 'off':
      line(
        'circle-slash',
        state.why === 'untrusted'
          ? vscode.l10n.t('Off until you trust this folder.')
          : vscode.l10n.t('Stopped. Agents reach nothing through it.'),
      );
      return;
    case 'starting':
      line('loading', vscode.l10n.t('Starting…'));
      return;
    case 'failed':
      line('error', state.problem);
      return;
    case 'running': {
      const { resources, policy, budgets } = state.status;
      for (const { name, listen, sessions, problem } of resources) {
        if (problem !== undefined) line('error', `${name}: ${problem}`);
        else line('database', vscode.l10n.t('{0} on port {1}, {2} open', name, listen?.port ?? 0, sessions));
      }
      line('law', vscode.l10n.t('{0} rules in force', policy.accepted.rules));
      if (policy.pending !== undefined)
        line('git-pull-request', vscode.l10n.t('A change that allows more waits for you.'));
      if (policy.broken !== undefined)
        line('warning', vscode.l10n.t('The policy files have errors; the accepted policy stays in force.'));
      if (held.length > 0) line('bell-dot', vscode.l10n.t('{0} waiting', held.length));
      for (const { used, bound, of, agent, resource } of budgets) {
        const whose = agent === undefined ? resource : `${agent}, ${resource}`;
        const [spent, all] = [used, bound].map((value) => Math.floor(value).toLocaleString());
        line('dashboard', vscode.l10n.t('{0}: {1} of {2} {3} used', whose, spent ?? '', all ?? '', of));
      }
    }
  }
}
