import { realpathSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Command } from 'commander';
import type { Seen } from '../demo/demo-agent.ts';
import { databaseArguments, demoAgent, demoContext } from './demo-parts.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { json } from './terminal.ts';

/** A line of its input. The first one begins; the rest are statements that the agent `demo` is to try. */
type Said = { readonly password: string } | { readonly id: number; readonly sql: string };

/** A line of its output. */
type Answer =
  | { readonly event: 'ready'; readonly port: number }
  | { readonly event: 'ran'; readonly id: number; readonly seen: Seen }
  | { readonly event: 'failed'; readonly id?: number; readonly problem: string };

/** What an editor's window runs while it shows a demo: it holds the database, and is the agent. Ends with its input. */
export function demoCompanion(): Command {
  return new Command('companion')
    .summary('hold the database of a demo, and be its agent')
    .argument('<folder>')
    .action(
      run(async (given: string) => {
        const { holdDatabase } = await import('../demo/database.ts');
        const folder = realpathSync(given);
        const say = (answer: Answer) => json(answer);
        const agent = await demoAgent(demoContext(folder));
        let hold: Awaited<ReturnType<typeof holdDatabase>> | undefined;
        const take = async (said: Said): Promise<void> => {
          if ('password' in said) {
            hold = await holdDatabase({ folder, password: said.password, run: databaseArguments() });
            say({ event: 'ready', port: hold.port });
          } else {
            say({ event: 'ran', id: said.id, seen: await agent.run(said.sql) });
          }
        };
        for await (const line of createInterface({ input: process.stdin })) {
          const said = JSON.parse(line) as Said;
          const failed = (error: unknown) => {
            const problem = error instanceof Error ? error.message : String(error);
            say({ event: 'failed', ...('id' in said && { id: said.id }), problem });
          };
          void take(said).catch(failed);
        }
        await agent.end();
        await hold?.release();
        return exitCodes.ok;
      }),
    );
}
