import { stat } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import type { Simulation } from '../simulate/simulation.ts';
import { filesNow, findWorkspace, type PolicyFiles, readPolicyFiles } from '../workspace/files.ts';
import { type Context, contextOf, withRecords } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { momentOf } from './moments.ts';
import { Progress } from './progress.ts';
import { run } from './run.ts';
import { showSimulation } from './simulation-report.ts';
import { json } from './terminal.ts';

interface SimulateCliOptions {
  readonly policy?: string;
  readonly since: string;
  readonly resource?: string;
  readonly agent?: string;
  readonly rule?: string;
  readonly json?: boolean;
  readonly texts?: boolean;
}

export function simulateCommand(): Command {
  return new Command('simulate')
    .summary('decide what was recorded again by other policy files')
    .description(
      'Decide every recorded request again by the policy files as they stand, of another folder, or of a Git revision, and say which answers change: by rule, with examples, the most dangerous first. Needs no daemon, and changes nothing.',
    )
    .option(
      '--policy <path|revision>',
      'a folder with policy files, or a Git revision; else the files as they stand',
    )
    .option('--since <when>', 'how far back: 30m, 12h, 7d, or a time', '7d')
    .option('--resource <name>', 'only requests to this resource')
    .option('--agent <name>', 'only requests of this agent')
    .option('--rule <name>', 'only requests whose answer was, or would be, this rule’s')
    .option('--texts', 'read texts in place of files from standard input: {"path": "text", …}')
    .option('--json', 'all of it as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse simulate                           what the edits since they were recorded change
  $ gatehouse simulate --policy HEAD~1           by the policy files of the commit before
  $ gatehouse simulate --since 30d --rule read-shop
  $ gatehouse simulate --json | jq '.flips[] | select(.flip == "allowed")'

Exit status: 0 no answer changes, 1 some do, 2 could not run.`,
    )
    .action(
      run(async (options: SimulateCliOptions, command: Command) => {
        const context = await contextOf(command);
        const told = await simulated(context, options);
        if (options.json === true) json(told);
        else showSimulation(told, options);
        const { same, open } = told.totals;
        return told.requests > same + open ? exitCodes.no : exitCodes.ok;
      }),
    );
}

/** Decide the record again. @throws ConfigFault `workspace-missing`: there is none; `workspace-invalid`: no files to decide by */
export async function simulated(
  context: Context,
  options: SimulateCliOptions,
): Promise<Simulation & { policy: string }> {
  const since = momentOf(options.since);
  const { files, title } = await policyFiles(context.workspaceFolder, options);
  const { policyOf } = await import('../simulate/policy-of.ts');
  const policy = await policyOf(files);
  if (policy.kind === 'broken') {
    const [first = '', ...more] = policy.problems;
    throw new ConfigFault(
      'workspace-invalid',
      `The policy files (${title}) have errors, so nothing can be decided by them; see \`gatehouse check\`.\n  ${[first, ...more.slice(0, 4)].join('\n  ')}`,
    );
  }
  const { resource, agent, rule } = options;
  if (resource !== undefined && !policy.resources.some(({ name }) => name === resource)) {
    const names = policy.resources.map(({ name }) => name).join(', ');
    throw new ConfigFault('usage', `The policy files declare no resource ${resource}. There are: ${names}.`);
  }
  const { forThisAlone, simulate } = await import('../simulate/simulate.ts');
  forThisAlone();
  const progress = new Progress('deciding again', 'requests');
  try {
    const told = await withRecords(context, async (index) =>
      simulate(
        {
          folder: index.folder,
          set: policy.set,
          resources: policy.resources,
          since: since.toISOString(),
          filter: {
            ...(resource === undefined ? {} : { resource }),
            ...(agent === undefined ? {} : { agent }),
            ...(rule === undefined ? {} : { rule }),
          },
        },
        { progress: ({ bytes, all, requests }) => progress.show(bytes / all, requests) },
      ),
    );
    return { policy: title, ...told };
  } finally {
    progress.end();
  }
}

/** The files to decide by, and their name for people. */
async function policyFiles(
  folder: string,
  { policy, texts }: SimulateCliOptions,
): Promise<{ readonly files: PolicyFiles; readonly title: string }> {
  if (policy === undefined) {
    if (texts !== true) return { files: await readPolicyFiles(folder), title: 'the files as they stand' };
    return { files: await filesNow(folder, await textsOfInput()), title: 'the files as they stand' };
  }
  const place = path.resolve(policy);
  const found = await stat(place).catch(() => undefined);
  if (found?.isDirectory() === true) {
    return { files: await readPolicyFiles(await findWorkspace(place)), title: policy };
  }
  if (found !== undefined)
    throw new ConfigFault('usage', `${policy} is no folder. Name the folder that holds .gatehouse.`);
  const { readRevision } = await import('../workspace/revision.ts');
  const { files, commit } = await readRevision(folder, policy);
  return { files, title: commit.startsWith(policy) ? commit : `${policy} (${commit})` };
}

async function textsOfInput(): Promise<readonly { readonly path: string; readonly text: string }[]> {
  let input = '';
  for await (const chunk of process.stdin.setEncoding('utf8')) input += String(chunk);
  try {
    const texts: unknown = JSON.parse(input);
    if (typeof texts === 'object' && texts !== null && !Array.isArray(texts)) {
      return Object.entries(texts).map(([file, text]) => ({ path: file, text: String(text) }));
    }
  } catch {
    // Told below.
  }
  throw new ConfigFault('usage', 'Standard input must be a JSON object of texts by path.');
}
