import type {
  SqlAnalysis,
  StatementFacts,
  StatementSpan,
} from '@gatehouse/policy-schema/vocabulary/sql/postgres/analysis.ts';
import type { Request, Undecidable } from '@gatehouse/policy-schema/vocabulary/vocabulary.ts';
import type { CatalogView } from './catalog.ts';
import { Sqlstate } from './wire/codes.ts';

/** What is known of a text before it is sent on: what it asks, and what follows from it. */
export interface Reading {
  readonly request: Request;
  /** One for each statement of the text, in order. */
  readonly statements: readonly StatementFacts[];
  /** Where each statement stands, where there are several. */
  readonly spans: readonly StatementSpan[] | undefined;
  /** Everything whose columns may come out: the statements, and those behind an EXECUTE or a FETCH. */
  readonly facts: readonly StatementFacts[];
  /** Schema-qualified relations whose columns may come out, those read through views and cursors too. */
  readonly relations: readonly string[];
  /** What the names were taken from, which others may have forgotten when the result comes. */
  readonly catalog?: CatalogView;
  /** Code that nobody here has read may give the result: a function of a user, a cursor of unknown origin. */
  readonly opaque: boolean;
  /** Some statement takes COPY data from the client. */
  readonly copiesIn: boolean;
  /** Some statement gives COPY data out, to the client or to a file of the server. */
  readonly copiesOut: boolean;
}

/** What SQL's PREPARE put under a name. */
export interface PreparedBySql {
  readonly analysis: SqlAnalysis;
  /** The PREPARE was a text of its own, so that the server's copy of the text tells which statement it is. */
  readonly alone: boolean;
}

/** A request that cannot be decided, and so is denied. */
export function undecidableRequest(text: string, undecidable: Undecidable): Request {
  return { vocabulary: 'sql', text, actions: [], facts: {}, undecidable };
}

export function undecidableReading(text: string, undecidable: Undecidable): Reading {
  return {
    request: undecidableRequest(text, undecidable),
    statements: [],
    spans: undefined,
    facts: [],
    relations: [],
    opaque: false,
    copiesIn: false,
    copiesOut: false,
  };
}

/**
 * A text over its bound.
 * @param bytes undefined: nobody counted to its end
 */
export function tooLongReading(beginning: string, bytes: number | undefined, bound: number): Reading {
  const length = bytes === undefined ? 'longer' : `${bytes} bytes, longer`;
  return undecidableReading(beginning, {
    code: 'oversized',
    message: `Gatehouse: the statement is ${length} than maxStatementBytes (${bound}) allows`,
    hint: 'Send data as parameters or by COPY, or ask for a larger sizes.maxStatementBytes in gatehouse.yaml.',
  });
}

/** A message that does not follow the protocol. */
export function malformedReading(message: string): Reading {
  return undecidableReading('', { code: 'encoding', message });
}

/** In the server's own words (FetchPreparedStatement in prepare.c). */
export function unknownStatement(name: string): Undecidable {
  const message =
    name === '' ? 'unnamed prepared statement does not exist' : `prepared statement "${name}" does not exist`;
  return { code: 'unresolved', message, native: Sqlstate.invalid_sql_statement_name };
}

export function missingStatement(name: string): Request {
  return undecidableRequest('', unknownStatement(name));
}

/** In the server's own words (exec_execute_message in postgres.c). */
export function missingPortal(name: string, isCursor: boolean): Request {
  return undecidableRequest('', {
    code: 'unresolved',
    message: `portal "${name}" does not exist`,
    native: Sqlstate.invalid_cursor_name,
    ...(isCursor ? { hint: 'A cursor that SQL declared is read with FETCH.' } : {}),
  });
}

/** In the server's own words (exec_parse_message in postgres.c). */
export const severalCommands: Undecidable = {
  code: 'unsupported',
  message: 'cannot insert multiple commands into a prepared statement',
  native: Sqlstate.syntax_error,
};

/** In the server's own words (exec_simple_query in postgres.c). */
export const abortedTransaction: Undecidable = {
  code: 'unresolved',
  message: 'current transaction is aborted, commands ignored until end of transaction block',
  native: Sqlstate.in_failed_sql_transaction,
};

export const unknownInBatch: Undecidable = {
  code: 'unresolved',
  message: 'Gatehouse cannot look up the names of this statement in the middle of a batch',
  hint: 'Send a Sync first, so that the statement begins a batch of its own.',
};

type Facts = Request['facts'];

/** Facts of one shape by the length of the text; how many lengths are kept. */
const byLength = new WeakMap<Facts, Map<bigint, Facts>>();
const maxLengths = 32;

/** The same shape with other literals: the same actions, under its own text. */
export function withText(reading: Reading, text: string): Reading {
  const { request } = reading;
  return { ...reading, request: { ...request, text, facts: withLength(request.facts, text) } };
}

/** Equal facts stay one object, by which decisions are kept. */
function withLength(known: Facts, text: string): Facts {
  const length = BigInt(Buffer.byteLength(text));
  if (known.length === length) return known;
  let others = byLength.get(known);
  if (others === undefined) {
    others = new Map();
    byLength.set(known, others);
  }
  let facts = others.get(length);
  if (facts === undefined) {
    if (others.size >= maxLengths) others.clear();
    facts = { ...known, length };
    others.set(length, facts);
  }
  return facts;
}

/** Built-in functions that are actions for what they do, and whose result tells nothing of any table. */
const plainResult =
  /^pg_catalog\.(nextval|currval|lastval|setval|set_config|pg_sleep(_for|_until)?|pg_notify|pg_(try_)?advisory_\w+|pg_cancel_backend|pg_terminate_backend)$/;

/** A function that may give out whatever it can reach. */
export function isForeign(name: string | readonly string[] | undefined): boolean {
  return typeof name !== 'string' || !plainResult.test(name);
}
