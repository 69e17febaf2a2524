import { formatOf, standing, standingColumns } from './effects.ts';
import { clock, count, duration } from './format.ts';
import type { LogEvent } from './log-events.ts';
import type { Format, Terminal } from './terminal.ts';
import { cut, oneLine, padEnd, padStart, widthOf } from './text.ts';

/** Columns that grow with what is in them, up to a bound, so that a live log stays aligned without knowing what comes. */
const growing = {
  agent: { least: 6, most: 14 },
  resource: { least: 7, most: 16 },
  rule: { least: 22, most: 30 },
} as const;

type Growing = keyof typeof growing;

const timeColumns = 8;
const durationColumns = 8;
const gap = '  ';

/** Prints events as aligned lines, one for each request. */
export class LogPrinter {
  readonly #terminal: Terminal;
  readonly #widths: Record<Growing, number> = {
    agent: growing.agent.least,
    resource: growing.resource.least,
    rule: 0,
  };

  constructor(terminal: Terminal) {
    this.#terminal = terminal;
    this.#widths.rule = narrow(terminal) ? 10 : growing.rule.least;
  }

  /** Make room for events that are all known already. */
  measure(events: readonly LogEvent[]): void {
    for (const event of events) this.#grow(event);
  }

  print(event: LogEvent): void {
    this.#grow(event);
    const { paint } = this.#painter();
    const time = paint('dim', clock(event.at));
    const agent = this.#cell('agent', event.agent);
    const resource = this.#cell('resource', event.resource);
    const rule = paint('dim', this.#cell('rule', ruleOf(event)));
    const took = paint('dim', padStart(tookOf(event), durationColumns));
    const head = [time, agent, resource, standing(event.standing, this.#terminal), rule, took].join(gap);
    this.#terminal.line(`${head}${gap}${this.#tail(event)}`);
  }

  #tail(event: LogEvent): string {
    const { paint } = this.#painter();
    const notes = notesOf(event);
    const text = oneLine(event.text);
    const columns = this.#terminal.columns;
    const noted = notes === '' ? '' : `${gap}${notes}`;
    if (columns === undefined) return `${text}${noted === '' ? '' : paint(noteFormat(event), noted)}`;
    const room = columns - this.#headColumns();
    // A long note leaves the statement at least half of the room, and takes what a short statement leaves.
    const noteColumns = widthOf(noted);
    const textRoom = Math.max(8, room - Math.min(noteColumns, Math.floor(room / 2)));
    const shown = cut(text, textRoom);
    return shown + paint(noteFormat(event), cut(noted, room - widthOf(shown)));
  }

  #headColumns(): number {
    const { agent, resource, rule } = this.#widths;
    return timeColumns + agent + resource + standingColumns + rule + durationColumns + 6 * gap.length;
  }

  #cell(column: Growing, text: string): string {
    const columns = this.#widths[column];
    return padEnd(cut(oneLine(text), columns), columns);
  }

  #grow(event: LogEvent): void {
    const texts = { agent: event.agent, resource: event.resource, rule: ruleOf(event) };
    for (const column of ['agent', 'resource', 'rule'] as const) {
      const most = narrow(this.#terminal) ? Math.ceil(growing[column].most * 0.66) : growing[column].most;
      this.#widths[column] = Math.min(most, Math.max(this.#widths[column], widthOf(oneLine(texts[column]))));
    }
  }

  #painter() {
    return { paint: this.#terminal.paint.bind(this.#terminal) };
  }
}

function narrow(terminal: Terminal): boolean {
  return (terminal.columns ?? 200) < 110;
}

function noteFormat(event: LogEvent): Format {
  if (event.error !== undefined || event.outcome === 'cancelled' || event.outcome === 'cut') return 'yellow';
  return event.standing === 'deny' || event.standing === 'waiting' ? formatOf(event.standing) : 'dim';
}

function ruleOf(event: LogEvent): string {
  const [first, ...rest] = event.rules;
  if (first === undefined) return event.standing === 'waiting' ? `id ${event.approval ?? '?'}` : '–';
  return rest.length === 0 ? first : `${first} +${rest.length}`;
}

function tookOf(event: LogEvent): string {
  if (event.durationMs !== undefined) return duration(event.durationMs);
  return event.standing === 'deny' || event.standing === 'waiting' ? '' : '…';
}

/** The rule has a column of its own. */
const ruleAgain = /^(Gatehouse: )?(denied by rule \S+ \([^()]*\): )?/;

/** A reason as one line, without the rule that stands beside it. */
export function plainReason(reason: string): string {
  return oneLine(reason).replace(ruleAgain, '');
}

function notesOf(event: LogEvent): string {
  const notes: string[] = [];
  if (event.standing === 'deny') notes.push(plainReason(event.reason));
  if (event.standing === 'waiting') notes.push(`gatehouse approve ${event.approval ?? ''}`.trim());
  if (event.observed !== undefined) notes.push(`(observing policies: ${event.observed})`);
  if (event.error !== undefined) notes.push(`failed: ${oneLine(event.error)}`);
  else if (event.outcome === 'cancelled' || event.outcome === 'cut') notes.push(event.outcome);
  else if (event.rows !== undefined && event.rows > 0)
    notes.push(`${count(event.rows)} ${event.rows === 1 ? 'row' : 'rows'}`);
  return notes.join(' · ');
}
