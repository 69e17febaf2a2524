import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Level } from '@gatehouse/policy-schema/learn/learn.ts';
import type { Mask } from '@gatehouse/policy-schema/model/policy.ts';
import { Command, Option } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import type { AgentTraffic, Proof } from '../review/learned-traffic.ts';
import { readPolicyFiles } from '../workspace/files.ts';
import { diagnosticLine } from '../workspace/snapshot.ts';
import { contextOf, withRecords } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { momentOf } from './moments.ts';
import { Progress } from './progress.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';
import { oneLine, plural } from './text.ts';

interface SuggestOptions {
  readonly agent?: string;
  readonly resource?: string;
  readonly since: string;
  readonly level: Level;
  readonly out?: string;
  readonly json?: boolean;
}

export function suggestCommand(): Command {
  return new Command('suggest')
    .summary('write the least policy for what an agent did')
    .description(
      'Write a policy that allows what an agent was seen to do on a resource, and no more than the level says. What was denied is not allowed by it, and what a person approved asks again. Needs no daemon.',
    )
    .option('--agent <name>', 'whose requests; needed where several were seen')
    .option('--resource <name>', 'on which resource; needed where several were seen')
    .option('--since <when>', 'how far back: 30m, 12h, 7d, or a time', '7d')
    .addOption(
      new Option('--level <level>', 'how much more than was seen a rule may name')
        .choices(['columns', 'tables', 'schemas'])
        .default('tables'),
    )
    .option('--out <file>', 'write it there; it must not be there yet')
    .option('--json', 'the policy, its evidence and its proof as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse suggest --agent claude-code
  $ gatehouse suggest --agent codex --resource shop-db --level columns --out .gatehouse/policies/codex.policy.yaml
  $ gatehouse diff                           what that changes

Exit status: 0 written, 2 could not.`,
    )
    .action(
      run(async (options: SuggestOptions, command: Command) => {
        const context = await contextOf(command);
        const { masks, resources } = await policiesNow(context.workspaceFolder);
        const { agentTraffic } = await import('../review/learned-traffic.ts');
        const progress = new Progress('Reading the record', 'requests');
        const all = await withRecords(context, (index) =>
          agentTraffic(index, resources, { ...options, since: momentOf(options.since) }, (share, done) =>
            progress.show(share, done),
          ),
        );
        progress.end();
        const traffic = only(
          all.filter(({ observed }) => observed.length > 0),
          options,
        );
        const { rules, text, proof } = await policyOf(traffic, masks, options.level);
        if (options.out !== undefined) write(path.resolve(context.workspaceFolder, options.out), text);
        if (options.json === true)
          json({
            agent: traffic.agent,
            resource: traffic.resource,
            level: options.level,
            text,
            rules,
            proof,
          });
        else {
          if (options.out === undefined) out.write(text);
          tell(traffic, proof, options.out);
        }
        return exitCodes.ok;
      }),
    );
}

async function policiesNow(folder: string) {
  const [files, { checkWorkspace }, { loadReaders }] = await Promise.all([
    readPolicyFiles(folder),
    import('@gatehouse/policy-schema/check/check-workspace.ts'),
    import('@gatehouse/policy-schema/vocabulary/readers.ts'),
  ]);
  await loadReaders();
  const { set, workspace } = checkWorkspace({
    workspace: files.workspace,
    policies: files.policies,
    checks: [],
  });
  if (workspace === undefined)
    throw new ConfigFault('workspace-invalid', 'gatehouse.yaml has errors; see `gatehouse check`.');
  return { masks: set?.policies.flatMap((policy) => policy.masks) ?? [], resources: workspace.resources };
}

/** One agent on one resource: a policy for several would give each what the others need. */
function only(found: readonly AgentTraffic[], { since }: SuggestOptions): AgentTraffic {
  const [first, second] = found;
  if (first === undefined)
    throw new ConfigFault(
      'usage',
      `Nothing that passed is recorded of the last ${since} for that agent and resource. \`gatehouse sessions\` lists what is.`,
    );
  if (second === undefined) return first;
  const names = found
    .slice(0, 10)
    .map(
      ({ agent, resource, observed }) =>
        `  --agent ${agent} --resource ${resource}   ${plural(observed.length, 'request')}`,
    );
  throw new ConfigFault('usage', `Several were seen; choose one:\n${names.join('\n')}`);
}

