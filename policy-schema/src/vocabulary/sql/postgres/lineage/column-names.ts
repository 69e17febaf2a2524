import type { Node } from 'libpg-query';
import { strings } from '../ast.ts';

/** The name that a column gets from its expression (FigureColname in parse_target.c). */
export function columnName(node: Node | undefined): string {
  return figure(node)?.name ?? '?column?';
}

/** `isWeak`: a cast's or a CASE's own name, which a better one goes before. */
interface Figured {
  readonly name: string;
  readonly isWeak?: true;
}

const fixed: ReadonlyMap<string, string> = new Map([
  ['GroupingFunc', 'grouping'],
  ['MergeSupportFunc', 'merge_action'],
  ['A_ArrayExpr', 'array'],
  ['RowExpr', 'row'],
  ['CoalesceExpr', 'coalesce'],
  ['XmlSerialize', 'xmlserialize'],
  ['JsonParseExpr', 'json'],
  ['JsonScalarExpr', 'json_scalar'],
  ['JsonSerializeExpr', 'json_serialize'],
  ['JsonObjectConstructor', 'json_object'],
  ['JsonArrayConstructor', 'json_array'],
  ['JsonArrayQueryConstructor', 'json_array'],
  ['JsonObjectAgg', 'json_objectagg'],
  ['JsonArrayAgg', 'json_arrayagg'],
]);

const jsonFunctions: Readonly<Record<string, string>> = {
  JSON_EXISTS_OP: 'json_exists',
  JSON_QUERY_OP: 'json_query',
  JSON_VALUE_OP: 'json_value',
};

function figure(node: Node | undefined): Figured | undefined {
  if (node === undefined) return undefined;
  if ('ColumnRef' in node) return lastName(node.ColumnRef.fields);
  if ('A_Indirection' in node) {
    return lastName(node.A_Indirection.indirection) ?? figure(node.A_Indirection.arg);
  }
  if ('FuncCall' in node) return lastName(node.FuncCall.funcname);
  if ('A_Expr' in node) return node.A_Expr.kind === 'AEXPR_NULLIF' ? { name: 'nullif' } : undefined;
  if ('TypeCast' in node) {
    const inner = figure(node.TypeCast.arg);
    if (inner !== undefined && inner.isWeak !== true) return inner;
    const name = strings(node.TypeCast.typeName?.names).at(-1);
    return name === undefined ? inner : { name, isWeak: true };
  }
  if ('CollateClause' in node) return figure(node.CollateClause.arg);
  if ('CaseExpr' in node) {
    const inner = figure(node.CaseExpr.defresult);
    return inner !== undefined && inner.isWeak !== true ? inner : { name: 'case', isWeak: true };
  }
  if ('SubLink' in node) {
    const { subLinkType, subselect } = node.SubLink;
    if (subLinkType === 'EXISTS_SUBLINK') return { name: 'exists' };
    if (subLinkType === 'ARRAY_SUBLINK') return { name: 'array' };
    return subLinkType === 'EXPR_SUBLINK' ? queryName(subselect) : undefined;
  }
  if ('MinMaxExpr' in node) return { name: node.MinMaxExpr.op === 'IS_LEAST' ? 'least' : 'greatest' };
  if ('SQLValueFunction' in node) {
    const op = node.SQLValueFunction.op ?? 'SVFOP_CURRENT_DATE';
    return {
      name: op
        .replace(/^SVFOP_/, '')
        .replace(/_N$/, '')
        .toLowerCase(),
    };
  }
  if ('XmlExpr' in node) {
    const op = node.XmlExpr.op ?? 'IS_XMLCONCAT';
    // IS DOCUMENT is no function.
    return op === 'IS_DOCUMENT' ? undefined : { name: op.replace(/^IS_/, '').toLowerCase() };
  }
  if ('JsonFuncExpr' in node) {
    const name = jsonFunctions[node.JsonFuncExpr.op ?? ''];
    return name === undefined ? undefined : { name };
  }
  for (const kind in node) {
    const name = fixed.get(kind);
    if (name !== undefined) return { name };
  }
  return undefined;
}

function lastName(nodes: readonly Node[] | undefined): Figured | undefined {
  const name = strings(nodes).at(-1);
  return name === undefined ? undefined : { name };
}

/** The name of a subquery's only column. */
function queryName(query: Node | undefined): Figured | undefined {
  let select = query !== undefined && 'SelectStmt' in query ? query.SelectStmt : undefined;
  while (select?.larg !== undefined) select = select.larg;
  const [target] = select?.targetList ?? [];
  if (select?.valuesLists !== undefined) return { name: 'column1' };
  if (target === undefined || !('ResTarget' in target)) return undefined;
  return { name: target.ResTarget.name ?? columnName(target.ResTarget.val) };
}
