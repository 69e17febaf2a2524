import { execFile } from 'node:child_process';
import * as vscode from 'vscode';
import type { Finding } from '../gate/doctor.ts';
import type { Gate } from '../gate/gate.ts';
import type { Parts } from '../parts.ts';
import { checkHook, writeHookLauncher } from './hook-launcher.ts';

/**
 * The plugin in extension/plugin brings agents in VS Code a hook. The hook is a program at a fixed place, which is written
 * here, once a folder is trusted: a stranger's repository makes nothing run.
 */
export function registerAgentPlugin({ context, output, gates, doctor }: Parts): vscode.Disposable {
  let launcher: Promise<string> | undefined;
  const write = () => {
    launcher ??= writeHookLauncher(context.extensionUri);
    launcher.catch((error: Error) => output.warn(`The hook of agents could not be set up: ${error.message}`));
  };
  const begin = () => {
    if (vscode.workspace.isTrusted && gates.all.length > 0) write();
  };
  begin();
  doctor.add(vscode.l10n.t('Agent hook'), async () => {
    if (!vscode.workspace.isTrusted || gates.all.length === 0) return [];
    write();
    const file = await launcher;
    const running = gates.all.find(({ state }) => state.kind === 'running');
    return [
      ...(file === undefined || running === undefined ? [] : [await hookFinding(file, running)]),
      ...(running === undefined ? [] : [await environmentFinding(running)]),
      switchFinding(),
    ];
  });
  return vscode.Disposable.from(gates.onDidChange(begin), vscode.workspace.onDidGrantWorkspaceTrust(begin));
}

async function hookFinding(file: string, gate: Gate): Promise<Finding> {
  const part = vscode.l10n.t('Agent hook');
  const check = await checkHook(file, gate.folder.uri.fsPath);
  switch (check.kind) {
    case 'answered':
      return {
        state: 'good',
        part,
        words: vscode.l10n.t('Leads commands through the gate, in {0} ms', check.ms),
        detail: file,
      };
    case 'silent':
      return {
        state: 'bad',
        part,
        words: vscode.l10n.t('Runs, and leaves commands as they are'),
        detail: vscode.l10n.t('It does not reach the daemon of {0}.', gate.folder.name),
        fix: { title: vscode.l10n.t('Restart the Gate'), command: 'gatehouse.restart' },
      };
    case 'failed':
      return {
        state: 'bad',
        part,
        words: vscode.l10n.t('Does not run'),
        detail: check.problem,
        fix: { title: vscode.l10n.t('Reload Window'), command: 'workbench.action.reloadWindow' },
      };
  }
}

/** Whether a shell takes what the gate gives agents. */
async function environmentFinding(gate: Gate): Promise<Finding> {
  const part = vscode.l10n.t('Agent environment');
  const answer = await gate.call('hook', {
    harness: 'agent',
    session: 'self-test',
    cwd: gate.folder.uri.fsPath,
    event: { kind: 'session-start', sources: false },
  });
  if (answer.kind !== 'welcome' || process.platform === 'win32')
    return { state: 'good', part, words: vscode.l10n.t('Is made for each session of an agent') };
  const session = await new Promise<string>((resolve) =>
    execFile(
      'sh',
      ['-c', '. "$1"; printf %s "$GATEHOUSE_SESSION"', 'sh', answer.file],
      { timeout: 10_000 },
      (error, stdout) => resolve(error === null ? stdout : ''),
    ),
  );
  return session === 'self-test'
    ? { state: 'good', part, words: vscode.l10n.t('A shell reads it'), detail: answer.file }
    : { state: 'bad', part, words: vscode.l10n.t('A shell cannot read it'), detail: answer.file };
}

/** Settings that switch hooks of plugins off, by a person or by their organisation. */
const switches: readonly { readonly setting: string; readonly off: unknown }[] = [
  { setting: 'gatehouse.agentHooks', off: false },
  { setting: 'chat.disableAIFeatures', off: true },
  { setting: 'chat.plugins.enabled', off: false },
  { setting: 'chat.useHooks', off: false },
  { setting: 'chat.hooks.allowManagedOnly', off: true },
];

/** The setting that keeps the plugin from being used in this window. */
export function switchedOffBy(): string | undefined {
  const settings = vscode.workspace.getConfiguration();
  const found = switches.find(({ setting, off }) => settings.get(setting) === off)?.setting;
  if (found !== undefined) return found;
  const chosen = settings.get<Readonly<Record<string, boolean>>>('chat.plugins.enabledPlugins') ?? {};
  const mine = Object.entries(chosen).find(([name, on]) => !on && /gatehouse/i.test(name));
  return mine === undefined ? undefined : 'chat.plugins.enabledPlugins';
}

function switchFinding(): Finding {
  const part = vscode.l10n.t('Agent plugin');
  const setting = switchedOffBy();
  if (setting === undefined) {
    return {
      state: 'good',
      part,
      words: vscode.l10n.t('Agents of VS Code run with the hook'),
      detail: vscode.l10n.t(
        'It steers and leaves evidence. What holds is that only the gate has the credentials.',
      ),
    };
  }
  return {
    state: 'warning',
    part,
    words: vscode.l10n.t('Switched off by the setting {0}', setting),
    detail: vscode.l10n.t(
      'Agents of VS Code are not led through the gate. Where your organisation set it, use an agent terminal.',
    ),
    fix: {
      title: vscode.l10n.t('Open Setting'),
      command: 'workbench.action.openSettings',
      arguments: [setting],
    },
  };
}
