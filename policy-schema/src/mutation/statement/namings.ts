/** Other ways to name the same things, and conditions that change nothing. */
import { builtinEffect } from '../../vocabulary/sql/postgres/functions.ts';
import { joined, type ReadStatement, type Token } from '../../vocabulary/sql/postgres/tokens.ts';
import type { OneStatement } from './wrappings.ts';

interface Named {
  readonly relname: string;
  readonly schemaname?: string;
  readonly catalogname?: string;
  readonly location?: number;
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;

function* objectsIn(value: unknown): Generator<Readonly<Record<string, unknown>>> {
  if (Array.isArray(value)) for (const item of value) yield* objectsIn(item);
  else if (isObject(value)) {
    yield value;
    for (const part of Object.values(value)) yield* objectsIn(part);
  }
}

/** Tables as they are named, but for names that a WITH gives. */
function tablesIn({ statements }: ReadStatement): readonly Named[] {
  const found: Named[] = [];
  const given = new Set<unknown>();
  for (const node of objectsIn(statements)) {
    if (typeof node.ctename === 'string') given.add(node.ctename);
    // A place of 0 is left out by the parser.
    if (typeof node.relname === 'string' && typeof node.relpersistence === 'string')
      found.push(node as unknown as Named);
  }
  return found.filter(({ relname, schemaname }) => schemaname !== undefined || !given.has(relname));
}

/** Put texts into a text at places in bytes. */
function inserted(text: string, at: readonly number[], what: string): string | undefined {
  if (at.length === 0) return undefined;
  const bytes = Buffer.from(text);
  let made = '';
  let last = 0;
  for (const place of [...new Set(at)].sort((a, b) => a - b)) {
    made += bytes.toString('utf8', last, place) + what;
    last = place;
  }
  return made + bytes.toString('utf8', last);
}

const quoted = (name: string): string => `"${name.replaceAll('"', '""')}"`;

const placesOf = (tables: readonly Named[]): readonly number[] => tables.map(({ location = 0 }) => location);

/** Names whose schema the search path finds, with and without it, and with the database in front. */
export function renamed(
  statement: ReadStatement,
  schema: string,
  database: string,
): Readonly<Record<string, string | undefined>> {
  const { text, tokens } = statement;
  const tables = tablesIn(statement);
  const bare = tables.filter(({ schemaname }) => schemaname === undefined);
  const full = tables.filter(
    ({ schemaname, catalogname }) => schemaname !== undefined && catalogname === undefined,
  );
  const drop = tokens.filter(
    (token, at) =>
      !isSchema(token, tokens[at + 1], tokens[at - 1], schema) && !isSchemaDot(tokens, at, schema),
  );
  return {
    'names with their schema': inserted(text, placesOf(bare), `${quoted(schema)}.`),
    'names without their schema': drop.length === tokens.length ? undefined : joined(drop, () => ' '),
    'names with their database':
      bare.length > 0
        ? inserted(text, placesOf(bare), `${quoted(database)}.${quoted(schema)}.`)
        : inserted(text, placesOf(full), `${quoted(database)}.`),
    'functions with their schema': inserted(text, builtinCalls(statement), 'pg_catalog.'),
  };
}

function isSchema(token: Token, next: Token | undefined, last: Token | undefined, schema: string): boolean {
  const name = token.kind === 'quoted' ? token.text.slice(1, -1) : token.text.toLowerCase();
  return (
    (token.kind === 'name' || token.kind === 'quoted') &&
    name === schema &&
    next?.text === '.' &&
    last?.text !== '.'
  );
}

function isSchemaDot(tokens: readonly Token[], at: number, schema: string): boolean {
  const before = tokens[at - 1];
  return (
    before !== undefined && tokens[at]?.text === '.' && isSchema(before, tokens[at], tokens[at - 2], schema)
  );
}

function builtinCalls({ statements, tokens }: ReadStatement): readonly number[] {
  const places: number[] = [];
  for (const { FuncCall: call } of objectsIn(statements)) {
    if (!isObject(call) || call.funcformat !== 'COERCE_EXPLICIT_CALL') continue;
    const { funcname, location = 0 } = call;
    const token = tokens.find(({ start }) => start === location);
    if (!Array.isArray(funcname) || funcname.length !== 1 || token?.kind !== 'name') continue;
    if (builtinEffect(token.text.toLowerCase()) !== undefined && typeof location === 'number')
      places.push(location);
  }
  return places;
}

/** Conditions that are true of every row, by what they look like. */
const idle: Readonly<Record<string, (table: string) => string>> = {
  'a WHERE that is always true': () => 'true',
  'a WHERE with a column that does not count': (table) => `true OR ${table}.ctid IS NULL`,
  'a WHERE that compares a column with itself': (table) => `${table}.ctid = ${table}.ctid`,
  'a WHERE on what every row has': (table) => `${table}.ctid IS NOT NULL`,
};

/** A WHERE that leaves no row out, where there is none. */
export function withIdleWhere({
  kind,
  statements,
  body,
  tokens,
}: OneStatement): Readonly<Record<string, string>> {
  if (kind !== 'UpdateStmt' && kind !== 'DeleteStmt') return {};
  const [node] = Object.values<unknown>(statements[0]?.stmt ?? {});
  if (!isObject(node) || 'whereClause' in node || !isObject(node.relation)) return {};
  const { alias, relname } = node.relation;
  const table = quoted(String(isObject(alias) ? alias.aliasname : relname));
  const returning = tokens.findLast(({ text, kind: own }) => own === 'keyword' && /^returning$/i.test(text));
  const bytes = Buffer.from(body);
  const at = returning === undefined ? bytes.length : returning.start - (tokens[0]?.start ?? 0);
  const [front, back] = [bytes.toString('utf8', 0, at).trimEnd(), bytes.toString('utf8', at)];
  return Object.fromEntries(
    Object.entries(idle).map(([how, where]) => [how, `${front} WHERE ${where(table)} ${back}`.trimEnd()]),
  );
}
