import path from 'node:path';
import { harnessTools } from '../harnesses.ts';
import type { ConnectableName, Place } from './adapter.ts';
import type { JsonEntry } from './json-file.ts';

/** The name of our server in the files of agents. */
export const serverName = 'gatehouse';

/** A person may take a while to answer, and the agent's call waits. */
export const approvalSeconds = 900;

/** The words by which an agent starts our MCP server. */
export function serverWords(
  name: ConnectableName,
  { program, workspaceFolder }: Place,
  where: 'here' | 'anywhere',
): { readonly command: string; readonly args: readonly string[] } {
  const [command, ...before] = program;
  const folder = where === 'here' ? ['-C', workspaceFolder] : [];
  return { command, args: [...before, ...folder, 'mcp', '--agent', name] };
}

/** Whether a server in an agent's file was written by us, perhaps with another path. */
export function isOurServer(name: ConnectableName): (found: unknown) => boolean {
  return (found) => {
    const args = typeof found === 'object' && found !== null && 'args' in found ? found.args : undefined;
    return Array.isArray(args) && args.slice(-3).join(' ') === `mcp --agent ${name}`;
  };
}

/** The shell command that answers a hook. */
export function hookCommand(name: ConnectableName, { program, platform }: Place): string {
  const quoted = (word: string) =>
    platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
  return `${program.map(quoted).join(' ')} hook --harness ${name}`;
}

export function isOurHook(name: ConnectableName): (found: unknown) => boolean {
  const ours = (command: unknown) =>
    typeof command === 'string' && command.endsWith(` hook --harness ${name}`);
  return (found) => {
    if (typeof found !== 'object' || found === null) return false;
    if ('command' in found) return ours(found.command);
    const { hooks } = found as { readonly hooks?: unknown };
    return Array.isArray(hooks) && hooks.length === 1 && isOurHook(name)(hooks[0]);
  };
}

/** The tools that the hook has anything to say of, as a matcher of names. */
export function matcherOf(name: ConnectableName): string {
  return Object.keys(harnessTools[name]).join('|');
}

/** The hooks as Claude Code wants them, which Codex took over. */
export function claudeLikeHooks(name: ConnectableName, place: Place): readonly JsonEntry[] {
  const handler = { type: 'command', command: hookCommand(name, place), timeout: 30 };
  const entry = (event: string, group: object): JsonEntry => ({
    kind: 'element',
    path: ['hooks', event],
    value: group,
    isOurs: isOurHook(name),
  });
  return [
    entry('PreToolUse', { matcher: matcherOf(name), hooks: [handler] }),
    entry('SessionStart', { hooks: [handler] }),
  ];
}

/** A folder that a variable may move. */
export function folderOf({ env, home }: Place, variable: string, usual: string): string {
  const moved = env[variable];
  return moved === undefined || moved === '' ? path.join(home, usual) : path.resolve(moved);
}

/** Whether a script is one of ours, perhaps with another path. */
export function isOurScript(text: string): boolean {
  return / hook --harness [a-z-]+\n?$/.test(text) && text.includes('Gatehouse');
}
