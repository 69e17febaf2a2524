import { compilePatterns } from '@gatehouse/policy-schema/model/pattern.ts';
import type { OwnDecision } from '../control/messages.ts';
import type { AgentLink } from './gate-link.ts';
import { type HeldStatement, waitingWords } from './held-notice.ts';
import { deniedProblem, failedProblem, type Problem, problemText, unavailableProblem } from './problems.ts';
import { usualBounds } from './result-values.ts';
import type { StatementResult } from './shapes.ts';
import { type Outcome, runStatement, type Statement } from './statement.ts';
import type { Answer, Call, Desk } from './tool.ts';

export interface Wanted {
  readonly resource: string;
  readonly text: string;
  readonly values: readonly unknown[];
  readonly mode: Statement['mode'];
  readonly maxRows: number;
  readonly timeoutSeconds: number;
}

/** What PostgreSQL lets pass in a READ ONLY transaction. A person would be asked about the others in vain. */
const reading: ReadonlySet<string> = new Set(['select', 'values', 'show', 'explain', 'call', 'fetch']);

/** How often a client hears that a statement still waits. It keeps the client from giving up. */
const tellMs = 5000;

/** What `query` and `run` have in common: one statement through the gate, and its end in words. */
export async function runTool(desk: Desk, wanted: Wanted, call: Call): Promise<Answer<StatementResult>> {
  const { resource, text, values, mode, maxRows, timeoutSeconds } = wanted;
  const link = await desk.link.at(resource);
  const decision = await decisionOf(link, text);
  const writing = mode === 'read' ? decision?.actions.find(({ kind }) => !reading.has(kind)) : undefined;
  if (writing !== undefined) return notReading(resource, writing.words);
  const waiting = new Waiting(call);
  const outcome = await runStatement(link.token, {
    text,
    values,
    mode,
    bounds: { ...usualBounds, rows: maxRows },
    timeoutMs: timeoutSeconds * 1000,
    signal: call.signal,
    onHeld: waiting.begin,
  });
  waiting.end();
  const approval = waiting.told();
  const base = { resource, ...(approval === undefined ? {} : { approval }) };
  const failing = (kind: StatementResult['outcome'], problem: Problem): Answer<StatementResult> => ({
    structured: { ...base, outcome: kind, problem },
    text: problemText(problem),
    isError: true,
  });
  switch (outcome.kind) {
    case 'completed':
      return completed(base, outcome, decision);
    case 'denied': {
      const denial = desk.denials.keep(resource, text, outcome.refusal);
      return failing('denied', deniedProblem(denial, decision?.instead ?? []));
    }
    case 'failed':
      return failing('failed', failedProblem(outcome.refusal));
    case 'cancelled':
      return failing('cancelled', { message: 'The statement was cancelled.', next: [] });
    case 'late':
      return failing('cancelled', {
        message: `The statement took longer than ${timeoutSeconds} s and was cancelled.`,
        next: ['Ask for less, or give it more time by timeoutSeconds.'],
      });
    case 'lost':
      return failing('unavailable', unavailableProblem(new Error(outcome.message)));
  }
}

function notReading(resource: string, action: string): Answer<StatementResult> {
  const problem: Problem = {
    message: `The statement does more than read (${action}), so \`query\` does not run it.`,
    next: ['Use `run` for it.'],
  };
  return { structured: { outcome: 'failed', resource, problem }, text: problemText(problem), isError: true };
}

/** What the policy says of the text, for words beside its end; the statement itself is decided on its own way. */
async function decisionOf({ control }: AgentLink, text: string): Promise<OwnDecision | undefined> {
  return control.own.decision({ text }).catch(() => undefined);
}

function completed(
  base: Pick<StatementResult, 'resource' | 'approval'>,
  outcome: Extract<Outcome, { kind: 'completed' }>,
  decision: OwnDecision | undefined,
): Answer<StatementResult> {
  const { command, rowCount, rows, truncated, cutValues, notices } = outcome;
  const columns = outcome.columns.map((column) => {
    const masked = maskOf(column.name, decision) ?? redactedIn(rows, column.name);
    return { ...column, ...(masked === undefined ? {} : { masked }) };
  });
  const structured: StatementResult = {
    ...base,
    outcome: 'completed',
    ...(command === undefined ? {} : { command }),
    columns,
    rows: [...rows],
    rowCount,
    truncated,
    ...(cutValues === 0 ? {} : { cutValues }),
    ...(notices.length === 0 ? {} : { notices: [...notices] }),
  };
  const hidden = columns.filter(({ masked }) => masked !== undefined).map(({ name }) => name);
  const lines = [
    `${command === undefined ? '' : `${command}: `}${rowCount} ${rowCount === 1 ? 'row' : 'rows'}.`,
    ...(columns.length === 0 ? [] : rows.map((row) => JSON.stringify(row))),
    ...(truncated ? ['There are more rows; ask for a narrower result, or aggregate in the database.'] : []),
    ...(hidden.length === 0 ? [] : [`Masked, so not the real values: ${hidden.join(', ')}.`]),
    ...notices,
  ];
  return { structured, text: lines.join('\n') };
}

/** By the names of what the statement reads; a column that was renamed is not known here, and masked all the same. */
function maskOf(column: string, decision: OwnDecision | undefined) {
  const name = column.replace(/_\d+$/, '');
  return decision?.masks.find(({ columns }) => {
    const matches = compilePatterns(columns);
    return decision.tables.some((table) => matches(`${table}.${column}`) || matches(`${table}.${name}`));
  })?.with;
}

/** What is computed from a masked value is this text, whatever its column is called. */
function redactedIn(rows: readonly Readonly<Record<string, unknown>>[], column: string) {
  return rows.some((row) => row[column] === '[redacted]') ? ('redact' as const) : undefined;
}

/** Tells the client, again and again, that a person is asked. */
class Waiting {
  readonly #call: Call;
  #timer: NodeJS.Timeout | undefined;
  #held: { readonly statement: HeldStatement; readonly since: number } | undefined;
  #waitedMs = 0;

  constructor(call: Call) {
    this.#call = call;
  }

  readonly begin = (statement: HeldStatement): void => {
    this.end();
    this.#held = { statement, since: Date.now() };
    this.#tell();
    this.#timer = setInterval(() => this.#tell(), tellMs);
  };

  end(): void {
    clearInterval(this.#timer);
    if (this.#held !== undefined) this.#waitedMs = Date.now() - this.#held.since;
  }

  told(): { readonly id: string; readonly waitedMs: number } | undefined {
    return this.#held && { id: this.#held.statement.id, waitedMs: this.#waitedMs };
  }

  #tell(): void {
    if (this.#held === undefined) return;
    const { statement, since } = this.#held;
    const [now, total] = [Date.now(), statement.expires.getTime() - since];
    const done = Math.min(now - since, total);
    this.#call.progress(
      Math.round(done / 1000),
      Math.round(total / 1000),
      waitingWords(statement, new Date(now)),
    );
  }
}
