import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as vscode from 'vscode';
import { commandFile } from '../gate/command-file.ts';
import type { Finding } from '../gate/doctor.ts';
import type { Gate } from '../gate/gate.ts';
import type { Parts } from '../parts.ts';

const provider = 'gatehouse.mcp';
const withinMs = 20_000;

/**
 * Gatehouse's own MCP server for the agents of VS Code: one for each folder whose gate runs. VS Code starts it when an agent
 * first wants its tools. A folder that nobody trusts has no running gate, and so no server.
 */
export function registerMcp({ context, gates, doctor }: Parts): vscode.Disposable {
  const changed = new vscode.EventEmitter<void>();
  let told = '';
  const update = () => {
    const now = running(gates.all)
      .map(({ folder }) => folder.uri.toString())
      .join('\n');
    if (now === told) return;
    told = now;
    changed.fire();
  };
  doctor.add(vscode.l10n.t('MCP server'), async () => {
    const [gate] = running(gates.all);
    return gate === undefined ? [] : [finding(await checkServer(context, gate))];
  });
  return vscode.Disposable.from(
    changed,
    gates.onDidChange(update),
    vscode.lm.registerMcpServerDefinitionProvider(provider, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => {
        const all = running(gates.all);
        return all.map((gate) => definition(context, gate, all.length > 1));
      },
    }),
  );
}

function running(gates: readonly Gate[]): readonly Gate[] {
  return vscode.workspace.isTrusted ? gates.filter(({ state }) => state.kind === 'running') : [];
}

/** Whose agents they are: editors name themselves in many ways. */
function agentName(): string {
  return /cursor/i.test(vscode.env.appName) ? 'cursor' : 'copilot';
}

/** How it is started: on the runtime that VS Code itself runs on. */
function launch({ extensionUri }: vscode.ExtensionContext, { folder }: Gate) {
  return {
    command: process.execPath,
    args: [commandFile(extensionUri), '-C', folder.uri.fsPath, 'mcp', '--agent', agentName()],
    cwd: folder.uri,
  };
}

function definition(
  context: vscode.ExtensionContext,
  gate: Gate,
  several: boolean,
): vscode.McpStdioServerDefinition {
  const { command, args, cwd } = launch(context, gate);
  const server = new vscode.McpStdioServerDefinition(
    several ? `Gatehouse (${gate.folder.name})` : 'Gatehouse',
    command,
    args,
    // What makes an operator of a shell that a person unlocked is nothing for agents.
    { ELECTRON_RUN_AS_NODE: '1', GATEHOUSE_CONTROL_SECRET: null },
    versionOf(context),
  );
  server.cwd = cwd;
  return server;
}

/** With another one VS Code reads the tools anew. */
function versionOf({ extension }: vscode.ExtensionContext): string {
  const { version } = extension.packageJSON as { readonly version: string };
  return version;
}

type ServerCheck =
  | { readonly kind: 'answered'; readonly tools: number; readonly ms: number }
  | { readonly kind: 'failed'; readonly problem: string };

/** Start it as VS Code would, and have it list the resources. */
async function checkServer(context: vscode.ExtensionContext, gate: Gate): Promise<ServerCheck> {
  const { command, args, cwd } = launch(context, gate);
  const started = performance.now();
  const child = spawn(command, args, {
    cwd: cwd.fsPath,
    env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
    stdio: ['pipe', 'pipe', 'ignore'],
    timeout: withinMs,
  });
  const failed = new Promise<ServerCheck>((resolve) => {
    child.once('error', (error) => resolve({ kind: 'failed', problem: error.message }));
    child.once('exit', () =>
      resolve({ kind: 'failed', problem: vscode.l10n.t('It ended without an answer.') }),
    );
  });
  child.stdin.on('error', () => {});
  const send = (message: object) => child.stdin.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
  const asked = (async (): Promise<ServerCheck> => {
    send({
      id: 1,
      method: 'initialize',
      params: {
        protocolVersion: '2025-06-18',
        capabilities: {},
        clientInfo: { name: 'self-test', version: '1' },
      },
    });
    let tools = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const { id, result } = JSON.parse(line) as McpAnswer;
      if (id === 1) {
        send({ method: 'notifications/initialized' });
        send({ id: 2, method: 'tools/list' });
      } else if (id === 2) {
        tools = result?.tools?.length ?? 0;
        send({ id: 3, method: 'tools/call', params: { name: 'list_resources', arguments: {} } });
      } else if (id === 3) {
        const problem = result?.content?.[0]?.text ?? '';
        if (result?.isError === true) return { kind: 'failed', problem };
        return { kind: 'answered', tools, ms: Math.round(performance.now() - started) };
      }
    }
    return failed;
  })();
  try {
    return await Promise.race([failed, asked]);
  } finally {
    child.stdin.end();
    child.kill();
  }
}

interface McpAnswer {
  readonly id?: number;
  readonly result?: {
    readonly tools?: readonly unknown[];
    readonly isError?: boolean;
    readonly content?: readonly { readonly text?: string }[];
  };
}

function finding(check: ServerCheck): Finding {
  const part = vscode.l10n.t('MCP server');
  return check.kind === 'answered'
    ? {
        state: 'good',
        part,
        words: vscode.l10n.t('Gives agents {0} tools, in {1} ms', check.tools, check.ms),
        detail: vscode.l10n.t('Each statement of them is decided like any other.'),
      }
    : {
        state: 'bad',
        part,
        words: vscode.l10n.t('Does not answer'),
        detail: check.problem,
        fix: { title: vscode.l10n.t('Restart the Gate'), command: 'gatehouse.restart' },
      };
}
