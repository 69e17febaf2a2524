import { Command } from 'commander';
import type { StatusResult } from '../control/messages.ts';
import { budgetLines } from './budgets.ts';
import { contextOf, withDaemon } from './context.ts';
import { symbolOf } from './effects.ts';
import { exitCodes } from './exit-codes.ts';
import { count, dayAndTime, shortDigest } from './format.ts';
import { run } from './run.ts';
import { json, out } from './terminal.ts';
import { oneLine, padEnd, plural, widthOf } from './text.ts';

export function statusCommand(): Command {
  return new Command('status')
    .summary('show the daemon, its resources and its policy')
    .description(
      'Show how the daemon of this workspace stands: resources, policy, what is left of budgets, approvals and records.',
    )
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse status
  $ gatehouse status --json | jq .policy

Exit status: 0 the daemon runs, 2 it does not.`,
    )
    .action(
      run(async (options: { json?: boolean }, command: Command) => {
        const status = await withDaemon(await contextOf(command), (client) => client.status(), 'launcher');
        if (options.json === true) json(status);
        else for (const line of statusLines(status)) out.line(line);
        return exitCodes.ok;
      }),
    );
}

const labelColumns = 11;

/** The status as people read it; `up` shows it too. */
export function statusLines(status: StatusResult): readonly string[] {
  const shown: string[] = [
    `${out.paint('bold', `Gatehouse ${status.version}`)} · ${status.workspace}`,
    label('daemon', `process ${status.pid}, since ${dayAndTime(status.startedAt)}`),
  ];
  shown.push(...resourceLines(status), ...policyLines(status));
  const waiting = status.approvalsWaiting;
  const asked = `${plural(waiting, 'request')} ${waiting === 1 ? 'waits' : 'wait'} for a person`;
  shown.push(...budgetPart(status));
  shown.push(
    label(
      'approvals',
      waiting === 0
        ? 'none waits'
        : out.paint('yellow', `${symbolOf('waiting')} ${asked}: gatehouse approvals`),
    ),
    label(
      'records',
      `${count(status.records.lines)} ${status.records.durability}, in ${status.records.folder}`,
    ),
  );
  return shown;
}

function budgetPart({ budgets, budgetsProblem }: StatusResult): readonly string[] {
  const lines = budgetLines(budgets, new Date()).map((line, index) =>
    label(index === 0 ? 'budgets' : '', line),
  );
  if (budgetsProblem === undefined) return lines;
  const words = `${symbolOf('deny')} what was used today is not known: ${oneLine(budgetsProblem)}`;
  return [...lines, label(lines.length === 0 ? 'budgets' : '', out.paint('red', words))];
}

function resourceLines(status: StatusResult): readonly string[] {
  const { resources } = status;
  if (resources.length === 0) return [label('resources', 'none in gatehouse.yaml')];
  const nameColumns = Math.max(...resources.map((resource) => widthOf(resource.name)));
  return resources.map((resource, index) => {
    const name = padEnd(resource.name, nameColumns);
    const what =
      resource.listen === undefined
        ? out.paint('red', `${symbolOf('deny')} down: ${oneLine(resource.problem ?? 'unknown')}`)
        : `${resource.listen.host}:${resource.listen.port} ${out.paint('dim', `→ ${resource.upstream}`)}  ${plural(resource.sessions, 'session')}`;
    return label(index === 0 ? 'resources' : '', `${out.paint('bold', name)}  ${what}`);
  });
}

function policyLines(status: StatusResult): readonly string[] {
  const { accepted, pending, broken } = status.policy;
  const digest =
    accepted.digest === '' ? 'nothing accepted, all is denied' : `${shortDigest(accepted.digest)} accepted`;
  const counts = `${plural(accepted.policies, 'policy', 'policies')}, ${plural(accepted.rules, 'rule')}`;
  const shown = [label('policy', `${counts} ${out.paint('dim', digest)}`)];
  if (pending !== undefined) {
    const words = `${symbolOf('waiting')} a change of the files waits for a person: gatehouse accept`;
    shown.push(label('', out.paint('yellow', words)));
    for (const line of pending.loosens) shown.push(label('', `  ${oneLine(line)}`));
  }
  if (broken !== undefined) {
    const words = `${symbolOf('deny')} the files have errors; the accepted policy stays in force`;
    shown.push(label('', out.paint('red', words)));
    for (const line of broken.slice(0, 10)) shown.push(label('', `  ${oneLine(line)}`));
    if (broken.length > 10) shown.push(label('', out.paint('dim', `  and ${broken.length - 10} more`)));
  }
  return shown;
}

function label(name: string, text: string): string {
  return `  ${out.paint('dim', name.padEnd(labelColumns))} ${text}`;
}
