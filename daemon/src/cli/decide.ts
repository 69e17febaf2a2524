import type { Decision, DecisionInput, TraceStep } from '@gatehouse/policy-schema/evaluate/decision.ts';
import type { TypedRequest } from '@gatehouse/policy-schema/evaluate/typed-request.ts';
import { chooseResource } from '@gatehouse/policy-schema/model/choose-resource.ts';
import type { Effect } from '@gatehouse/policy-schema/model/policy.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import { Command, InvalidArgumentError } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { localPerson } from '../identity/person.ts';
import { findWorkspace, readPolicyFiles } from '../workspace/files.ts';
import { type Snapshot, snapshotFiles } from '../workspace/snapshot.ts';
import { formatOf, symbolOf } from './effects.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { json, out } from './terminal.ts';
import { oneLine, wrap } from './text.ts';
import { defaultAgent } from './token.ts';

interface DecideOptions {
  readonly resource?: string;
  readonly agent: string;
  readonly person?: string;
  readonly group: readonly string[];
  readonly task: string;
  readonly policy?: string;
  readonly at?: Date;
  readonly inTransaction?: boolean;
  readonly cost?: number;
  readonly estimatedRows?: number;
  readonly json?: boolean;
}

/** Statements on standard input, in bytes. */
const maxInputBytes = 16 * 1024 * 1024;

const codeOf: Readonly<Record<Effect, ExitCode>> = {
  allow: exitCodes.ok,
  deny: exitCodes.no,
  approve: exitCodes.approve,
};

export function decideCommand(): Command {
  return new Command('decide')
    .summary('decide a statement, and show why')
    .description(
      'Decide a statement by the policy files as they stand, and show what each rule made of it. No daemon and no database are asked: an unqualified name is taken to lie in public, and what depends on the planner is told with --cost and --estimated-rows, or else left open.',
    )
    .argument('[statement]', 'the SQL text; - or nothing: standard input')
    .option('--resource <name>', 'as gatehouse.yaml names it; not needed when there is only one')
    .option('--agent <name>', 'who would ask', defaultAgent())
    .option('--person <name>', 'for whom; you unless given')
    .option('--group <name>', "a group of the person's, repeatable", gather, [])
    .option('--task <text>', 'the task of the session', '')
    .option('--policy <folder>', 'the workspace whose files decide, in place of this one')
    .option('--at <time>', 'as if it were then, such as 2026-05-04T22:00:00Z', timeOf)
    .option('--in-transaction', 'as if a transaction were open')
    .option('--cost <units>', 'as if the planner expected that cost', amountOf)
    .option('--estimated-rows <rows>', 'as if the planner expected so many rows', amountOf)
    .option('--json', 'the decision and its trace as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse decide 'select * from orders'
  $ gatehouse decide --agent claude --group dba 'delete from orders'
  $ gatehouse decide --cost 120000 --estimated-rows 5000 'select * from orders'
  $ gatehouse decide --at 2026-05-04T22:00:00Z < migration.sql

Exit status: 0 allow, 1 deny, 3 a person would have to approve, 2 could not run.`,
    )
    .action(
      run(async (statement: string | undefined, options: DecideOptions, command: Command) => {
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        const folder = await findWorkspace(options.policy ?? workspace ?? process.cwd());
        const snapshot = await soundSnapshot(folder);
        const resource = resourceFor(snapshot.parsed.resources, options.resource);
        const text = statement === undefined || statement === '-' ? await standardInput() : statement;
        const person = localPerson();
        const [{ inputOf }, { loadReaders }] = await Promise.all([
          import('@gatehouse/policy-schema/evaluate/typed-request.ts'),
          import('@gatehouse/policy-schema/vocabulary/readers.ts'),
        ]);
        await loadReaders();
        const plan = planOf(options);
        const input = inputOf({
          text,
          resource,
          principal: {
            person: options.person ?? person.name,
            groups: options.person === undefined ? [...person.groups, ...options.group] : options.group,
            agent: options.agent,
            workspace: folder.split('/').at(-1) ?? folder,
            task: options.task,
          },
          at: options.at ?? new Date(),
          session: { inTransaction: options.inTransaction === true, application: 'gatehouse decide' },
          ...(plan && { plan }),
        });
        const { compilePolicies, decide } = await import('@gatehouse/policy-schema/evaluate/decide.ts');
        const decision = decide(compilePolicies(snapshot.set), input);
        if (options.json === true) json(await asJson(decision, input));
        else await explain(decision, input);
        return codeOf[decision.effect];
      }),
    );
}

function gather(value: string, before: readonly string[]): readonly string[] {
  return [...before, value];
}

/** As the planner would tell; with one of the two the other is taken to be nothing. */
function planOf({ cost, estimatedRows }: DecideOptions): TypedRequest['plan'] {
  return cost === undefined && estimatedRows === undefined
    ? undefined
    : { cost: cost ?? 0, rows: estimatedRows ?? 0 };
}

function amountOf(value: string): number {
  const amount = Number(value);
  if (value.trim() !== '' && Number.isFinite(amount) && amount >= 0) return amount;
  throw new InvalidArgumentError('It is a number, such as 5000.');
}

function timeOf(value: string): Date {
  const date = new Date(value);
  if (!Number.isNaN(date.getTime())) return date;
  throw new InvalidArgumentError('It is a time such as 2026-05-04T22:00:00Z.');
}

async function soundSnapshot(folder: string): Promise<Snapshot> {
  const result = await snapshotFiles(folder, await readPolicyFiles(folder));
  if (result.ok) return result.snapshot;
  const lines = result.broken.slice(0, 5).join('\n  ');
  throw new ConfigFault(
    'workspace-invalid',
    `The policy files have errors; see \`gatehouse check\`.\n  ${lines}`,
  );
}

