import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandFolder } from '../gate/command-file.ts';
import type { Gate } from '../gate/gate.ts';
import { chooseGate } from '../gate/secret-commands.ts';
import type { Parts } from '../parts.ts';

const profile = 'gatehouse.agentTerminal';
/** A working day; who works longer opens another terminal. */
const terminalTtlMs = 12 * 60 * 60 * 1000;
/** New terminals of the person get tokens that live for at least the rest. */
const renewMs = 4 * 60 * 60 * 1000;
const agentName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** The terminal profile for agents of the command line, and the way of the person's own terminals through the gate. */
export function registerAgentTerminal(parts: Parts): vscode.Disposable {
  const { context, gates } = parts;
  const rerouting = new Rerouting(parts);
  return vscode.Disposable.from(
    vscode.window.registerTerminalProfileProvider(profile, {
      provideTerminalProfile: async () => {
        const gate = await chooseGate(gates, undefined);
        return gate && new vscode.TerminalProfile(await agentTerminal(context, gate, 'agent'));
      },
    }),
    vscode.commands.registerCommand('gatehouse.openAgentTerminal', async () => {
      const gate = await chooseGate(gates, undefined);
      if (gate === undefined) return;
      const agent = await vscode.window.showInputBox({
        title: vscode.l10n.t('Agent terminal'),
        prompt: vscode.l10n.t('The name by which policies and records know the agent'),
        value: 'agent',
        validateInput: (text) =>
          agentName.test(text) ? undefined : vscode.l10n.t('Letters, digits, ".", "_" and "-", 64 at most.'),
      });
      if (agent === undefined) return;
      vscode.window.createTerminal(await agentTerminal(context, gate, agent)).show();
    }),
    rerouting,
  );
}

/** @throws Error in words for the person when the gate does not run */
async function agentTerminal(
  context: vscode.ExtensionContext,
  gate: Gate,
  agent: string,
): Promise<vscode.TerminalOptions> {
  const session = `terminal ${randomUUID().slice(0, 8)}`;
  const { variables, entry } = await gate.call('environment', { agent, session, ttl: terminalTtlMs });
  return {
    name: agent === 'agent' ? vscode.l10n.t('Agent (Gatehouse)') : `${agent} (Gatehouse)`,
    iconPath: new vscode.ThemeIcon('robot', new vscode.ThemeColor('terminal.ansiGreen')),
    cwd: gate.folder.uri,
    message: vscode.l10n.t(
      'Agents that you start here reach {0} through Gatehouse, as {1}. Plain psql works; each statement is decided and recorded.',
      namesOf(gate),
      `"${agent}"`,
    ),
    env: { ...variables, PATH: `${process.env.PATH ?? ''}${path.delimiter}${commandFolder(context)}` },
    ...(isRouted(gate.folder.uri) ? shellThatReads(entry) : {}),
    // A token of yesterday would only be refused.
    isTransient: true,
  };
}

function isRouted(folder: vscode.Uri): boolean {
  return vscode.workspace.getConfiguration('gatehouse', folder).get('routeMyTerminals') === true;
}

/**
 * A shell that takes the agent's variables last: those of the person's own terminals would otherwise come over them, as
 * VS Code gives them to every terminal of the folder.
 */
function shellThatReads(
  entry: Readonly<Record<'sh' | 'powershell', string>>,
): Pick<vscode.TerminalOptions, 'shellPath' | 'shellArgs'> {
  if (process.platform === 'win32') {
    const quoted = `'${entry.powershell.replaceAll("'", "''")}'`;
    return { shellPath: 'powershell.exe', shellArgs: ['-NoExit', '-Command', `. ${quoted}`] };
  }
  return {
    shellPath: '/bin/sh',
    shellArgs: ['-c', '. "$0"; test -n "$SHELL" || SHELL=sh; exec "$SHELL" -i', entry.sh],
  };
}

function namesOf({ state }: Gate): string {
  const names = state.kind === 'running' ? state.status.resources.map(({ name }) => name) : [];
  return names.join(', ') || vscode.l10n.t('its resources');
}

/** `gatehouse.routeMyTerminals`: the person's own terminals, tasks and debuggers, folder by folder. */
class Rerouting implements vscode.Disposable {
  readonly #parts: Parts;
  readonly #routed = new Set<string>();
  readonly #subscriptions: vscode.Disposable[];
  readonly #timer: NodeJS.Timeout;

  constructor(parts: Parts) {
    this.#parts = parts;
    const update = () => void this.#update(false);
    this.#subscriptions = [
      parts.gates.onDidChange(update),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration('gatehouse.routeMyTerminals')) update();
      }),
    ];
    this.#timer = setInterval(() => void this.#update(true), renewMs);
    update();
  }

  dispose(): void {
    clearInterval(this.#timer);
    for (const each of this.#subscriptions) each.dispose();
  }

  /** @param renew the tokens of folders that are routed already, too */
  async #update(renew: boolean): Promise<void> {
    const { context, gates, output } = this.#parts;
    const running = new Set<string>();
    for (const gate of gates.all) {
      const { uri } = gate.folder;
      if (!isRouted(uri) || gate.state.kind !== 'running') continue;
      running.add(uri.toString());
      if (this.#routed.has(uri.toString()) && !renew) continue;
      this.#routed.add(uri.toString());
      try {
        await this.#route(gate);
      } catch (error) {
        this.#routed.delete(uri.toString());
        output.warn(`Terminals of ${gate.folder.name} are not led through the gate: ${String(error)}`);
      }
    }
    for (const key of [...this.#routed]) {
      if (running.has(key)) continue;
      this.#routed.delete(key);
      const workspaceFolder = vscode.workspace.getWorkspaceFolder(vscode.Uri.parse(key));
      if (workspaceFolder !== undefined)
        context.environmentVariableCollection.getScoped({ workspaceFolder }).clear();
    }
  }

  async #route(gate: Gate): Promise<void> {
    const { variables } = await gate.call('environment', {
      agent: 'terminal',
      session: 'my terminals',
      ttl: terminalTtlMs,
    });
    const all = this.#parts.context.environmentVariableCollection;
    // Tokens end with the daemon, so none is kept for the next start of VS Code.
    all.persistent = false;
    const scoped = all.getScoped({ workspaceFolder: gate.folder });
    scoped.persistent = false;
    scoped.description = new vscode.MarkdownString(
      vscode.l10n.t('Clients in this terminal reach {0} through Gatehouse.', namesOf(gate)),
    );
    for (const [name, value] of Object.entries(variables)) scoped.replace(name, value);
  }
}
