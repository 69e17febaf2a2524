import { hash } from 'node:crypto';
import os from 'node:os';
import path from 'node:path';
import { Argument, Command, Option } from 'commander';
import type { ConnectableName, Place, Scope } from '../agents/connect/adapter.ts';
import { adapters, connectableNames } from '../agents/connect/agents.ts';
import type { ToldAgent, ToldPlan } from '../agents/connect/told.ts';
import { ConfigFault } from '../core/faults.ts';
import { ensurePrivateFolder, stateRoot } from '../workspace/state.ts';
import { confirm } from './ask.ts';
import { contextOf } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';

interface ConnectOptions {
  readonly undo?: boolean;
  readonly scope: Scope;
  readonly dryRun?: boolean;
  readonly yes?: string | true;
  readonly json?: boolean;
  readonly program?: string;
  readonly editorStorage?: string;
}

export function connectCommand(): Command {
  return new Command('connect')
    .summary('lead a coding agent through the gate by its own files')
    .description(
      "Write what an agent reads (its MCP servers, hooks and environment), so that it comes to this workspace's resources through Gatehouse. The changes are shown first. --undo takes them out again, and leaves what others wrote. Without a name, say which agents are here.",
    )
    .addArgument(new Argument('[agent]', 'which').choices(connectableNames))
    .option('--undo', 'disconnect the agent')
    .addOption(
      new Option('--scope <scope>', 'for this folder alone, or wherever you start the agent')
        .choices(['workspace', 'user'])
        .default('workspace'),
    )
    .option('--dry-run', 'show the changes and write nothing')
    .option('--yes [digest]', 'write without asking, if the changes still have this digest')
    .option('--json', 'as one JSON object')
    .addOption(new Option('--program <path>', 'the gatehouse that agents start').hideHelp())
    .addOption(new Option('--editor-storage <folder>', 'what extensions of the editor keep').hideHelp())
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse connect
  $ gatehouse connect claude-code --dry-run
  $ gatehouse connect codex --scope user
  $ gatehouse connect cursor --undo

Exit status: 0 done, or nothing to do; 1 you said no, or a file is in the way; 2 could not run.`,
    )
    .action(
      run(async (name: ConnectableName | undefined, options: ConnectOptions, command: Command) => {
        const { workspaceFolder } = await contextOf(command);
        const place: Place = {
          scope: options.scope,
          workspaceFolder,
          home: os.homedir(),
          platform: process.platform,
          env: process.env,
          program: programOf(options.program),
          ...(options.editorStorage === undefined ? {} : { editorStorage: options.editorStorage }),
        };
        return name === undefined ? list(place, options) : change(name, place, options);
      }),
    );
}

/** The command that runs now, by a path that an agent can use. */
function programOf(given: string | undefined): Place['program'] {
  if (given !== undefined) return [path.resolve(given)];
  return [process.execPath, path.resolve(process.argv[1] ?? '')];
}

async function list(place: Place, options: ConnectOptions): Promise<number> {
  const [{ isConnected }, { disk }, { isInstalled }, { runningOf }] = await Promise.all([
    import('../agents/connect/plan.ts'),
    import('../agents/connect/disk.ts'),
    import('../agents/connect/installed.ts'),
    import('../agents/connect/running.ts'),
  ]);
  const found = connectableNames.map((name): ToldAgent => {
    const adapter = adapters[name];
    const by = (scope: Scope) => isConnected(adapter, { ...place, scope }, disk);
    return {
      name,
      title: adapter.title,
      installed: isInstalled(adapter, place, disk),
      connected: { workspace: by('workspace'), user: by('user') },
      running: runningOf(adapter, place),
    };
  });
  if (options.json === true) {
    json(found);
    return exitCodes.ok;
  }
  for (const { name, title, installed, connected } of found) {
    const how = connected.workspace
      ? out.paint('green', 'connected here')
      : connected.user
        ? out.paint('green', 'connected for you')
        : installed
          ? 'not connected'
          : out.paint('dim', 'not found');
    out.line(`${title.padEnd(12)} ${how.padEnd(18)} ${out.paint('dim', `gatehouse connect ${name}`)}`);
  }
  return exitCodes.ok;
}

async function change(name: ConnectableName, place: Place, options: ConnectOptions): Promise<number> {
  const [{ planConnect, planDisconnect }, { disk, Receiptbook, writePlan }] = await Promise.all([
    import('../agents/connect/plan.ts'),
    import('../agents/connect/disk.ts'),
  ]);
  const adapter = adapters[name];
  const folder = path.join(stateRoot(), 'connect');
  ensurePrivateFolder(folder);
  const book = new Receiptbook(folder, name, place.scope, place.workspaceFolder);
  const plan = (options.undo === true ? planDisconnect : planConnect)(adapter, place, disk, book.receipts());
  const { edits, notes, problems } = plan;
  const digest = hash('sha256', JSON.stringify(edits)).slice(0, 16);
  if (typeof options.yes === 'string' && options.yes !== digest)
    throw new ConfigFault('usage', 'The files were changed meanwhile. Look at the changes again.');
  const dry = options.dryRun === true || (options.json === true && options.yes === undefined);
  if (options.json !== true) await show(plan, adapter.title, options.undo === true);
  const go = !dry && edits.length > 0 && (options.yes !== undefined || (await agreed(digest)));
  const written = go ? writePlan(plan, book) : [];
  if (options.json === true) json({ digest, edits, notes, problems, written } satisfies ToldPlan);
  else if (go) {
    for (const { file, backup } of written)
      out.line(
        `${out.paint('green', '✓')} ${file}${backup === undefined ? '' : out.paint('dim', `  as it was: ${backup}`)}`,
      );
    for (const note of notes) out.line(`${out.paint('yellow', '•')} ${note}`);
  }
  return problems.length > 0 || (!dry && !go && edits.length > 0) ? exitCodes.no : exitCodes.ok;
}

async function show(
  {
    edits,
    problems,
  }: {
    readonly edits: readonly { file: string; before: string | undefined; after: string | undefined }[];
    readonly problems: readonly string[];
  },
  title: string,
  undo: boolean,
): Promise<void> {
  for (const problem of problems) err.line(`${err.paint('red', 'gatehouse:')} ${problem}`);
  if (edits.length === 0 && problems.length === 0)
    out.line(`${title} is ${undo ? 'not connected' : 'connected'}: nothing to do.`);
  const { createTwoFilesPatch } = await import('diff');
  for (const { file, before, after } of edits) {
    const patch = createTwoFilesPatch(
      file,
      file,
      before ?? '',
      after ?? '',
      before === undefined ? 'new' : '',
      after === undefined ? 'removed' : '',
      { context: 2 },
    );
    for (const line of patch.split('\n').slice(1)) {
      const paint = line.startsWith('+') ? 'green' : line.startsWith('-') ? 'red' : 'dim';
      out.line(out.paint(paint, line));
    }
  }
}

async function agreed(digest: string): Promise<boolean> {
  if (process.stdin.isTTY !== true) {
    throw new ConfigFault(
      'usage',
      `A person agrees on a terminal; to write without one, pass --yes ${digest}.`,
    );
  }
  return confirm('Write this?');
}
