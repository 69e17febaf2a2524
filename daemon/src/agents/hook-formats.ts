import { toolUseOf, withCommand } from './harnesses.ts';
import type { HarnessName, HookAnswer, HookEvent } from './hook.ts';

type Fields = Readonly<Record<string, unknown>>;

/** What a harness said to its hook. */
export interface HookCall {
  readonly harness: HarnessName;
  readonly session: string;
  readonly cwd: string;
  readonly event: HookEvent;
  /** The harness's own name of the event, and what it said of the tool, which an answer repeats. */
  readonly eventName: string;
  readonly toolInput: Fields;
}

interface Format {
  /** Undefined: an event that is of no interest. */
  readonly read: (harness: HarnessName, said: Fields, env: NodeJS.ProcessEnv) => HookCall | undefined;
  /** The JSON for standard output; undefined: nothing. */
  readonly write: (answer: HookAnswer, call: HookCall) => Fields | undefined;
}

/** How Claude Code asks and is answered, which VS Code and Codex took over with differences. */
function claudeLike(habits: {
  /** `updatedInput` is taken only with `allow`, which there grants nothing by itself. */
  readonly rewritesBy: 'input' | 'allow';
  readonly asks: boolean;
}): Format {
  return {
    read: (harness, said, env) => {
      const eventName = textOf(said, 'hook_event_name', 'hookEventName');
      const session = textOf(said, 'session_id', 'sessionId') ?? '';
      const cwd = textOf(said, 'cwd') ?? process.cwd();
      if (eventName === 'SessionStart') {
        const sources = env.CLAUDE_ENV_FILE !== undefined && env.CLAUDE_ENV_FILE !== '';
        return { harness, session, cwd, eventName, toolInput: {}, event: { kind: 'session-start', sources } };
      }
      if (eventName !== undefined && eventName !== 'PreToolUse') return undefined;
      const name = textOf(said, 'tool_name', 'toolName') ?? '';
      const toolInput = inputOf(said.tool_input ?? said.toolArgs ?? said.toolInput);
      const event = { kind: 'tool', name, use: toolUseOf(harness, name, toolInput) } as const;
      return { harness, session, cwd, eventName: eventName ?? 'PreToolUse', toolInput, event };
    },
    write: (answer, call) => {
      const specific = (fields: Fields) => ({
        hookSpecificOutput: { hookEventName: call.eventName, ...fields },
      });
      switch (answer.kind) {
        case 'none':
          return undefined;
        case 'deny':
          return specific({ permissionDecision: 'deny', permissionDecisionReason: answer.words });
        case 'ask':
          return habits.asks
            ? specific({ permissionDecision: 'ask', permissionDecisionReason: answer.words })
            : specific({ additionalContext: answer.words });
        case 'rewrite': {
          const updatedInput = updated(call, answer.command);
          if (updatedInput === undefined) return undefined;
          return specific(
            habits.rewritesBy === 'allow' ? { permissionDecision: 'allow', updatedInput } : { updatedInput },
          );
        }
        case 'welcome':
          return specific({ additionalContext: answer.words });
      }
    },
  };
}

/** https://cursor.com/docs/agent/hooks: shell commands have an event of their own, with the command at the top. */
const cursor: Format = {
  read: (harness, said) => {
    const eventName = textOf(said, 'hook_event_name') ?? '';
    const roots = Array.isArray(said.workspace_roots) ? said.workspace_roots : [];
    const cwd = textOf(said, 'cwd') || (typeof roots[0] === 'string' ? roots[0] : process.cwd());
    const base = { harness, session: textOf(said, 'conversation_id', 'session_id') ?? '', cwd, eventName };
    if (eventName === 'sessionStart')
      return { ...base, toolInput: {}, event: { kind: 'session-start', sources: false } };
    const calls: Readonly<Record<string, readonly [string, Fields]>> = {
      beforeShellExecution: ['Shell', said],
      beforeReadFile: ['Read', said],
      preToolUse: [textOf(said, 'tool_name') ?? '', inputOf(said.tool_input)],
    };
    const [name, toolInput] = (Object.hasOwn(calls, eventName) ? calls[eventName] : undefined) ?? [];
    if (name === undefined || toolInput === undefined) return undefined;
    return { ...base, toolInput, event: { kind: 'tool', name, use: toolUseOf(harness, name, toolInput) } };
  },
  write: (answer, call) => {
    switch (answer.kind) {
      case 'none':
        return {};
      case 'deny':
      case 'ask':
        return { permission: answer.kind, user_message: answer.words, agent_message: answer.words };
      case 'rewrite': {
        const input = call.eventName === 'preToolUse' ? updated(call, answer.command) : undefined;
        return input === undefined ? {} : { updated_input: input };
      }
      case 'welcome':
        return { additional_context: answer.words };
    }
  },
};

/** https://docs.cline.bot/features/hooks/hook-reference: a hook can stop a tool, and change nothing of it. */
const cline: Format = {
  read: (harness, said) => {
    const eventName = textOf(said, 'hookName') ?? '';
    const roots = Array.isArray(said.workspaceRoots) ? said.workspaceRoots : [];
    const cwd = typeof roots[0] === 'string' ? roots[0] : process.cwd();
    const base = { harness, session: textOf(said, 'taskId') ?? '', cwd, eventName };
    if (eventName === 'TaskStart' || eventName === 'TaskResume')
      return { ...base, toolInput: {}, event: { kind: 'session-start', sources: false } };
    if (eventName !== 'PreToolUse') return undefined;
    const tool = inputOf(said.preToolUse);
    const name = textOf(tool, 'toolName') ?? '';
    const toolInput = inputOf(tool.parameters);
    return { ...base, toolInput, event: { kind: 'tool', name, use: toolUseOf(harness, name, toolInput) } };
  },
  write: (answer) => {
    switch (answer.kind) {
      case 'none':
      case 'rewrite':
        return { cancel: false };
      case 'deny':
        return { cancel: true, errorMessage: answer.words };
      case 'ask':
      case 'welcome':
        return { cancel: false, contextModification: answer.words };
    }
  },
};

export const hookFormats: Readonly<Record<HarnessName, Format>> = {
  'claude-code': claudeLike({ rewritesBy: 'input', asks: true }),
  // An `allow` that comes with an input only replaces it; Codex's own sandbox and prompts stay as they are.
  codex: claudeLike({ rewritesBy: 'allow', asks: false }),
  copilot: claudeLike({ rewritesBy: 'input', asks: true }),
  agent: claudeLike({ rewritesBy: 'input', asks: true }),
  cursor,
  cline,
};

function updated({ harness, event, toolInput }: HookCall, command: string): Fields | undefined {
  return event.kind === 'tool' ? withCommand(harness, event.name, toolInput, command) : undefined;
}

function textOf(fields: Fields, ...names: readonly string[]): string | undefined {
  for (const name of names) {
    const value = fields[name];
    if (typeof value === 'string') return value;
  }
  return undefined;
}

/** An object, or one as JSON text. */
function inputOf(value: unknown): Fields {
  if (typeof value === 'string') {
    try {
      return inputOf(JSON.parse(value));
    } catch {
      return {};
    }
  }
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : {};
}
