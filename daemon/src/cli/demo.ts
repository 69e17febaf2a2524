import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import type { StatusResult } from '../control/messages.ts';
import { shopResource } from '../demo/shop.ts';
import { statePaths } from '../workspace/state.ts';
import { demoCompanion } from './demo-companion.ts';
import { databaseArguments } from './demo-parts.ts';
import { playDemo } from './demo-play.ts';
import { exitCodes } from './exit-codes.ts';
import { clock } from './format.ts';
import { run } from './run.ts';
import { err, out } from './terminal.ts';
import { serveWorkspace } from './up.ts';

export function demoCommand(): Command {
  return new Command('demo')
    .summary('try it all on a database that comes along')
    .description(
      'Make a workspace with a commented policy, start a small shop on a PostgreSQL of its own (in WebAssembly; nothing is installed) and the gate in front of it, and let you be an agent there.',
    )
    .argument('[folder]', 'where to keep it; a temporary folder unless given, which goes when the demo ends')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse demo
  $ gatehouse demo ~/gatehouse-demo

Exit status: 0 ended on request, 2 could not start.`,
    )
    .action(run(demo))
    .addCommand(filesCommand(), { hidden: true })
    .addCommand(demoCompanion(), { hidden: true })
    .addCommand(databaseCommand(), { hidden: true });
}

async function demo(given: string | undefined): Promise<number> {
  const { layDemo } = await import('../demo/demo-folder.ts');
  const { holdDatabase } = await import('../demo/database.ts');
  const temporary = given === undefined ? mkdtempSync(path.join(os.tmpdir(), 'gatehouse-demo-')) : undefined;
  const folder = given === undefined ? path.join(temporary ?? '', 'shop') : path.resolve(given);
  mkdirSync(folder, { recursive: true });
  const workspaceFolder = realpathSync(folder);
  const stopped = Promise.withResolvers<void>();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => stopped.resolve());
  try {
    await layDemo(workspaceFolder);
    err.line(err.paint('dim', 'Starting the database of the demo …'));
    const password = randomBytes(24).toString('base64url');
    const run = databaseArguments();
    const hold = await holdDatabase({ folder: workspaceFolder, password, run, idleMs: 1000 });
    try {
      return await serveWorkspace({
        workspaceFolder,
        secrets: { [shopResource]: password },
        log: (line) => err.line(`${err.paint('dim', clock(new Date().toISOString()))} ${line}`),
        ready: (status) => {
          welcome(workspaceFolder, status);
          void playDemo(workspaceFolder, stopped.resolve);
        },
        stopped: stopped.promise,
        quiet: false,
      });
    } finally {
      await hold.release();
    }
  } finally {
    if (temporary !== undefined) {
      rmSync(statePaths(workspaceFolder).folder, { recursive: true, force: true });
      rmSync(temporary, { recursive: true, force: true });
    }
  }
}

function welcome(folder: string, { resources }: StatusResult): void {
  const listen = resources[0]?.listen;
  const row = (word: string, text: string) => out.line(`  ${out.paint('dim', word.padEnd(9))} ${text}`);
  out.line();
  out.line(out.paint('bold', 'A small shop behind the gate.'));
  row('database', 'PostgreSQL in WebAssembly; customers and orders are invented');
  row('gate', `${shopResource}, on ${listen?.host}:${listen?.port}`);
  row('policy', path.join(folder, '.gatehouse', 'policies', 'shop.policy.yaml'));
  row('elsewhere', `cd ${folder} && gatehouse log --follow`);
}

function filesCommand(): Command {
  return new Command('files')
    .summary('write the files of the demo')
    .argument('<folder>')
    .action(
      run(async (folder: string) => {
        const { layDemo } = await import('../demo/demo-folder.ts');
        mkdirSync(folder, { recursive: true });
        await layDemo(folder);
        return exitCodes.ok;
      }),
    );
}

function databaseCommand(): Command {
  return new Command('database').summary('be the database of a demo').action(
    run(async () => {
      const { runDatabase } = await import('../demo/database.ts');
      await runDatabase();
      return exitCodes.ok;
    }),
  );
}
