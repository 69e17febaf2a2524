import type { Catalog, Drift } from '@gatehouse/policy-schema/learn/drift.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { RuleCoverage } from '@gatehouse/policy-schema/tests/coverage.ts';
import { Command } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { readPolicyFiles } from '../workspace/files.ts';
import { diagnosticLine } from '../workspace/snapshot.ts';
import { type Context, contextOf, withDaemon, withRecords } from './context.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { momentOf } from './moments.ts';
import { Progress } from './progress.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';
import { oneLine, plural, wrap } from './text.ts';

interface DriftOptions {
  readonly since: string;
  readonly json?: boolean;
}

/** A condition, or a part of one, with one answer alone. */
interface OneSided {
  readonly policy: string;
  readonly rule: string;
  readonly file: string;
  readonly line: number;
  readonly text: string;
  readonly always: boolean;
}

interface Found {
  readonly drift: readonly Drift[];
  readonly conditions: readonly OneSided[];
  readonly requests: number;
  readonly open: number;
  /** Resources whose names were not looked up, and why. */
  readonly unseen: ReadonlyMap<string, string>;
}

export function driftCommand(): Command {
  return new Command('drift')
    .summary('find what policies say and nothing needs')
    .description(
      'Decide the record again by the policy files as they stand, and list rules that decided nothing, entries of lists that no request needed, `*` where few names were used, conditions with one answer alone, and names that the database does not have. Needs no daemon, but for the last.',
    )
    .option('--since <when>', 'how far back: 30m, 12h, 7d, or a time', '30d')
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse drift
  $ gatehouse drift --since 90d --json | jq '.drift[] | select(.kind == "unused")'

Deny rules that refused nothing are not listed: they guard. Exit status: 0 nothing found, 1 something, 2 could not run.`,
    )
    .action(
      run(async (options: DriftOptions, command: Command) => {
        const context = await contextOf(command);
        const found = await look(context, momentOf(options.since));
        if (options.json === true) json({ ...found, unseen: Object.fromEntries(found.unseen) });
        else show(found, options.since);
        return codeOf(found);
      }),
    );
}

function codeOf({ drift, conditions }: Found): ExitCode {
  return drift.length + conditions.length > 0 ? exitCodes.no : exitCodes.ok;
}

async function look(context: Context, since: Date): Promise<Found> {
  const [
    files,
    { checkWorkspace },
    { compilePolicies, decide },
    { loadReaders },
    { UseCount, vanished },
    { CoverageCount },
    { recordedTraffic },
  ] = await Promise.all([
    readPolicyFiles(context.workspaceFolder),
    import('@gatehouse/policy-schema/check/check-workspace.ts'),
    import('@gatehouse/policy-schema/evaluate/decide.ts'),
    import('@gatehouse/policy-schema/vocabulary/readers.ts'),
    import('@gatehouse/policy-schema/learn/drift.ts'),
    import('@gatehouse/policy-schema/tests/coverage.ts'),
    import('../review/recorded-traffic.ts'),
  ]);
  const { set, workspace, diagnostics } = checkWorkspace({
    workspace: files.workspace,
    policies: files.policies,
    checks: [],
  });
  const broken = [
    ...files.problems,
    ...diagnostics.filter(({ severity }) => severity === 'error').map(diagnosticLine),
  ];
  if (set === undefined || workspace === undefined || broken.length > 0)
    throw new ConfigFault(
      'workspace-invalid',
      `The files have errors; see \`gatehouse check\`.\n  ${broken.slice(0, 10).join('\n  ')}`,
    );
  await loadReaders();
  const policies = compilePolicies(set);
  const [uses, coverage] = [new UseCount(), new CoverageCount()];
  let [requests, open] = [0, 0];
  const bar = new Progress('Deciding the record', 'requests');
  const progress = (share: number, done: number) => bar.show(share, done);
  await withRecords(context, async (index) => {
    for await (const inputs of recordedTraffic(index, {
      policies,
      resources: workspace.resources,
      since,
      progress,
    })) {
      requests++;
      const possible = inputs.map((input) => ({ decision: decide(policies, input), input }));
      if (possible.length === 0 || !coverage.addEither(possible)) open++;
      // A rule that it may have needed is no drift.
      for (const { decision, input } of possible) uses.add(decision, input);
    }
  });
  bar.end();
  const { catalogs, unseen } = await catalogsOf(context, workspace.resources);
  const drift = [
    ...uses.driftOf(set).filter((each) => each.kind !== 'unused' || each.effect !== 'deny'),
    ...vanished(set, (policy) => reached(policy.applies.to, workspace.resources, catalogs)),
  ];
  return { drift, conditions: oneSided(coverage.of(set)), requests, open, unseen };
}

