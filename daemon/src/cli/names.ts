import { Command } from 'commander';
import type { KnownTable } from '../core/known-names.ts';
import { contextOf, withDaemon } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';
import { oneLine } from './text.ts';

export function namesCommand(): Command {
  return new Command('names')
    .summary('list tables and columns of a resource')
    .description(
      'List the tables, views and columns of a resource as policies write them. The daemon asks the resource with its real credential; no values are read.',
    )
    .argument('[resource]', 'as gatehouse.yaml names it; every resource unless given')
    .option('--json', 'one JSON object for each resource')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse names shop-db
  $ gatehouse names --json | jq '.tables[].name'

Exit status: 0 listed, 2 the daemon does not run, or a resource did not tell.`,
    )
    .action(
      run(async (wanted: string | undefined, options: { json?: boolean }, command: Command) => {
        let failed = false;
        await withDaemon(
          await contextOf(command),
          async (client) => {
            const all = (await client.status()).resources.map(({ name }) => name);
            for (const resource of wanted === undefined ? all : [wanted]) {
              try {
                const names = await client.names(resource);
                if (options.json === true) json({ resource, ...names });
                else for (const table of names.tables) for (const line of linesOf(table)) out.line(line);
              } catch (fault) {
                failed = true;
                err.line(`${resource}: ${oneLine(fault instanceof Error ? fault.message : String(fault))}`);
              }
            }
          },
          'launcher',
        );
        return failed ? exitCodes.unable : exitCodes.ok;
      }),
    );
}

function* linesOf({ name, kind, columns }: KnownTable): Generator<string> {
  yield `${out.paint('bold', oneLine(name))} ${out.paint('dim', kind)}`;
  for (const column of columns) yield `  ${oneLine(column.name)} ${out.paint('dim', oneLine(column.type))}`;
}
