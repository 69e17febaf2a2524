import { setTimeout as sleep } from 'node:timers/promises';
import { Command, InvalidArgumentError } from 'commander';
import type { ReplayedApproval, ReplayStep } from '../recordings/replay.ts';
import { contextOf, withRecords } from './context.ts';
import { type Standing, standing } from './effects.ts';
import { exitCodes } from './exit-codes.ts';
import { clock, count, dayAndTime, duration, size } from './format.ts';
import { plainReason } from './log-lines.ts';
import { run } from './run.ts';
import { resultTable } from './table.ts';
import { json, out } from './terminal.ts';
import { lines, oneLine, plural, wrap } from './text.ts';

interface ReplayOptions {
  readonly speed: number;
  readonly wait: boolean;
  readonly json?: boolean;
}

/** Longer pauses are told, not waited for. */
const longestPauseMs = 3000;
const indent = '         ';

export function replayCommand(): Command {
  return new Command('replay')
    .summary('replay a recorded session')
    .description(
      'Replay what an agent asked, what was decided and what it saw, as recorded (masked). Nothing is run again; no daemon is needed.',
    )
    .argument('<session>', 'an id from `gatehouse sessions`, or its beginning')
    .option('--speed <factor>', 'how fast, 1 as it was', speedOf, 1)
    .option('--no-wait', 'everything at once')
    .option('--json', 'one JSON object for each step, at once')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse replay 4f2a
  $ gatehouse replay 4f2a --speed 10
  $ gatehouse replay 4f2a --no-wait | less -R`,
    )
    .action(
      run(async (session: string, options: ReplayOptions, command: Command) => {
        const context = await contextOf(command);
        const wait = options.wait && options.json !== true && out.interactive;
        const { replaySession } = await import('../recordings/replay.ts');
        await withRecords(context, async (index) => {
          for await (const step of replaySession(index, session)) {
            if (options.json === true) {
              json(step);
              continue;
            }
            if (wait) await pause(step.gapMs / options.speed);
            show(step);
          }
        });
        return exitCodes.ok;
      }),
    );
}

function speedOf(value: string): number {
  const factor = Number(value);
  if (factor > 0 && factor <= 1000) return factor;
  throw new InvalidArgumentError('It is a number above 0, at most 1000.');
}

async function pause(ms: number): Promise<void> {
  if (ms > longestPauseMs) out.line(out.paint('dim', `${indent}… ${duration(ms)} …`));
  await sleep(Math.min(ms, longestPauseMs));
}

function show(step: ReplayStep): void {
  switch (step.kind) {
    case 'opened':
      showOpened(step.opened);
      return;
    case 'closed':
      out.line();
      out.line(out.paint('dim', `${clock(step.closed.at)} session closed: ${oneLine(step.closed.reason)}`));
      return;
    case 'approval':
      out.line();
      showStatement(step.approval.asked.at, 'waiting', step.approval.asked.text);
      showApproval(step.approval);
      return;
    case 'request':
      showRequest(step);
  }
}

function showOpened(opened: Extract<ReplayStep, { kind: 'opened' }>['opened']): void {
  const { principal, client } = opened;
  out.line(out.paint('bold', `Session ${opened.session} · ${dayAndTime(opened.at)}`));
  const task = principal.task === '' ? '' : `, task ${oneLine(principal.task)}`;
  out.line(`${oneLine(principal.agent)} for ${oneLine(principal.person)} on ${opened.resource}${task}`);
  out.line(out.paint('dim', `client ${oneLine(client.application) || 'unnamed'} at ${client.address}`));
}

function showRequest(step: Extract<ReplayStep, { kind: 'request' }>): void {
  const { decided, answered, approval } = step;
  out.line();
  showStatement(decided.at, decided.effect, decided.text);
  const { parameters } = decided;
  if (parameters !== undefined && parameters.length > 0) {
    const shown = parameters.map(
      (value, index) => `$${index + 1} = ${value === null ? 'NULL' : oneLine(value)}`,
    );
    dim(shown.join(', '));
  }
  for (const action of decided.actions) {
    if (action.effect !== decided.effect) continue;
    for (const rule of action.rules) {
      dim(`${rule.effect} by ${rule.policy}/${rule.rule} (${rule.location.file}:${rule.location.line})`);
    }
  }
  if (decided.effect === 'deny') detail(plainReason(decided.reason));
  if (approval !== undefined) showApproval(approval);
  if (answered === undefined) {
    if (decided.effect !== 'deny') dim('no answer is recorded');
    return;
  }
  if (answered.result !== undefined && answered.result.columns.length > 0) {
    for (const line of resultTable(out, answered.result.columns, answered.result.rows))
      out.line(`${indent}${line}`);
    for (const mask of decided.masks)
      dim(`masked where it comes from ${mask.columns.join(', ')} (${mask.with})`);
    if (answered.result.truncated) dim('… there was more than was kept');
  }
  const failed =
    answered.error === undefined ? '' : ` · ${answered.error.code} ${oneLine(answered.error.message)}`;
  const what = answered.outcome === 'completed' ? (answered.tag ?? 'completed') : answered.outcome;
  const summary = `${what}${failed} · ${plural(answered.rows, 'row')}, ${size(answered.bytes)} in ${duration(answered.durationMs)}`;
  if (answered.outcome === 'completed') dim(summary);
  else detail(summary);
}

function showStatement(at: string, which: Standing, text: string): void {
  const [first = '', ...rest] = lines(text);
  out.line(`${out.paint('dim', clock(at))} ${standing(which)} ${first}`);
  for (const line of rest.slice(0, 40)) out.line(`${indent}           ${line}`);
  if (rest.length > 40) dim(`… ${count(rest.length - 40)} more lines`);
}

function showApproval({ asked, answered, waitedMs }: ReplayedApproval): void {
  if (answered === undefined) {
    dim(`approval ${asked.approval} was never answered`);
    return;
  }
  const by = answered.by === undefined ? '' : ` by ${oneLine(answered.by)}`;
  const reason = answered.reason === undefined ? '' : `: ${oneLine(answered.reason)}`;
  const waited = waitedMs === undefined ? '' : ` after ${duration(waitedMs)}`;
  detail(`approval ${asked.approval} ${answered.answer}${by}${waited}${reason}`);
}

function dim(text: string): void {
  out.line(out.paint('dim', `${indent}${text}`));
}

function detail(text: string): void {
  const columns = (out.columns ?? Number.POSITIVE_INFINITY) - indent.length;
  for (const line of wrap(text, columns)) out.line(`${indent}${line}`);
}
