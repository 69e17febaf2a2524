import { appendFileSync } from 'node:fs';
import path from 'node:path';
import type { HarnessName, HookAnswer } from '../agents/hook.ts';
import { type HookCall, hookFormats } from '../agents/hook-formats.ts';
import { answerWithoutGate } from '../agents/without-gate.ts';
import { connectControl } from '../control/client.ts';
import { ConfigFault } from '../core/faults.ts';
import { findWorkspace } from '../workspace/files.ts';
import { type StatePaths, statePaths } from '../workspace/state.ts';

/** What harnesses say is short, as contents of files are of no interest; beyond this nothing is decided. */
const longestInput = 16 * 1024 * 1024;
/** An agent waits for its hook; a daemon that does not answer by then counts as gone. */
const patienceMs = 5000;

export interface HookRun {
  readonly harness: HarnessName | 'auto';
  readonly input: string;
  readonly env: NodeJS.ProcessEnv;
}

/**
 * Answer a harness. The text is for standard output, empty where nothing is to be said. A hook that fails must not stop
 * an agent at work elsewhere, so what cannot be read is no decision; what is reached by then, the gate decides.
 */
export async function runHook({ harness, input, env }: HookRun): Promise<string> {
  const said = parsed(input);
  const name = harness === 'auto' ? harnessOf(said, env) : harness;
  const format = hookFormats[name];
  const call = said === undefined ? undefined : format.read(name, said, env);
  const answer = call === undefined ? undefined : await answerOf(call);
  if (call === undefined || answer === undefined) return '';
  if (answer.kind === 'welcome') keepEnvironmentFile(answer, env);
  const output = format.write(answer, call);
  return output === undefined ? '' : `${JSON.stringify(output)}\n`;
}

/** Undefined: this is no workspace of Gatehouse. */
async function answerOf(call: HookCall): Promise<HookAnswer | undefined> {
  const workspaceFolder = await findWorkspace(call.cwd).catch(() => undefined);
  if (workspaceFolder === undefined) return undefined;
  const state = statePaths(workspaceFolder);
  try {
    return await within(patienceMs, ask(state, call));
  } catch (fault) {
    // Whatever keeps the daemon from answering, the agent gets no further than it would without one.
    if (!(fault instanceof Error)) throw fault;
    return answerWithoutGate(call.event, { workspaceFolder, stateFolder: state.folder, cwd: call.cwd });
  }
}

async function ask(state: StatePaths, { harness, session, cwd, event }: HookCall): Promise<HookAnswer> {
  const client = await connectControl({ state, client: `hook of ${harness}`, as: 'launcher' });
  try {
    return await client.hook({ harness, session, cwd: path.resolve(cwd), event });
  } finally {
    client.close();
  }
}

async function within<Result>(ms: number, work: Promise<Result>): Promise<Result> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => late.reject(new ConfigFault('daemon-absent', 'The daemon does not answer.')),
    ms,
  );
  try {
    return await Promise.race([work, late.promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** Claude Code runs this file before each shell command. It leads to one that is kept up to date. */
function keepEnvironmentFile({ file }: { readonly file: string }, env: NodeJS.ProcessEnv): void {
  const target = env.CLAUDE_ENV_FILE;
  if (target === undefined || target === '') return;
  const quoted = `'${file.replaceAll("'", "'\\''")}'`;
  appendFileSync(target, `[ -r ${quoted} ] && . ${quoted}\n`);
}

function parsed(input: string): Readonly<Record<string, unknown>> | undefined {
  if (input.length > longestInput) return undefined;
  try {
    const value: unknown = JSON.parse(input);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : undefined;
  } catch {
    return undefined;
  }
}

/** One plugin serves VS Code and, where that runs it, Claude Code. */
function harnessOf(said: Readonly<Record<string, unknown>> | undefined, env: NodeJS.ProcessEnv): HarnessName {
  if (env.CLAUDECODE === '1' || env.CLAUDE_PROJECT_DIR !== undefined) return 'claude-code';
  if (said !== undefined && 'preToolUse' in said) return 'cline';
  if (said !== undefined && 'conversation_id' in said) return 'cursor';
  return 'copilot';
}
