import { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';

interface McpCommandOptions {
  readonly agent?: string;
  readonly task?: string;
}

export function mcpCommand(): Command {
  return new Command('mcp')
    .summary('serve agents by the Model Context Protocol')
    .description(
      'Speak the Model Context Protocol on standard input and output: tools that list resources, tell their tables, run statements through the gate, explain its decisions and ask a person for access. It holds no rights of a person; each statement is decided and recorded as any other.',
    )
    .option('--agent <name>', 'who asks; by what the client says of itself unless given')
    .option('--task <text>', 'what for; recorded with each session')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse mcp --agent claude-code

As MCP clients are told:
  { "command": "gatehouse", "args": ["mcp"] }
  { "command": "gatehouse", "args": ["-C", "/home/me/shop", "mcp", "--agent", "claude-code"] }

It ends with its standard input. A gate that does not run yet is found once it does.`,
    )
    .action(
      run(async ({ agent, task }: McpCommandOptions, command: Command) => {
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        const { runMcp } = await import('./run-mcp.ts');
        await runMcp({
          folder: workspace ?? process.cwd(),
          ...(agent === undefined ? {} : { agent }),
          ...(task === undefined ? {} : { task }),
        });
        return exitCodes.ok;
      }),
    );
}
