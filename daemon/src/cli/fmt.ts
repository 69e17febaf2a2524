import { stat } from 'node:fs/promises';
import path from 'node:path';
import { text as textOf } from 'node:stream/consumers';
import type { Formatted } from '@gatehouse/policy-schema/layout/format-text.ts';
import { anyFileKindOf } from '@gatehouse/policy-schema/model/layout.ts';
import { Command } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { findWorkspace, readOwnFiles, readTestFiles } from '../workspace/files.ts';
import { writeFixes } from './check-fix.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { err, out } from './terminal.ts';
import { oneLine, plural } from './text.ts';

interface FmtOptions {
  readonly check?: boolean;
  readonly stdin?: boolean;
}

export function fmtCommand(): Command {
  return new Command('fmt')
    .summary('lay out the policy files')
    .description(
      'Lay out gatehouse.yaml, policy files and test files as the editor does. Comments stay, and so does the meaning; a file with syntax errors is left as it is.',
    )
    .argument('[path...]', 'files, or folders of them; the whole workspace unless given')
    .option('--check', 'change nothing, and list the files that are laid out otherwise')
    .option('--stdin', 'lay out what is read from standard input, and write it to standard output')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse fmt
  $ gatehouse fmt .gatehouse/policies/shop.policy.yaml
  $ gatehouse fmt --check                     in CI
  $ gatehouse fmt --stdin < shop.policy.yaml

Exit status: 0 done, 1 files that --check lists, 2 could not run, or a file has syntax errors.`,
    )
    .action(
      run(async (paths: readonly string[], options: FmtOptions, command: Command) => {
        if (options.stdin === true) {
          if (paths.length > 0) throw new ConfigFault('usage', '--stdin takes no paths.');
          return formatInput(options);
        }
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        return formatWorkspace(workspace ?? process.cwd(), paths, options);
      }),
    );
}

async function format(file: string, text: string): Promise<Formatted> {
  const { formatText } = await import('@gatehouse/policy-schema/layout/format-text.ts');
  return formatText(file, text);
}

async function formatInput({ check }: FmtOptions): Promise<ExitCode> {
  const text = await textOf(process.stdin);
  const formatted = await format('standard input', text);
  if (formatted.kind === 'broken') {
    complain(formatted);
    return exitCodes.unable;
  }
  const after = formatted.kind === 'formatted' ? formatted.text : text;
  if (check === true) return after === text ? exitCodes.ok : exitCodes.no;
  out.write(after);
  return exitCodes.ok;
}

async function formatWorkspace(
  from: string,
  paths: readonly string[],
  { check }: FmtOptions,
): Promise<ExitCode> {
  const root = await findWorkspace(paths[0] === undefined ? from : await folderOf(from, paths[0]));
  const { texts, problems } = await readAll(root);
  const chosen = await choose(root, from, paths, [...texts.keys()]);
  const changed = new Map<string, string>();
  let broken = 0;
  for (const file of chosen) {
    const text = texts.get(file) ?? '';
    const formatted = await format(file, text);
    if (formatted.kind === 'broken') {
      broken++;
      complain(formatted);
    } else if (formatted.kind === 'unsure') {
      err.line(
        `${err.paint('yellow', 'left:')} ${oneLine(file)}: laid out it would not read the same; it stays as it is.`,
      );
    } else if (formatted.text !== text) changed.set(file, formatted.text);
  }
  for (const problem of problems) err.line(`${err.paint('red', 'error:')} ${oneLine(problem)}`);
  if (check !== true) await writeFixes(root, changed);
  for (const file of changed.keys())
    out.line(
      `${out.paint(check === true ? 'yellow' : 'green', check === true ? 'would lay out' : 'laid out')} ${oneLine(file)}`,
    );
  summarise(chosen.length, changed.size, check === true);
  if (broken + problems.length > 0) return exitCodes.unable;
  return check === true && changed.size > 0 ? exitCodes.no : exitCodes.ok;
}

function summarise(all: number, changed: number, check: boolean): void {
  if (changed === 0) out.line(out.paint('dim', `${plural(all, 'file')}, nothing to change`));
  else if (check)
    out.line(out.paint('dim', `${changed} of ${plural(all, 'file')}; \`gatehouse fmt\` lays out`));
}

function complain({ diagnostics }: Formatted & { kind: 'broken' }): void {
  for (const { file, line, column, message } of diagnostics)
    err.line(`${err.paint('red', 'error:')} ${oneLine(`${file}:${line}:${column}: ${message}`)}`);
}

async function readAll(
  root: string,
): Promise<{ readonly texts: ReadonlyMap<string, string>; readonly problems: readonly string[] }> {
  const [files, { tests, problems }] = await Promise.all([readOwnFiles(root), readTestFiles(root)]);
  const { workspace, policies } = files;
  const texts = new Map([...policies, ...tests]);
  if (workspace !== undefined) texts.set(workspace.file, workspace.text);
  // Without a gatehouse.yaml the other files can be laid out all the same.
  const grave = files.problems.filter((problem) => !problem.endsWith(': there is no such file'));
  return { texts, problems: [...grave, ...problems] };
}

async function folderOf(from: string, given: string): Promise<string> {
  const target = path.resolve(from, given);
  const found = await stat(target).catch(() => undefined);
  if (found === undefined) throw new ConfigFault('usage', `There is no file ${given}.`);
  return found.isDirectory() ? target : path.dirname(target);
}

/** The files that paths name, in order; all where no path is given. @throws ConfigFault `usage` */
async function choose(
  root: string,
  from: string,
  paths: readonly string[],
  all: readonly string[],
): Promise<readonly string[]> {
  if (paths.length === 0) return [...all].sort();
  const chosen = new Set<string>();
  for (const given of paths) {
    await folderOf(from, given);
    const inside = path.relative(root, path.resolve(from, given)).split(path.sep).join('/');
    const own = all.filter((file) => inside === '' || file === inside || file.startsWith(`${inside}/`));
    if (own.length === 0) {
      const reason =
        anyFileKindOf(inside) === undefined
          ? `It is no gatehouse.yaml, policy or test of ${root}.`
          : 'It could not be read.';
      throw new ConfigFault('usage', `${given} cannot be laid out. ${reason}`);
    }
    for (const file of own) chosen.add(file);
  }
  return [...chosen].sort();
}
