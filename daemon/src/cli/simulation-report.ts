import type { Cause, Example, Flip, Outcome, Simulation } from '../simulate/simulation.ts';
import { formatOf } from './effects.ts';
import { count, dayAndTime } from './format.ts';
import { type Format, out } from './terminal.ts';
import { cut, oneLine, padStart } from './text.ts';

interface Look {
  readonly words: string;
  readonly format: Format;
}

/** In the order in which they are told. */
const looks: Readonly<Record<Outcome, Look>> = {
  allowed: { words: 'newly allowed', format: ['red', 'bold'] },
  bounds: { words: 'other masks or limits', format: 'yellow' },
  held: { words: 'newly held for a person', format: 'yellow' },
  denied: { words: 'newly denied', format: 'cyan' },
  open: { words: 'open: the record does not say enough', format: 'dim' },
  same: { words: 'the same', format: 'green' },
};

export function showSimulation(
  told: Simulation & { readonly policy: string },
  { since }: { readonly since: string },
): void {
  out.line(
    out.paint(
      'dim',
      `By ${told.policy}, the requests since ${dayAndTime(told.since)} (${since}): ${count(told.requests)}`,
    ),
  );
  if (told.requests === 0) {
    out.line('Nothing was asked in that time. A longer one: --since 30d');
    return;
  }
  out.line();
  const digits = count(told.requests).length;
  for (const [outcome, { words, format }] of Object.entries(looks)) {
    const requests = told.totals[outcome as Outcome];
    const line = `${padStart(count(requests), digits)}  ${words}`;
    out.line(`  ${requests === 0 ? out.paint('dim', line) : out.paint(format, line)}`);
  }
  for (const [flip, causes] of Map.groupBy(told.flips, (each) => each.flip)) {
    out.line();
    out.line(out.paint('bold', titles[flip]));
    for (const { cause, requests, examples } of causes) {
      const place = cause.file === undefined ? '' : `  ${out.paint('dim', `${cause.file}:${cause.line}`)}`;
      out.line(`  ${count(requests)}  ${oneLine(wordsOf(cause))}${place}`);
      for (const example of examples) show(example);
    }
  }
  if (told.open.length > 0) {
    out.line();
    out.line(out.paint('bold', 'Open'));
    for (const { why, requests, examples } of told.open) {
      out.line(`  ${count(requests)}  ${oneLine(why)}`);
      for (const example of examples.slice(0, 1)) show(example);
    }
  }
}

const titles: Readonly<Record<Flip, string>> = {
  allowed: 'Newly allowed',
  bounds: 'Other masks or limits',
  held: 'Newly held for a person',
  denied: 'Newly denied',
};

const verbs = { allow: 'allows', approve: 'holds', deny: 'denies' } as const;

/** What makes the difference, as a sentence without an end. */
function wordsOf({ kind, name, policy, effect, side }: Cause): string {
  const of = policy === undefined ? '' : ` of policy ${policy}`;
  switch (kind) {
    case 'rule': {
      const verb = verbs[effect ?? 'deny'];
      return side === 'now' ? `rule ${name}${of} ${verb} it` : `rule ${name}${of} no longer ${verb} it`;
    }
    case 'mask':
      return side === 'now' ? `mask ${name}${of}` : `mask ${name}${of} no longer holds`;
    case 'limit':
      return `limit ${name}${of}`;
    case 'default':
      return side === 'now' ? name : `no longer: ${name}`;
  }
}

function show({ seq, at, text, agent, resource, before, after, times, reason }: Example): void {
  const turn =
    after === undefined || after === before
      ? out.paint(formatOf(before), before)
      : `${out.paint(formatOf(before), before)} → ${out.paint(formatOf(after), after)}`;
  const many = times === 1 ? '' : `, ${count(times)} like it`;
  const columns = out.columns;
  const statement = oneLine(text);
  out.line(`      ${out.paint('cyan', columns === undefined ? statement : cut(statement, columns - 6))}`);
  out.line(
    `        ${turn}  ${out.paint('dim', `${agent} on ${resource}, ${dayAndTime(at)}, record ${seq}${many}`)}`,
  );
  if (after === 'deny') out.line(`        ${out.paint('dim', oneLine(reason))}`);
}
