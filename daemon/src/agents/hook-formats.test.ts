import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { harnessTools, toolUseOf, withCommand } from './harnesses.ts';
import { type HarnessName, type HookAnswer, harnessNames } from './hook.ts';
import { hookFormats } from './hook-formats.ts';

const claude = {
  session_id: 's1',
  cwd: '/work',
  hook_event_name: 'PreToolUse',
  tool_name: 'Bash',
  tool_input: { command: 'psql', description: 'look' },
};

function answered(
  harness: HarnessName,
  said: Readonly<Record<string, unknown>>,
  answer: HookAnswer,
): unknown {
  const call = hookFormats[harness].read(harness, said, {});
  assert.ok(call !== undefined);
  return hookFormats[harness].write(answer, call);
}

const rewrite = { kind: 'rewrite', command: '. e; psql' } as const;
const deny = { kind: 'deny', words: 'No.' } as const;
const ask = { kind: 'ask', words: 'Sure?' } as const;

describe('the formats of harnesses', () => {
  it('Claude Code and VS Code take a new input without a permission', () => {
    for (const harness of ['claude-code', 'copilot', 'agent'] as const) {
      assert.deepEqual(answered(harness, claude, rewrite), {
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          updatedInput: { command: '. e; psql', description: 'look' },
        },
      });
      assert.deepEqual(answered(harness, claude, deny), {
        hookSpecificOutput: {
          hookEventName: 'PreToolUse',
          permissionDecision: 'deny',
          permissionDecisionReason: 'No.',
        },
      });
      assert.equal(answered(harness, claude, { kind: 'none' }), undefined);
    }
    assert.deepEqual(answered('copilot', claude, ask), {
      hookSpecificOutput: {
        hookEventName: 'PreToolUse',
        permissionDecision: 'ask',
        permissionDecisionReason: 'Sure?',
      },
    });
  });

  it('no answer is a permission, but where Codex takes a new input only with one that grants nothing', () => {
    const events: Readonly<Record<HarnessName, Readonly<Record<string, unknown>>>> = {
      'claude-code': claude,
      agent: claude,
      copilot: { ...claude, tool_name: 'run_in_terminal' },
      codex: claude,
      cursor: { ...claude, hook_event_name: 'preToolUse', conversation_id: 'c', tool_name: 'Shell' },
      cline: {
        hookName: 'PreToolUse',
        taskId: 't',
        workspaceRoots: ['/work'],
        preToolUse: { toolName: 'execute_command', parameters: { command: 'psql' } },
      },
    };
    for (const harness of harnessNames) {
      for (const answer of [rewrite, deny, ask, { kind: 'none' }] as const) {
        const text = JSON.stringify(answered(harness, events[harness], answer) ?? {});
        const isCodexRewrite = harness === 'codex' && answer.kind === 'rewrite';
        assert.equal(/"allow"/.test(text), isCodexRewrite, `${harness} ${text}`);
      }
    }
  });

  it('Codex is not asked to ask', () => {
    assert.deepEqual(answered('codex', claude, ask), {
      hookSpecificOutput: { hookEventName: 'PreToolUse', additionalContext: 'Sure?' },
    });
  });

  it('Cursor has an event for shell commands, which it takes as they are, and one for tools', () => {
    const before = {
      hook_event_name: 'beforeShellExecution',
      conversation_id: 'c1',
      workspace_roots: ['/work'],
      command: 'psql',
      cwd: '',
    };
    const call = hookFormats.cursor.read('cursor', before, {});
    assert.deepEqual(
      [call?.session, call?.cwd, call?.event],
      [
        'c1',
        '/work',
        { kind: 'tool', name: 'Shell', use: toolUseOf('cursor', 'Shell', { command: 'psql' }) },
      ],
    );
    assert.deepEqual(answered('cursor', before, deny), {
      permission: 'deny',
      user_message: 'No.',
      agent_message: 'No.',
    });
    assert.deepEqual(answered('cursor', before, rewrite), {});
    const tool = {
      ...before,
      hook_event_name: 'preToolUse',
      tool_name: 'Shell',
      tool_input: { command: 'psql' },
    };
    assert.deepEqual(answered('cursor', tool, rewrite), { updated_input: { command: '. e; psql' } });
  });

  it('Cline can stop a tool and change nothing', () => {
    const said = {
      hookName: 'PreToolUse',
      taskId: 't1',
      workspaceRoots: ['/work'],
      preToolUse: { toolName: 'execute_command', parameters: { command: 'psql' } },
    };
    assert.deepEqual(answered('cline', said, deny), { cancel: true, errorMessage: 'No.' });
    assert.deepEqual(answered('cline', said, rewrite), { cancel: false });
  });

  it('know a session that starts, and whether it reads a file of settings', () => {
    const said = { session_id: 's', cwd: '/work', hook_event_name: 'SessionStart' };
    const read = (env: NodeJS.ProcessEnv) => hookFormats['claude-code'].read('claude-code', said, env)?.event;
    assert.deepEqual(read({ CLAUDE_ENV_FILE: '/x' }), { kind: 'session-start', sources: true });
    assert.deepEqual(read({}), { kind: 'session-start', sources: false });
    assert.equal(hookFormats.codex.read('codex', { ...said, hook_event_name: 'Stop' }, {}), undefined);
  });

  it('read whatever they are given', () => {
    for (const harness of harnessNames)
      for (const said of [
        {},
        { hook_event_name: 5 },
        { ...claude, tool_input: 'x' },
        { preToolUse: [] },
        { hook_event_name: '__proto__' },
      ])
        hookFormats[harness].read(harness, said, {});
  });
});

describe('the tools of harnesses', () => {
  it('are known by what they do', () => {
    assert.deepEqual(toolUseOf('copilot', 'run_in_terminal', { command: 'ls' }, 'linux'), {
      kind: 'shell',
      command: 'ls',
      dialect: 'sh',
    });
    assert.equal(
      JSON.stringify(toolUseOf('copilot', 'run_in_terminal', { command: 'ls' }, 'win32')).includes(
        'powershell',
      ),
      true,
    );
    assert.deepEqual(
      toolUseOf('codex', 'apply_patch', {
        command: '*** Begin Patch\n*** Update File: a.ts\n*** Move to: b.ts\n+x',
      }),
      {
        kind: 'write',
        files: ['a.ts', 'b.ts'],
      },
    );
    assert.deepEqual(
      toolUseOf('copilot', 'multi_replace_string_in_file', {
        replacements: [{ filePath: 'a' }, { filePath: 'b' }, {}],
      }),
      { kind: 'write', files: ['a', 'b'] },
    );
    for (const name of ['constructor', '__proto__', 'toString', 'new_tool'])
      assert.deepEqual(toolUseOf('cline', name, { command: 'x' }), { kind: 'other' });
  });

  it('get another command only where they have one', () => {
    assert.deepEqual(withCommand('codex', 'exec_command', { cmd: 'a', workdir: '/' }, 'b'), {
      cmd: 'b',
      workdir: '/',
    });
    assert.equal(withCommand('codex', 'shell', { command: ['a', 'b'] }, 'c'), undefined);
    assert.equal(withCommand('codex', 'apply_patch', { command: 'a' }, 'c'), undefined);
  });

  it('have a table for each harness', () => {
    for (const harness of harnessNames)
      assert.ok(
        Object.values(harnessTools[harness]).some(({ kind }) => kind === 'shell'),
        harness,
      );
  });
});
