/** Whether a condition can leave rows out, as far as its text tells. */
import type { A_Expr, BoolExpr, Node } from 'libpg-query';

/** What a condition may be of every row at once, whatever the rows hold. */
interface Whole {
  readonly true: boolean;
  readonly false: boolean;
}

const byRow: Whole = { true: false, false: false };
const constant: Whole = { true: true, false: true };
const always: Whole = { true: true, false: false };
const never: Whole = { true: false, false: true };

/**
 * A WHERE clause that names no column is as good as none, and so is one that other columns cannot make false: `true OR id = 1`,
 * `id = id`, `ctid IS NOT NULL`. What only the server knows (a column that is never NULL, a query that surely has rows) is not seen.
 * Values of literals have no part in it: statements that share their shape share this.
 */
export function narrows(where: Node | undefined): boolean {
  return where !== undefined && !wholeOf(where).true;
}

function wholeOf(node: Node): Whole {
  if ('BoolExpr' in node) return ofLogic(node.BoolExpr);
  if (!namesColumn(node)) return ofConstant(node);
  if ('A_Expr' in node) return ofComparison(node.A_Expr);
  if ('NullTest' in node) {
    const { arg, nulltesttype } = node.NullTest;
    if (arg === undefined || !isSystemColumn(arg)) return byRow;
    return nulltesttype === 'IS_NULL' ? never : always;
  }
  if ('BooleanTest' in node) {
    const { arg, booltesttype } = node.BooleanTest;
    const inner = arg === undefined ? constant : wholeOf(arg);
    if (booltesttype === 'IS_TRUE' || booltesttype === 'IS_NOT_FALSE') return inner;
    return { true: inner.false, false: inner.true };
  }
  return byRow;
}

function ofLogic({ boolop, args = [] }: BoolExpr): Whole {
  const parts = args.map(wholeOf);
  const [some, every] = [
    (which: keyof Whole) => parts.some((part) => part[which]),
    (which: keyof Whole) => parts.every((part) => part[which]),
  ];
  if (boolop === 'AND_EXPR') return { true: every('true'), false: some('false') };
  if (boolop === 'OR_EXPR') return { true: some('true'), false: every('false') };
  return { true: some('false'), false: some('true') };
}

function ofConstant(node: Node): Whole {
  if (!('A_Const' in node)) return constant;
  if (node.A_Const.isnull) return never;
  return node.A_Const.boolval === undefined ? constant : node.A_Const.boolval.boolval ? always : never;
}

/** A column against itself; where it is NULL the row is left out, which few columns of such conditions are. */
function ofComparison({ kind, name = [], lexpr, rexpr }: A_Expr): Whole {
  if (lexpr === undefined || rexpr === undefined || !isSameColumn(lexpr, rexpr)) return byRow;
  if (kind === 'AEXPR_NOT_DISTINCT') return always;
  if (kind === 'AEXPR_DISTINCT') return never;
  const last = name.at(-1);
  const operator = last !== undefined && 'String' in last ? last.String.sval : '';
  if (operator === '=' || operator === '>=' || operator === '<=') return always;
  return operator === '<>' || operator === '>' || operator === '<' ? never : byRow;
}

function columnOf(node: Node): readonly string[] | undefined {
  if (!('ColumnRef' in node)) return undefined;
  return (node.ColumnRef.fields ?? []).map((field) => ('String' in field ? (field.String.sval ?? '') : '*'));
}

/** With and without its table: were another meant, the shorter name would be ambiguous. */
function isSameColumn(a: Node, b: Node): boolean {
  const [one, other] = [columnOf(a), columnOf(b)];
  if (one === undefined || other === undefined) return false;
  const length = Math.min(one.length, other.length);
  return length > 0 && one.slice(-length).join('\0') === other.slice(-length).join('\0');
}

const systemColumns: ReadonlySet<string> = new Set(['ctid', 'tableoid', 'xmin', 'xmax', 'cmin', 'cmax']);

function isSystemColumn(node: Node): boolean {
  return systemColumns.has(columnOf(node)?.at(-1) ?? '');
}

function namesColumn(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(namesColumn);
  for (const key in value) {
    if (key === 'ColumnRef' || key === 'CurrentOfExpr') return true;
    if (namesColumn((value as Record<string, unknown>)[key])) return true;
  }
  return false;
}
