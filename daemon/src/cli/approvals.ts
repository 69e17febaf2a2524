import { Command } from 'commander';
import type { AccessRequest, HeldApproval } from '../control/messages.ts';
import { contextOf, withDaemon } from './context.ts';
import { standing } from './effects.ts';
import { exitCodes } from './exit-codes.ts';
import { clock, count, duration } from './format.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';
import { lines, oneLine, plural } from './text.ts';

export function approvalsCommand(): Command {
  return new Command('approvals')
    .summary('list requests that wait for a person')
    .description(
      'Show the requests that wait, each whole: what was asked, by whom, what it does, and who may answer.',
    )
    .option('--json', 'one JSON object a line')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse approvals
  $ gatehouse approve k7m2pq
  $ gatehouse deny k7m2pq --reason "use the staging database"`,
    )
    .action(
      run(async (options: { json?: boolean }, command: Command) => {
        const { held, access } = await withDaemon(await contextOf(command), async (client) => ({
          held: await client.approvals(),
          access: (await client.accessRequests()).filter(({ answer }) => answer === undefined),
        }));
        if (options.json === true) for (const each of [...held, ...access]) json(each);
        else if (held.length + access.length === 0) err.line(err.paint('dim', 'Nothing waits.'));
        else {
          for (const [index, each] of held.entries()) {
            if (index > 0) out.line();
            showHeld(each);
          }
          for (const [index, each] of access.entries()) {
            if (index + held.length > 0) out.line();
            showAccess(each);
          }
        }
        return exitCodes.ok;
      }),
    );
}

/** The whole of a held request: who answers must see all of what they answer. */
function showHeld(held: HeldApproval): void {
  const left = new Date(held.expires).getTime() - Date.now();
  const expires = left > 0 ? `expires in ${duration(left)}` : 'has expired';
  const who = `${oneLine(held.agent)} for ${oneLine(held.person)} on ${held.resource}`;
  out.line(
    `${standing('waiting')} ${out.paint('bold', held.id)}  ${who}  ${out.paint('dim', `${clock(held.asked)}, ${expires}`)}`,
  );
  out.line();
  for (const line of lines(held.text)) out.line(`    ${line}`);
  out.line();
  const { parameters } = held;
  if (parameters !== undefined && parameters.length > 0) {
    field(
      'with',
      parameters
        .map((value, index) => `$${index + 1} = ${value === null ? 'NULL' : oneLine(value)}`)
        .join(', '),
    );
  }
  field('does', held.actions.map(oneLine).join(', '));
  field('on', held.tables.length === 0 ? 'no table' : held.tables.map(oneLine).join(', '));
  field('plan', planWords(held.plan));
  if (held.count !== undefined) field('changes', countWords(held.count));
  field('because', oneLine(held.reason));
  field('rules', held.rules.join(', '));
  field('may say', held.by.map((names) => names.join(' or ')).join(', and '));
  field('answer', `gatehouse approve ${held.id}   or   gatehouse deny ${held.id} --reason "…"`);
}

/** An agent asked for what it may not do; nothing of it waits. */
function showAccess({ id, agent, person, resource, asked, reason, statement }: AccessRequest): void {
  const who = `${oneLine(agent)} for ${oneLine(person)} asks for access to ${resource}`;
  out.line(`${standing('waiting')} ${out.paint('bold', id)}  ${who}  ${out.paint('dim', clock(asked))}`);
  field('because', oneLine(reason));
  if (statement !== undefined) field('to run', oneLine(statement));
  field('answer', `change the policy, then gatehouse approve ${id}   or   gatehouse deny ${id} --reason "…"`);
}

function planWords(plan: HeldApproval['plan']): string {
  if ('unknown' in plan) return out.paint('yellow', `not known: ${oneLine(plan.unknown)}`);
  return `${out.paint('bold', `about ${plural(Math.round(plan.rows), 'row')}`)}, cost ${count(Math.round(plan.cost))} ${out.paint('dim', "by the planner's estimate")}`;
}

function countWords(counted: NonNullable<HeldApproval['count']>): string {
  return counted.kind === 'counted'
    ? `${out.paint('bold', plural(counted.rows, 'row'))} ${out.paint('dim', 'counted, and rolled back')}`
    : out.paint('yellow', `not counted: ${oneLine(counted.why)}`);
}

function field(name: string, text: string): void {
  out.line(`  ${out.paint('dim', name.padEnd(8))} ${text}`);
}
