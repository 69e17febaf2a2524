/** Statements inside of others: the server does what they do, and something harmless beside it. */
import { meaningOf, type ReadStatement } from '../../vocabulary/sql/postgres/tokens.ts';

/** One statement, without what stands around it. */
export interface OneStatement extends ReadStatement {
  /** The name of its node, as `SelectStmt`. */
  readonly kind: string;
  readonly body: string;
  readonly hasReturning: boolean;
  /** Values that come beside the text: only the statement itself can have them. */
  readonly hasParameters: boolean;
  /** Writes in a WITH, which stand at the top alone. */
  readonly writesInWith: boolean;
}

/** Undefined: it is not one statement. */
export function oneStatement(read: ReadStatement): OneStatement | undefined {
  const [only, ...more] = read.statements;
  if (only?.stmt === undefined || more.length > 0) return undefined;
  const [kind = '', node] = Object.entries<object>(only.stmt)[0] ?? [];
  const own = read.tokens.filter(({ text }) => text !== ';');
  const [first, last] = [own[0], own.at(-1)];
  if (node === undefined || first === undefined || last === undefined) return undefined;
  const tree = JSON.stringify(node);
  return {
    ...read,
    kind,
    body: Buffer.from(read.text).toString('utf8', first.start, last.end),
    hasReturning: 'returningList' in node || 'returningClause' in node,
    hasParameters: tree.includes('"ParamRef"'),
    writesInWith: /"ctequery":\{"(?:Insert|Update|Delete|Merge)Stmt"/.test(tree),
  };
}

const writes: ReadonlySet<string> = new Set(['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt']);
const isQuery = ({ kind, text }: OneStatement): boolean => kind === 'SelectStmt' && !hasInto(text);
const isPlanned = (own: OneStatement): boolean => isQuery(own) || writes.has(own.kind);

function hasInto(text: string): boolean {
  return meaningOf(text)?.includes('"intoClause"') === true;
}

/** Statements that may stand in a transaction block with others, and in code. */
const plain: ReadonlySet<string> = new Set([
  'SelectStmt',
  ...writes,
  'DropStmt',
  'TruncateStmt',
  'AlterTableStmt',
  'CreateStmt',
  'CreateTableAsStmt',
  'CreateFunctionStmt',
  'CreateSchemaStmt',
  'CreateRoleStmt',
  'CommentStmt',
  'GrantStmt',
  'GrantRoleStmt',
  'IndexStmt',
  'LockStmt',
  'RenameStmt',
  'ViewStmt',
]);
const isPlain = ({ kind, hasParameters }: OneStatement): boolean => plain.has(kind) && !hasParameters;

type Wrap = (own: OneStatement) => string | undefined;

const where =
  (test: (own: OneStatement) => boolean, make: Wrap): Wrap =>
  (own) =>
    test(own) ? make(own) : undefined;

const isInWith = (own: OneStatement): boolean => isPlanned(own) && !own.writesInWith;
const isFree = (own: OneStatement): boolean => isPlanned(own) && !own.hasParameters;
const isRead = (own: OneStatement): boolean => isQuery(own) && !own.writesInWith;

/** Every way to run a statement inside of another. */
export const wrappings = {
  'in a WITH': where(isInWith, (own) => {
    const shown = writes.has(own.kind) && !own.hasReturning ? 'SELECT 1' : 'SELECT * FROM gate';
    return `WITH gate AS (${own.body}) ${shown}`;
  }),
  'in a WITH that nothing reads': where(isInWith, ({ body, kind }) =>
    writes.has(kind)
      ? `WITH gate AS (${body}), other AS (SELECT 1) SELECT * FROM other`
      : `WITH gate AS MATERIALIZED (${body}) TABLE gate`,
  ),
  'in FROM': where(isRead, ({ body }) => `SELECT * FROM (${body}) AS gate`),
  'in parentheses': where(isQuery, ({ body }) => `((${body}))`),
  'under EXPLAIN ANALYZE': where(isPlanned, ({ body }) => `EXPLAIN ANALYZE ${body}`),
  'under EXPLAIN with options': where(
    isPlanned,
    ({ body }) => `EXPLAIN (COSTS off, ANALYZE, FORMAT json) ${body}`,
  ),
  prepared: where(isFree, ({ body }) => `PREPARE gate AS ${body}; EXECUTE gate; DEALLOCATE gate`),
  'in DO': where(isPlain, ({ body }) =>
    body.includes('$') ? undefined : `DO $gate$BEGIN EXECUTE $run$${body}$run$; END$gate$`,
  ),
  'in DO, as its own statement': where(
    (own) => isPlain(own) && own.kind !== 'SelectStmt' && !own.hasReturning,
    ({ body }) => (body.includes('$') ? undefined : `DO LANGUAGE plpgsql $gate$BEGIN ${body}; END$gate$`),
  ),
  'behind another statement': where(isPlain, ({ body }) => `SELECT 1; ${body}`),
  'before another statement': where(isPlain, ({ body }) => `${body}; SELECT 1`),
  'in a transaction': where(isPlain, ({ body }) => `BEGIN; ${body}; COMMIT`),
  'behind a cursor': where(
    (own) => isRead(own) && isFree(own),
    ({ body }) => `BEGIN; DECLARE gate CURSOR FOR ${body}; FETCH ALL FROM gate; COMMIT`,
  ),
  'in COPY': where(
    (own) => isRead(own) && isFree(own),
    ({ body }) => `COPY (${body}) TO STDOUT`,
  ),
} satisfies Readonly<Record<string, Wrap>>;