async function policyOf(traffic: AgentTraffic, masks: readonly Mask[], level: Level) {
  const [{ learn }, { learnedPolicyText }, { checkWorkspace }, { compilePolicies }, { maskKey, prove }] =
    await Promise.all([
      import('@gatehouse/policy-schema/learn/learn.ts'),
      import('@gatehouse/policy-schema/learn/learned-policy.ts'),
      import('@gatehouse/policy-schema/check/check-workspace.ts'),
      import('@gatehouse/policy-schema/evaluate/decide.ts'),
      import('../review/learned-traffic.ts'),
    ]);
  const rules = learn(traffic.observed, level);
  const times = traffic.observed.map(({ at }) => at).sort();
  const text = learnedPolicyText({
    agent: traffic.agent,
    resource: traffic.resource,
    level,
    requests: traffic.observed.length,
    from: times[0] ?? '',
    to: times.at(-1) ?? '',
    rules,
    approval: { by: traffic.approval?.by ?? ['*'], within: traffic.approval?.within ?? 600_000 },
    masks: masks.filter(
      (mask, at) =>
        traffic.masks.has(maskKey(mask)) &&
        masks.findIndex((other) => maskKey(other) === maskKey(mask)) === at,
    ),
    limits: boundsOf(traffic.most),
  });
  const checked = checkWorkspace({
    workspace: undefined,
    policies: new Map([['learned.policy.yaml', text]]),
    checks: [],
  });
  if (checked.set === undefined) {
    const why = checked.diagnostics.filter(({ severity }) => severity === 'error').map(diagnosticLine);
    throw new ConfigFault(
      'workspace-invalid',
      `The policy could not be written: ${why[0] ?? 'it has errors'}`,
    );
  }
  return { rules, text, proof: prove(traffic, compilePolicies(checked.set)) };
}

/** Twice what was seen, up to the next 1, 2 or 5 with noughts. */
function boundsOf({ rows, bytes }: AgentTraffic['most']): {
  readonly rows?: number;
  readonly bytes?: number;
} {
  const above = (seen: number, least: number): number => {
    const wanted = Math.max(least, seen * 2);
    const power = 10 ** Math.floor(Math.log10(wanted));
    return power * (wanted <= power ? 1 : wanted <= 2 * power ? 2 : wanted <= 5 * power ? 5 : 10);
  };
  return { rows: above(rows, 100), bytes: above(bytes, 100_000) };
}

function write(file: string, text: string): void {
  if (existsSync(file))
    throw new ConfigFault('usage', `${file} is there already; a suggestion replaces nothing.`);
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { flag: 'wx' });
}

const shown = 5;

function tell(
  { observed, refused }: AgentTraffic,
  { lost, refused: stays, opened }: Proof,
  to: string | undefined,
): void {
  const list = (texts: readonly string[]) => {
    for (const text of texts.slice(0, shown)) err.line(`  ${oneLine(text).slice(0, 120)}`);
    if (texts.length > shown) err.line(`  … and ${texts.length - shown} more`);
  };
  if (to !== undefined)
    out.line(`Written to ${to}. Your other policies hold beside it: take out of them what is wider.`);
  if (lost.length === 0)
    err.line(
      err.paint(
        'green',
        `Decided again by it: all ${plural(observed.length, 'request')} that passed would pass.`,
      ),
    );
  else {
    err.line(
      err.paint('yellow', `${plural(lost.length, 'request')} that passed would be refused by it alone:`),
    );
    list(lost);
  }
  if (stays.length > 0)
    err.line(
      `Refused then, and by it too: ${plural(stays.length, 'different request')} (asked ${plural(refused, 'time')}):`,
    );
  list(stays);
  if (opened.length > 0) {
    err.line(
      err.paint(
        'yellow',
        `By it alone ${plural(opened.length, 'request')} would pass that were refused, by a condition or a limit of another policy:`,
      ),
    );
    list(opened);
  }
}
