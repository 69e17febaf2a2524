import path from 'node:path';
import * as vscode from 'vscode';
import { commandFolder } from './command-file.ts';
import { type Doctor, registerDoctor } from './doctor.ts';
import { addGateExaminations } from './examinations.ts';
import type { Gates } from './gate.ts';
import { HostLink } from './host-link.ts';
import { chooseGate, registerSecretCommands } from './secret-commands.ts';
import { FolderSecrets } from './secrets.ts';
import { registerStatusBar } from './status-bar.ts';
import { WindowGates } from './window-gates.ts';

/** The gates of this window, and the commands that run them. */
export function registerGate(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
  doctor: Doctor,
): Gates {
  const link = new HostLink(context, output);
  const secrets = new FolderSecrets(context.secrets);
  const gates = new WindowGates(link, secrets);
  const each = (run: (gate: WindowGates['all'][number]) => void) => () => gates.all.forEach(run);
  addGateExaminations(doctor, gates, link);
  context.subscriptions.push(
    gates,
    link,
    registerStatusBar(gates),
    registerDoctor(doctor, gates.onDidChange),
    registerSecretCommands(gates, secrets),
    vscode.commands.registerCommand(
      'gatehouse.start',
      each((gate) => gate.start()),
    ),
    vscode.commands.registerCommand(
      'gatehouse.restart',
      each((gate) => gate.start()),
    ),
    vscode.commands.registerCommand(
      'gatehouse.stop',
      each((gate) => gate.stop()),
    ),
    vscode.commands.registerCommand('gatehouse.showLog', () => output.show()),
    vscode.commands.registerCommand('gatehouse.unlockTerminal', () => openUnlocked(context, gates, link)),
  );
  return gates;
}

/** A terminal whose `gatehouse` may answer and accept, as the person that opened it may. */
async function openUnlocked(
  context: vscode.ExtensionContext,
  gates: WindowGates,
  link: HostLink,
): Promise<void> {
  const gate = await chooseGate(gates, undefined);
  const secret = gate?.operatorSecret;
  if (gate === undefined || secret === undefined) return;
  const terminal = vscode.window.createTerminal({
    name: vscode.l10n.t('Gatehouse (unlocked)'),
    iconPath: new vscode.ThemeIcon('unlock'),
    cwd: gate.folder.uri,
    message: vscode.l10n.t(
      'In this terminal `gatehouse` acts as you: it may approve, accept and stop. Start no agent here.',
    ),
    env: {
      GATEHOUSE_HOST_SECRET: await link.secret(),
      GATEHOUSE_CONTROL_SECRET: secret,
      PATH: `${commandFolder(context)}${path.delimiter}${process.env.PATH ?? ''}`,
    },
    isTransient: true,
  });
  terminal.show();
}
