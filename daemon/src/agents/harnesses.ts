import type { HarnessName } from './hook.ts';
import type { Dialect } from './shell-words.ts';
import type { ToolUse } from './tool-use.ts';

/** A tool by what it does, and the fields of its input that say on what. */
type ToolShape =
  | { readonly kind: 'shell'; readonly field: string; readonly dialect: Dialect | 'platform' }
  | { readonly kind: 'read'; readonly fields: readonly string[] }
  | { readonly kind: 'write'; readonly fields: readonly string[] }
  /** A text with the files that it adds, changes and deletes: `*** Update File: NAME`. */
  | { readonly kind: 'patch'; readonly field: string };

type ToolTable = Readonly<Record<string, ToolShape>>;

const sh = (field = 'command'): ToolShape => ({ kind: 'shell', field, dialect: 'sh' });
const platformShell = (field = 'command'): ToolShape => ({ kind: 'shell', field, dialect: 'platform' });
const powershell: ToolShape = { kind: 'shell', field: 'command', dialect: 'powershell' };
const read = (...fields: readonly string[]): ToolShape => ({ kind: 'read', fields });
const write = (...fields: readonly string[]): ToolShape => ({ kind: 'write', fields });

const claudeTools: ToolTable = {
  Bash: sh(),
  PowerShell: powershell,
  Read: read('file_path'),
  NotebookRead: read('notebook_path'),
  Grep: read('path'),
  Write: write('file_path'),
  Edit: write('file_path'),
  MultiEdit: write('file_path'),
  NotebookEdit: write('notebook_path'),
};

/** Tools of each harness that run commands, or read or write files. Those that are not here are not looked into. */
export const harnessTools: Readonly<Record<HarnessName, ToolTable>> = {
  'claude-code': claudeTools,
  agent: claudeTools,
  codex: {
    Bash: platformShell(),
    shell: platformShell(),
    local_shell: platformShell(),
    shell_command: platformShell(),
    exec_command: platformShell('cmd'),
    apply_patch: { kind: 'patch', field: 'command' },
    view_image: read('path'),
  },
  copilot: {
    ...claudeTools,
    run_in_terminal: platformShell(),
    bash: sh(),
    powershell,
    read_file: read('filePath', 'path'),
    view: read('path'),
    create_file: write('filePath'),
    insert_edit_into_file: write('filePath'),
    replace_string_in_file: write('filePath'),
    multi_replace_string_in_file: write('filePath', 'replacements'),
    edit_notebook_file: write('filePath'),
    apply_patch: { kind: 'patch', field: 'input' },
    create: write('path'),
    edit: write('path'),
    str_replace_editor: write('path'),
  },
  cursor: {
    ...claudeTools,
    Shell: platformShell(),
    Read: read('file_path', 'path'),
    Write: write('file_path', 'path'),
    StrReplace: write('file_path', 'path'),
    Delete: write('file_path', 'path'),
  },
  cline: {
    execute_command: platformShell(),
    read_file: read('path'),
    write_to_file: write('path'),
    replace_in_file: write('path'),
    apply_patch: { kind: 'patch', field: 'input' },
  },
};

const patched = /^\*\*\* (?:(?:Add|Update|Delete) File|Move to): (.+)$/gm;

/** What a tool is about to do, by its harness's names for it. */
export function toolUseOf(
  harness: HarnessName,
  tool: string,
  input: Readonly<Record<string, unknown>>,
  platform: NodeJS.Platform = process.platform,
): ToolUse {
  const table = harnessTools[harness];
  const shape = Object.hasOwn(table, tool) ? table[tool] : undefined;
  if (shape === undefined) return { kind: 'other' };
  if (shape.kind === 'read' || shape.kind === 'write') {
    const files = shape.fields.flatMap((field) => filesIn(input[field]));
    return files.length === 0 ? { kind: 'other' } : { kind: shape.kind, files };
  }
  const value = input[shape.field];
  // Some harnesses pass a command as its words.
  const text = Array.isArray(value) ? value.filter((each) => typeof each === 'string').join(' ') : value;
  if (typeof text !== 'string') return { kind: 'other' };
  if (shape.kind === 'patch') {
    const files = [...text.matchAll(patched)].map(([, file = '']) => file.trim());
    return files.length === 0 ? { kind: 'other' } : { kind: 'write', files };
  }
  const usual = platform === 'win32' ? 'powershell' : 'sh';
  return { kind: 'shell', command: text, dialect: shape.dialect === 'platform' ? usual : shape.dialect };
}

/** The input of a shell tool with another command, or undefined where it has none that can be replaced. */
export function withCommand(
  harness: HarnessName,
  tool: string,
  input: Readonly<Record<string, unknown>>,
  command: string,
): Readonly<Record<string, unknown>> | undefined {
  const shape = harnessTools[harness][tool];
  if (shape?.kind !== 'shell' || typeof input[shape.field] !== 'string') return undefined;
  return { ...input, [shape.field]: command };
}

/** A file, files, or edits that each name theirs. */
function filesIn(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  if (!Array.isArray(value)) return [];
  return value.slice(0, 500).flatMap((each: unknown) => {
    if (typeof each === 'string') return [each];
    const file = typeof each === 'object' && each !== null && 'filePath' in each ? each.filePath : undefined;
    return typeof file === 'string' ? [file] : [];
  });
}
