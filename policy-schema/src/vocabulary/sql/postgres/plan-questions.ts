import { type ScanToken, scanSync } from 'libpg-query';
import type { NameReference, StatementFacts, StatementSpan } from './analysis.ts';
import { planningOf } from './planning.ts';

/** What has to be planned to know what a statement will cost. */
export type PlanQuestion =
  /** A statement that EXPLAIN takes. It holds the parameters of the text. */
  | { readonly kind: 'statement'; readonly text: string }
  /** The query of a materialized view, which EXPLAIN does not look into. */
  | { readonly kind: 'view'; readonly relation: NameReference }
  | { readonly kind: 'unknown'; readonly why: string };

/** One question for each statement of a text that the planner sees before it runs; none for what is not planned. */
export function planQuestions(
  text: string,
  statements: readonly StatementFacts[],
  spans: readonly StatementSpan[] | undefined,
): readonly PlanQuestion[] {
  return statements.flatMap((statement, index): PlanQuestion[] => {
    const planning = planningOf(statement);
    if (planning === 'none') return [];
    if (planning === 'unknown') return [{ kind: 'unknown', why: 'code in it may run any statement' }];
    const span = statements.length === 1 ? undefined : spans?.[index];
    if (statements.length > 1 && span === undefined) return [unreadable];
    return [questionOf(span === undefined ? text : text.slice(span.start, span.end), statement)];
  });
}

const unreadable: PlanQuestion = { kind: 'unknown', why: 'the query in it was not found' };

function questionOf(text: string, statement: StatementFacts): PlanQuestion {
  switch (statement.node) {
    case 'RefreshMatViewStmt': {
      const view = statement.actions.find((action) => action.of === 'relation');
      return view === undefined ? unreadable : { kind: 'view', relation: view.relation };
    }
    case 'CopyStmt':
      return copied(text, statement);
    case 'ExplainStmt': {
      const inner = explained(text);
      return inner === undefined ? unreadable : { kind: 'statement', text: inner };
    }
    default:
      return { kind: 'statement', text };
  }
}

/** A text as the tokens of PostgreSQL's own scanner, comments left out. Their places are UTF-8 bytes. */
function tokensOf(text: string): readonly ScanToken[] {
  return scanSync(text).tokens.filter(({ tokenName }) => !/COMMENT/.test(tokenName));
}

function bytesOf(text: string, start: number, end?: number): string {
  return Buffer.from(text).toString('utf8', start, end);
}

/** Index of the bracket that closes the one at `open`. */
function closing(tokens: readonly ScanToken[], open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < tokens.length; at++) {
    const { text } = tokens[at] as ScanToken;
    if (text === '(') depth++;
    else if (text === ')' && --depth === 0) return at;
  }
  return undefined;
}

/** COPY (query) TO, or COPY of a table, which reads what a SELECT of its columns does (DoCopy in copy.c). */
function copied(text: string, { actions }: StatementFacts): PlanQuestion {
  const tokens = tokensOf(text);
  const [, second] = tokens;
  if (second?.text === '(') {
    const end = tokens[closing(tokens, 1) ?? -1];
    return end === undefined ? unreadable : { kind: 'statement', text: bytesOf(text, second.end, end.start) };
  }
  const table = actions.find((action) => action.of === 'relation' && action.kind === 'select');
  if (table?.of !== 'relation') return unreadable;
  const columns = (table.columns ?? ['*']).map((name) => (name === '*' ? name : quoted(name))).join(', ');
  return { kind: 'statement', text: `SELECT ${columns} FROM ${quotedName(table.relation)}` };
}

/** What stands behind EXPLAIN and its options. */
function explained(text: string): string | undefined {
  const tokens = tokensOf(text);
  let at = 1;
  const word = (index: number) => tokens[index]?.text.toLowerCase() ?? '';
  if (word(at) === '(' && !/^(\(|select|with|values|table)$/.test(word(at + 1))) {
    const end = closing(tokens, at);
    if (end === undefined) return undefined;
    at = end + 1;
  }
  while (/^(analy[sz]e|verbose)$/.test(word(at))) at++;
  const first = tokens[at];
  return first === undefined ? undefined : bytesOf(text, first.start);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** A relation's name as SQL takes it, whatever is in it. */
export function quotedName({ schema, name }: NameReference): string {
  return schema === undefined ? quoted(name) : `${quoted(schema)}.${quoted(name)}`;
}
