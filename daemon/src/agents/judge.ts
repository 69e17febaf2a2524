import { objectionToReading, objectionToWriting } from './files-reached.ts';
import type { Objection, Surroundings } from './reach.ts';
import { simpleCommands } from './shell-words.ts';
import { objectionToShell } from './shell-reach.ts';
import type { ToolUse } from './tool-use.ts';

/**
 * What is wrong with what a tool is about to do. This steers an honest agent and leaves evidence; it is no boundary, as a
 * text can hide what it does. The boundary is that only the gate has the credentials.
 */
export function objectionTo(use: ToolUse, around: Surroundings): Objection | undefined {
  switch (use.kind) {
    case 'shell':
      return objectionToShell(use.command, use.dialect, around);
    case 'read':
      return first(use.files, (file) => objectionToReading(file, around));
    case 'write':
      return first(use.files, (file) => objectionToWriting(file, around));
    case 'other':
      return undefined;
  }
}

function first(
  files: readonly string[],
  judge: (file: string) => Objection | undefined,
): Objection | undefined {
  const found = files.map(judge).filter((each) => each !== undefined);
  return found.find(({ kind }) => kind === 'deny') ?? found[0];
}

const bystanders = new Set(
  'ls cat head tail wc grep egrep fgrep rg pwd echo printf cd true false test [ which type stat file du df date whoami uname basename dirname realpath readlink sort uniq cut tr diff cmp tree sleep mkdir touch jq sed Get-ChildItem Get-Content Get-Location Select-String'.split(
    ' ',
  ),
);
const quietGit = new Set([
  'status',
  'diff',
  'log',
  'show',
  'branch',
  'rev-parse',
  'ls-files',
  'blame',
  'remote',
  'add',
]);

/**
 * Whether a shell text may use a resource. What surely does not is left as the agent wrote it, so that the editor's own
 * rules for commands still know it.
 */
export function mayUseResource(use: ToolUse): boolean {
  if (use.kind !== 'shell') return false;
  const commands = simpleCommands(use.command, use.dialect);
  return !commands.every(({ words }) => {
    const [program, second] = words;
    if (program === undefined) return true;
    // It may show a variable of the environment.
    if (words.some(({ exact, text }) => !exact && text.includes('$'))) return false;
    if (program.text === 'git') return second !== undefined && quietGit.has(second.text);
    return program.exact && bystanders.has(program.text);
  });
}
