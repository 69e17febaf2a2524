import { Command } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { confirm } from './ask.ts';
import { contextOf, withDaemon } from './context.ts';
import { symbolOf } from './effects.ts';
import { exitCodes } from './exit-codes.ts';
import { shortDigest } from './format.ts';
import { run } from './run.ts';
import { err, out } from './terminal.ts';
import { oneLine, plural } from './text.ts';

export function acceptCommand(): Command {
  return new Command('accept')
    .summary('accept a change of policy that allows more')
    .description(
      'Show what the policy files would newly allow, and put them in force if you agree. Changes that only tighten need no acceptance.',
    )
    .option('--yes <digest>', 'accept without asking, if the change still has this digest (or its beginning)')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse accept
  $ gatehouse accept --yes 4f2a91c07d3e

Exit status: 0 accepted, or nothing waited; 1 you said no; 2 could not run.`,
    )
    .action(
      run(async (options: { yes?: string }, command: Command) =>
        withDaemon(await contextOf(command), async (client) => {
          const { pending, broken } = (await client.status()).policy;
          if (pending === undefined) {
            if (broken !== undefined) {
              throw new ConfigFault(
                'workspace-invalid',
                'The policy files have errors; see `gatehouse check`.',
              );
            }
            out.line('Nothing waits: the policy files are in force.');
            return exitCodes.ok;
          }
          out.line(
            out.paint(
              'bold',
              `Change ${shortDigest(pending.digest)} would newly allow ${plural(pending.loosens.length, 'thing')}:`,
            ),
          );
          for (const line of pending.loosens) out.line(`  ${out.paint('yellow', '+')} ${oneLine(line)}`);
          if (!(await agreed(pending.digest, options.yes))) {
            err.line('Not accepted; what was accepted before stays in force.');
            return exitCodes.no;
          }
          const { accepted } = await client.acceptPolicy(pending.digest);
          const counts = `${plural(accepted.policies, 'policy', 'policies')}, ${plural(accepted.rules, 'rule')}`;
          out.line(out.paint('green', `${symbolOf('allow')} Accepted: ${counts}.`));
          return exitCodes.ok;
        }),
      ),
    );
}

async function agreed(digest: string, yes: string | undefined): Promise<boolean> {
  if (yes !== undefined) {
    if (yes.length >= 8 && digest.startsWith(yes)) return true;
    throw new ConfigFault(
      'usage',
      `The change that waits is ${shortDigest(digest)}, not ${yes}. Look at it again.`,
    );
  }
  if (process.stdin.isTTY !== true) {
    throw new ConfigFault(
      'usage',
      `A person accepts on a terminal; to agree without one, pass --yes ${shortDigest(digest)}.`,
    );
  }
  return confirm('Put it in force?');
}
