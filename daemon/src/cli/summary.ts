import { Command, Option } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { findWorkspace } from '../workspace/files.ts';
import { placeInRepository } from '../workspace/repository.ts';
import { contextOf } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { type Failure, failures, failuresOf, pullRequestOf } from './pull-request.ts';
import { run } from './run.ts';
import type { ToldSimulation } from './simulation-file.ts';
import { err, out } from './terminal.ts';

interface SummaryOptions {
  readonly since?: string;
  readonly simulation?: string;
  readonly failOn?: readonly Failure[];
}

export function summaryCommand(): Command {
  return new Command('summary')
    .summary('sum up a pull request in Markdown')
    .description(
      'Write as Markdown what the policy files as they stand newly allow, deny, hold and mask compared with a Git revision, with smallest requests that show it, and what checks and tests say. Fits into a comment. Needs no daemon.',
    )
    .argument('[revision]', 'the base: a branch, a tag, a commit', 'HEAD')
    .option('--since <when>', 'tell of the traffic that was recorded here since then too: 12h, 7d')
    .option('--simulation <file>', 'tell of traffic recorded elsewhere; made by `gatehouse simulate --json`')
    .addOption(new Option('--fail-on <reason...>', 'exit with 1 for these reasons').choices([...failures]))
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse summary origin/main
  $ gatehouse summary origin/main --fail-on loosened findings tests
  $ gatehouse summary origin/main --since 30d
  $ gatehouse simulate --json > traffic.json; gatehouse summary origin/main --simulation traffic.json

loosened: some request gets a laxer answer, gatehouse.yaml changed in what a person must accept, or it could not be told.
findings: errors of \`gatehouse check\`.  tests: a test failed or could not run.

Exit status: 0 written, 1 written, and a reason of --fail-on is there, 2 could not run.`,
    )
    .action(
      run(async (revision: string, options: SummaryOptions, command: Command) => {
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        const folder = await findWorkspace(workspace ?? process.cwd());
        const [{ bounded }, { summaryBlocks }] = await Promise.all([
          import('./markdown.ts'),
          import('./summary-markdown.ts'),
        ]);
        const simulation = await simulationOf(options, command);
        const pull = await pullRequestOf(folder, revision, simulation);
        out.write(bounded(await summaryBlocks(pull, await placeInRepository(folder))));
        const failed = failuresOf(pull).filter((each) => options.failOn?.includes(each) === true);
        if (failed.length === 0) return exitCodes.ok;
        err.line(`${err.paint('red', 'gatehouse:')} ${failed.map((each) => reasons[each]).join('; ')}`);
        return exitCodes.no;
      }),
    );
}

/** The traffic to tell of. Where the files have errors there is none, and the summary tells why. */
async function simulationOf(
  { since, simulation: file }: SummaryOptions,
  command: Command,
): Promise<ToldSimulation | undefined> {
  if (file !== undefined) {
    if (since !== undefined) throw new ConfigFault('usage', 'Give either --since or --simulation.');
    const { readSimulation } = await import('./simulation-file.ts');
    return readSimulation(file);
  }
  if (since === undefined) return undefined;
  const { simulated } = await import('./simulate.ts');
  try {
    return await simulated(await contextOf(command), { since });
  } catch (error) {
    if (error instanceof ConfigFault && error.code === 'workspace-invalid') return undefined;
    throw error;
  }
}

const reasons: Readonly<Record<Failure, string>> = {
  loosened: 'the change allows more, or it could not be told',
  findings: '`gatehouse check` has errors',
  tests: 'tests of policies failed or could not run',
};
