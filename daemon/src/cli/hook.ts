import { text } from 'node:stream/consumers';
import { Command, Option } from 'commander';
import { type HarnessName, harnessNames } from '../agents/hook.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';

export function hookCommand(): Command {
  return new Command('hook')
    .summary("answer a coding agent's hook")
    .description(
      "Answer the hook that a coding agent runs before it uses a tool, or when a session starts: the agent's JSON comes on standard input, the answer goes to standard output in the agent's own format. Shell commands get the environment that leads through Gatehouse; what reaches around it is denied with words. It never allows what the agent's own rules would ask about.",
    )
    .addOption(
      new Option('--harness <name>', 'whose format').choices([...harnessNames, 'auto']).default('auto'),
    )
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse hook --harness claude-code < what-the-agent-said.json

In .claude/settings.json, for one:
  "hooks": { "PreToolUse": [{ "hooks": [{ "type": "command", "command": "gatehouse hook --harness claude-code" }] }] }

Exit status: 0 answered; an empty answer is no decision.`,
    )
    .action(
      run(async ({ harness }: { harness: HarnessName | 'auto' }) => {
        const { runHook } = await import('./run-hook.ts');
        process.stdout.write(await runHook({ harness, input: await text(process.stdin), env: process.env }));
        return exitCodes.ok;
      }),
    );
}
