import { Command, type Help } from 'commander';
import { version } from '../core/version.ts';
import { acceptCommand } from './accept.ts';
import { approveCommand, denyCommand } from './answer.ts';
import { approvalsCommand } from './approvals.ts';
import { checkCommand } from './check.ts';
import { connectCommand } from './connect.ts';
import { credentialsCommand } from './credentials.ts';
import { daemonCommand } from './daemon.ts';
import { decideCommand } from './decide.ts';
import { demoCommand } from './demo.ts';
import { diffCommand } from './diff.ts';
import { downCommand } from './down.ts';
import { envCommand } from './env.ts';
import { execCommand } from './exec.ts';
import { exitCodes } from './exit-codes.ts';
import { fmtCommand } from './fmt.ts';
import { hookCommand } from './hook.ts';
import { initCommand } from './init.ts';
import { driftCommand } from './drift.ts';
import { lockCommand } from './lock.ts';
import { suggestCommand } from './suggest.ts';
import { logCommand } from './log.ts';
import { mcpCommand } from './mcp.ts';
import { namesCommand } from './names.ts';
import { testCommand } from './policy-tests.ts';
import { replayCommand } from './replay.ts';
import { sessionsCommand } from './sessions.ts';
import { simulateCommand } from './simulate.ts';
import { statusCommand } from './status.ts';
import { summaryCommand } from './summary.ts';
import { err, out } from './terminal.ts';
import { upCommand } from './up.ts';
import { verifyCommand } from './verify.ts';

/** The commands in the order of the help, by what they are for. */
const groups: Readonly<Record<string, readonly (() => Command)[]>> = {
  'Write policy': [
    initCommand,
    checkCommand,
    fmtCommand,
    testCommand,
    diffCommand,
    summaryCommand,
    simulateCommand,
    decideCommand,
    lockCommand,
    suggestCommand,
    driftCommand,
  ],
  'Run the gate': [
    demoCommand,
    upCommand,
    downCommand,
    statusCommand,
    daemonCommand,
    envCommand,
    execCommand,
    connectCommand,
    credentialsCommand,
    hookCommand,
    mcpCommand,
    namesCommand,
  ],
  'Answer as a person': [approvalsCommand, approveCommand, denyCommand, acceptCommand],
  'Look back': [logCommand, sessionsCommand, replayCommand, verifyCommand],
};

const about =
  'A gate between coding agents and your databases: policy in Git decides what may pass, what is masked, what waits for a person and what is refused; everything is recorded.';

const after = `
Start here:
  $ gatehouse demo                      try it; needs no database and nothing installed
  $ gatehouse init                      write sample policy files
  $ gatehouse up                        start the gate
  $ gatehouse exec shop-db -- psql      connect through it

Exit status: 0 yes, 1 no (findings, a denial, a broken chain), 2 could not run, 3 needs approval.
Environment: GATEHOUSE_STATE where state is kept, GATEHOUSE_AGENT who connects, NO_COLOR.

\`gatehouse help COMMAND\` tells more of one.`;

/** The whole command. A wrong use ends the process with status 2. */
export function program(): Command {
  const root = new Command('gatehouse')
    .description(about)
    .version(version, '-V, --version', 'print the version')
    .option('-C, --workspace <folder>', 'work on the workspace at or above this folder')
    .helpOption('-h, --help', 'print help')
    .enablePositionalOptions()
    .addHelpText('after', after);
  for (const [title, commands] of Object.entries(groups)) {
    root.commandsGroup(`${title}:`);
    for (const command of commands) root.addCommand(ready(command()));
  }
  root.commandsGroup('More:');
  root.addCommand(
    ready(
      new Command('version')
        .summary('print the version')
        .description('Print the version.')
        .action(() => out.line(version)),
    ),
  );
  root.helpCommand('help [command]', 'print help of a command');
  return ready(root);
}

const help: Partial<Help> = {
  styleTitle: (text) => out.paint('bold', text),
  styleCommandText: (text) => out.paint('cyan', text),
  styleSubcommandText: (text) => out.paint('cyan', text),
  styleOptionText: (text) => out.paint('cyan', text),
  styleArgumentText: (text) => out.paint('cyan', text),
};

/** Every command teaches the same way. */
function ready(command: Command): Command {
  return command
    .configureHelp(help)
    .configureOutput({
      outputError: (text, write) => write(text.replace(/^error: /, `${err.paint('red', 'gatehouse:')} `)),
    })
    .helpOption('-h, --help', 'print help')
    .showSuggestionAfterError()
    .showHelpAfterError(
      `\`gatehouse help${command.name() === 'gatehouse' ? '' : ` ${command.name()}`}\` tells how.`,
    )
    .exitOverride((error) => {
      // Help and version that were asked for are no mistake.
      process.exit(error.exitCode === 0 ? exitCodes.ok : exitCodes.unable);
    });
}
