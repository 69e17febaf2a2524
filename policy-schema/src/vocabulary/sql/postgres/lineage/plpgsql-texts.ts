import { parsePlPgSQLSync, type ScanToken, scanSync } from 'libpg-query';

/**
 * Every query and expression in the body of a PL/pgSQL function, each as a statement of SQL. Undefined where it may
 * hold more than they say: what they read must be all that the function can read.
 * @param definition CREATE FUNCTION or PROCEDURE, as pg_get_functiondef() writes it
 * @param source pg_proc.prosrc
 * @throws Error when the parser is not loaded
 */
export function plpgsqlTexts(definition: string, source: string): readonly string[] | undefined {
  const found: Found = { texts: [], origins: [], given: 0 };
  try {
    const parsed: unknown = parsePlPgSQLSync(definition);
    if (!isObject(parsed) || !Array.isArray(parsed.plpgsql_funcs) || parsed.plpgsql_funcs.length !== 1)
      return undefined;
    if (!walk(parsed.plpgsql_funcs, found)) return undefined;
    if (!tellsEveryValue(source, found)) return undefined;
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('WASM module not initialized')) throw error;
    return undefined;
  }
  // The message of an error is that of anything which ran: a trigger, a type's input.
  return found.texts.some((text) => /sqlerrm/i.test(text)) ? undefined : found.texts;
}

interface Found {
  readonly texts: string[];
  /** As they stand in the source. */
  readonly origins: string[];
  /** Values that are given by `=` or `:=` outside of them. */
  given: number;
}

/**
 * Nodes that are understood, with the fields that they may have. A cursor that is opened outlives the function, and one
 * that is fetched from may be anybody's; EXECUTE runs what nobody knows. So OPEN, FETCH, MOVE, CLOSE and EXECUTE are not here.
 */
const fields: Readonly<Record<string, string>> = {
  PLpgSQL_function: 'new_varno old_varno aliases datums action',
  PLpgSQL_alias: 'name varno lineno',
  PLpgSQL_var:
    'refname dno lineno datatype isconst notnull default_val cursor_explicit_expr cursor_explicit_argrow cursor_options',
  PLpgSQL_rec: 'refname dno lineno datatype notnull',
  PLpgSQL_recfield: 'fieldname recparentno',
  PLpgSQL_row: 'refname dno lineno fields',
  PLpgSQL_type: 'typname',
  PLpgSQL_expr: 'query parseMode',
  PLpgSQL_stmt_block: 'lineno label body exceptions',
  PLpgSQL_exception_block: 'exc_list',
  PLpgSQL_exception: 'conditions action',
  PLpgSQL_condition: 'condname',
  PLpgSQL_stmt_assign: 'lineno varno expr',
  PLpgSQL_stmt_if: 'lineno cond then_body elsif_list else_body',
  PLpgSQL_if_elsif: 'lineno cond stmts',
  PLpgSQL_stmt_case: 'lineno t_expr t_varno case_when_list have_else else_stmts',
  PLpgSQL_case_when: 'lineno expr stmts',
  PLpgSQL_stmt_loop: 'lineno label body',
  PLpgSQL_stmt_while: 'lineno label cond body',
  PLpgSQL_stmt_fori: 'lineno label var lower upper step reverse body',
  PLpgSQL_stmt_fors: 'lineno label var query body',
  PLpgSQL_stmt_forc: 'lineno label var curvar argquery body',
  PLpgSQL_stmt_foreach_a: 'lineno label varno slice expr body',
  PLpgSQL_stmt_exit: 'lineno is_exit label cond',
  PLpgSQL_stmt_return: 'lineno expr retvarno',
  PLpgSQL_stmt_return_next: 'lineno expr retvarno',
  PLpgSQL_stmt_return_query: 'lineno query',
  PLpgSQL_stmt_raise: 'lineno elog_level condname message params options',
  PLpgSQL_raise_option: 'opt_type expr',
  PLpgSQL_stmt_assert: 'lineno cond message',
  PLpgSQL_stmt_execsql: 'lineno sqlstmt into strict target',
  PLpgSQL_stmt_getdiag: 'lineno diag_items',
  PLpgSQL_diag_item: 'kind target',
  PLpgSQL_stmt_perform: 'lineno expr',
  PLpgSQL_stmt_call: 'lineno expr is_call',
  PLpgSQL_stmt_commit: 'lineno',
  PLpgSQL_stmt_rollback: 'lineno',
};

const understood: ReadonlyMap<string, ReadonlySet<string>> = new Map(
  Object.entries(fields).map(([name, list]) => [name, new Set(list.split(' '))]),
);

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** @returns false for anything that is not surely known */
function walk(value: unknown, found: Found): boolean {
  if (Array.isArray(value)) return value.every((each) => walk(each, found));
  if (!isObject(value)) return true;
  return Object.entries(value).every(([name, inner]) => {
    if (!name.startsWith('PLpgSQL_')) return walk(inner, found);
    const known = understood.get(name);
    if (known === undefined || !isObject(inner)) return false;
    if (Object.keys(inner).some((field) => !known.has(field))) return false;
    // DO is a call of unknown code.
    if (name === 'PLpgSQL_stmt_call' && inner.is_call !== true) return false;
    if (name === 'PLpgSQL_expr') return take(inner, found);
    if (name === 'PLpgSQL_diag_item' || name === 'PLpgSQL_raise_option') found.given++;
    if (name === 'PLpgSQL_var' && inner.default_val !== undefined) found.given++;
    return Object.values(inner).every((each) => walk(each, found));
  });
}

/** RawParseMode in parser.h. */
const parseModes = { statement: 0, expression: 2, assignments: [3, 4, 5] } as const;

function take({ query, parseMode }: Readonly<Record<string, unknown>>, found: Found): boolean {
  if (typeof query !== 'string') return false;
  found.origins.push(query);
  if (parseMode === parseModes.statement) found.texts.push(query);
  else if (parseMode === parseModes.expression) found.texts.push(`SELECT ${query}`);
  else if (parseModes.assignments.some((mode) => mode === parseMode)) {
    const bytes = Buffer.from(query);
    const sign = assignmentSign(query);
    if (sign === undefined) return false;
    const target = bytes.toString('utf8', 0, sign.start);
    // The subscripts of a target are expressions, too.
    if (target.includes('[')) found.texts.push(`SELECT ${target}`);
    found.texts.push(`SELECT ${bytes.toString('utf8', sign.end)}`);
  } else return false;
  return true;
}

function assignmentSign(query: string): ScanToken | undefined {
  let depth = 0;
  for (const token of scanSync(query).tokens) {
    if (token.text === '[' || token.text === '(') depth++;
    else if (token.text === ']' || token.text === ')') depth--;
    else if (depth === 0 && isAssignment(token)) return token;
  }
  return undefined;
}

function isAssignment({ text }: ScanToken): boolean {
  return text === ':=' || text === '=';
}

/**
 * The parser leaves some values out of its answer (those that records begin with, those of a cursor's named arguments):
 * each sign that gives one must be in some text, or be accounted for.
 */
function tellsEveryValue(source: string, { origins, given }: Found): boolean {
  const told = origins.reduce((sum, text) => sum + givingSigns(text), given);
  return givingSigns(source) === told;
}

function givingSigns(text: string): number {
  return scanSync(text).tokens.filter(
    (token) => isAssignment(token) || token.text.toLowerCase() === 'default',
  ).length;
}
