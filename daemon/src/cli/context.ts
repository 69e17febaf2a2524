import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { ControlClient } from '../control/client.ts';
import { ConfigFault, RecordFault } from '../core/faults.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import { findWorkspace } from '../workspace/files.ts';
import { type StatePaths, statePaths } from '../workspace/state.ts';
import { err } from './terminal.ts';

/** Which workspace a command speaks of. */
export interface Context {
  readonly workspaceFolder: string;
  readonly state: StatePaths;
}

/** The workspace at or above `-C` or the working folder. @throws ConfigFault `workspace-missing` */
export async function contextOf(command: Command): Promise<Context> {
  const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
  const workspaceFolder = await findWorkspace(workspace ?? process.cwd());
  return { workspaceFolder, state: statePaths(workspaceFolder) };
}

/** As whom: who only starts agents does with less than an operator. */
type As = 'operator' | 'launcher';

/** Holds the control secret in terminals that a person unlocked in the editor. */
export const controlSecretVariable = 'GATEHOUSE_CONTROL_SECRET';

/** Call the daemon. What that needs is loaded here, as many commands do without. @throws ConfigFault `daemon-absent` */
export async function callDaemon({ state }: Context, as: As = 'operator'): Promise<ControlClient> {
  const { connectControl } = await import('../control/client.ts');
  const secret = process.env[controlSecretVariable];
  return connectControl({
    state,
    client: 'gatehouse',
    as,
    ...(secret === undefined || secret === '' ? {} : { secret }),
  });
}

/** Do something with the daemon, and hang up. @throws ConfigFault `daemon-absent` */
export async function withDaemon<Result>(
  context: Context,
  work: (client: ControlClient) => Promise<Result>,
  as: As = 'operator',
): Promise<Result> {
  const client = await callDaemon(context, as);
  try {
    return await work(client);
  } finally {
    client.close();
  }
}

/** Do something with the records, which needs no daemon. The index is brought up to date first. */
export async function withRecords<Result>(
  context: Context,
  work: (index: StoreIndex) => Promise<Result>,
): Promise<Result> {
  if (!existsSync(context.state.records)) {
    throw new ConfigFault(
      'workspace-missing',
      'Nothing is recorded for this workspace yet. Start its daemon with `gatehouse up`.',
    );
  }
  const { openIndex } = await import('../recordings/store-index.ts');
  const index = openIndex(context.state.records);
  try {
    await bringUpToDate(index);
    return await work(index);
  } finally {
    index.close();
  }
}

/** Take in what is new. Where that cannot be, what the index has is still worth showing. */
export async function bringUpToDate(index: StoreIndex): Promise<void> {
  const warn = (words: string) => err.line(`${err.paint('yellow', 'warning:')} ${words}`);
  try {
    const { damage } = await index.catchUp();
    if (damage !== undefined) warn('the records are damaged; look with `gatehouse verify`.');
  } catch (fault) {
    if (!(fault instanceof RecordFault)) throw fault;
    warn(`${fault.message} The latest records may be missing here.`);
  }
}