/** Undefined where a resource is among them whose names nobody knows. */
function reached(
  to: readonly string[],
  resources: readonly Resource[],
  catalogs: ReadonlyMap<string, Catalog>,
): readonly Catalog[] | undefined {
  const plain = to.every((entry) => entry === '*' || resources.some(({ name }) => name === entry));
  const names = resources
    .map(({ name }) => name)
    .filter((name) => !plain || to.includes('*') || to.includes(name));
  const found = names.map((name) => catalogs.get(name));
  return found.some((each) => each === undefined) ? undefined : found.filter((each) => each !== undefined);
}

async function catalogsOf(context: Context, resources: readonly Resource[]) {
  const catalogs = new Map<string, Catalog>();
  const unseen = new Map<string, string>();
  try {
    await withDaemon(
      context,
      async (client) => {
        for (const { name } of resources) {
          try {
            const { tables } = await client.names(name);
            catalogs.set(name, {
              tables: new Map(
                tables.map((table) => [table.name, table.columns.map((column) => column.name)]),
              ),
            });
          } catch (fault) {
            unseen.set(name, fault instanceof Error ? fault.message : String(fault));
          }
        }
      },
      'launcher',
    );
  } catch (fault) {
    for (const { name } of resources)
      unseen.set(name, fault instanceof Error ? fault.message : String(fault));
  }
  return { catalogs, unseen };
}

function oneSided(rules: readonly RuleCoverage[]): readonly OneSided[] {
  return rules.flatMap(({ policy, rule, location, condition }) =>
    condition
      .filter((answers) => (answers.true === 0) !== (answers.false === 0))
      .map((answers) => ({
        policy,
        rule,
        file: location.file,
        line: location.line,
        text: answers.text,
        always: answers.true > 0,
      })),
  );
}

const say: {
  readonly [Kind in Drift['kind']]: (drift: Extract<Drift, { kind: Kind }>) => readonly string[];
} = {
  unused: () => ['decided and matched nothing'],
  wider: ({ key, needless, narrower }) => [
    ...(needless.length > 0 ? [`${key} that nothing needed: ${needless.join(', ')}`] : []),
    ...(narrower.length > 0 ? [`what was used: ${key}: [${narrower.join(', ')}]`] : []),
  ],
  vanished: ({ key, entries }) => [`the database has no such ${key}: ${entries.join(', ')}`],
};

function show({ drift, conditions, requests, open, unseen }: Found, since: string): void {
  const about = (policy: string, rule: string | undefined, file: string, line: number) =>
    `${out.paint('bold', oneLine(rule === undefined ? policy : `${policy}/${rule}`))}  ${out.paint('dim', `${file}:${line}`)}`;
  for (const each of drift) {
    out.line(about(each.policy, each.rule, each.location.file, each.location.line));
    for (const words of (say[each.kind] as (drift: Drift) => readonly string[])(each))
      for (const line of wrap(oneLine(words), 100)) out.line(`    ${line}`);
  }
  for (const { policy, rule, file, line, text, always } of conditions) {
    out.line(about(policy, rule, file, line));
    out.line(`    never ${always ? 'false' : 'true'}: ${oneLine(text)}`);
  }
  const seen = `${plural(requests - open, 'recorded request')} of the last ${since}`;
  const found = drift.length + conditions.length;
  out.line(
    out.paint(
      found > 0 ? 'yellow' : 'green',
      found > 0 ? `${plural(found, 'finding')} in ${seen}` : `✓ nothing is wider than ${seen} needed`,
    ),
  );
  if (open > 0) err.line(err.paint('dim', `${open} more lack a fact that a condition asks for.`));
  for (const [name, why] of unseen)
    err.line(err.paint('dim', `The names of ${name} were not looked up: ${oneLine(why)}`));
}