function resourceFor(resources: readonly Resource[], name: string | undefined): Resource {
  const choice = chooseResource(resources, name);
  switch (choice.kind) {
    case 'chosen':
      return choice.resource;
    case 'unsaid':
      throw new ConfigFault(
        'usage',
        `Which resource? Say --resource with one of: ${choice.names.join(', ') || 'none is declared'}.`,
      );
    case 'unknown':
      throw new ConfigFault('resource-unknown', choice.words);
  }
}

async function standardInput(): Promise<string> {
  if (process.stdin.isTTY === true) {
    throw new ConfigFault(
      'usage',
      "Which statement? Give it as an argument, such as gatehouse decide 'select 1'.",
    );
  }
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of process.stdin) {
    const bytes = Buffer.from(chunk as Uint8Array);
    size += bytes.length;
    if (size > maxInputBytes)
      throw new ConfigFault('usage', `More than ${maxInputBytes} bytes are not read.`);
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

const indents = ['', '  ', '    ', '      '];

async function explain(decision: Decision, input: DecisionInput): Promise<void> {
  const { explainLines } = await import('@gatehouse/policy-schema/evaluate/explain.ts');
  for (const line of explainLines(decision, input)) {
    const indent = indents[line.depth] ?? '';
    const columns = (out.columns ?? Number.POSITIVE_INFINITY) - indent.length - 2;
    const which = line.tone === 'approve' ? 'waiting' : line.tone;
    const coloured = which !== 'plain' && which !== 'none';
    const symbol = coloured && line.depth === 0 ? `${symbolOf(which)} ` : '';
    const format = coloured ? formatOf(which) : which === 'none' ? 'dim' : 'reset';
    for (const [index, part] of wrap(`${symbol}${oneLine(line.text)}`, columns).entries()) {
      out.line(indent + (index === 0 ? '' : '  ') + out.paint(format, part));
    }
  }
}

/** Integers are 64 bits wide and become strings where JSON could not hold them. */
async function asJson(decision: Decision, input: DecisionInput): Promise<unknown> {
  const { askedOf, partsOf } = await import('@gatehouse/policy-schema/evaluate/explain.ts');
  const asked = askedOf(decision, input).map(({ about }) => about);
  // A condition is about the whole request, so its parts are the same for every action.
  const partsIn = (step: TraceStep) =>
    asked.map((about) => partsOf(step, about, input)).find(({ length }) => length > 0);
  const { trace, ...rest } = decision;
  const { request, plan: _plan, ...circumstances } = input;
  const whole = {
    ...rest,
    trace: decision.trace().map((step) => {
      const parts = partsIn(step);
      return parts === undefined ? step : { ...step, parts };
    }),
    request: { text: request.text, facts: request.facts },
    ...circumstances,
  };
  return JSON.parse(
    JSON.stringify(whole, (_key, value: unknown) => {
      if (typeof value !== 'bigint') return value;
      return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
    }),
  );
}
