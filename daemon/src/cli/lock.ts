import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { lockFile } from '@gatehouse/policy-schema/model/layout.ts';
import { Command } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { findWorkspace } from '../workspace/files.ts';
import { lockExtended, type LockStep } from '../workspace/extends/lock.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { err, out } from './terminal.ts';
import { oneLine, plural } from './text.ts';

export function lockCommand(): Command {
  return new Command('lock')
    .summary('take the policies of other repositories')
    .description(
      `Fetch what \`extends\` in gatehouse.yaml names, and write to ${lockFile} which commit that was and what its policies said. Everything else works from there, and fetches nothing.`,
    )
    .argument('[names...]', 'with --update: only these entries')
    .option('--update', 'take what a tag or branch is now, in place of what was locked')
    .option('--offline', 'ask no repository: check that what is locked is on this machine')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse lock                    after a change of \`extends\`, and in a fresh clone
  $ gatehouse lock --update acme      take the newest policies of acme
  $ gatehouse diff                    what that means

Commit ${lockFile}. A daemon that runs takes what allows no more at once; the rest waits for \`gatehouse accept\`.

Exit status: 0 locked, 2 could not.`,
    )
    .action(
      run(async (names: string[], options: { update?: boolean; offline?: boolean }, command: Command) => {
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        const folder = await findWorkspace(workspace ?? process.cwd());
        if (names.length > 0 && options.update !== true)
          throw new ConfigFault(
            'usage',
            `Names are for --update: gatehouse lock --update ${names.join(' ')}`,
          );
        const update = options.update === true ? (names.length > 0 ? names : 'all') : [];
        const text = await lockExtended(folder, { update, offline: options.offline === true, told });
        write(path.join(folder, lockFile), text);
        if (text === undefined) out.line('gatehouse.yaml extends no other repository.');
        return exitCodes.ok;
      }),
    );
}

function told(step: LockStep): void {
  if (step.kind === 'fetching') {
    err.line(err.paint('dim', `Asking ${oneLine(step.entry.git)} …`));
    return;
  }
  const { entry } = step;
  const what = `${entry.name}@${entry.rev}  ${out.paint('dim', `commit ${entry.commit.slice(0, 7)}`)}`;
  if (step.kind === 'locked') {
    const was =
      step.before === undefined ? '' : `, was ${step.before.rev} at ${step.before.commit.slice(0, 7)}`;
    out.line(`${out.paint('green', 'locked')}  ${what}  ${plural(step.files, 'policy file')}${was}`);
    return;
  }
  out.line(`kept    ${what}`);
  if (step.unseen !== undefined)
    out.line(
      out.paint(
        'dim',
        `        from the copy on this machine; its repository was not seen: ${oneLine(step.unseen)}`,
      ),
    );
  if (step.newer !== undefined)
    out.line(
      out.paint(
        'dim',
        `        the branch is at ${step.newer.slice(0, 7)} now; \`gatehouse lock --update ${entry.name}\` takes that`,
      ),
    );
}

function write(file: string, text: string | undefined): void {
  if (text === undefined) rmSync(file, { force: true });
  else if (!isSame(file, text)) writeFileSync(file, text);
}

/** A file that is as it should be stays untouched, for those who watch it. */
function isSame(file: string, text: string): boolean {
  try {
    return readFileSync(file, 'utf8') === text;
  } catch {
    return false;
  }
}
