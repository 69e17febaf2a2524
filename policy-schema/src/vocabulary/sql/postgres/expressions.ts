import type {
  A_Indirection,
  ColumnRef,
  FuncCall,
  MultiAssignRef,
  Node,
  SubLink,
  TypeCast,
  TypeName,
} from 'libpg-query';
import { readFunctionCall } from './calls.ts';
import { readColumnReference } from './columns.ts';
import { type NodeName, strings, Unsupported } from './ast.ts';
import type { Scope } from './scope.ts';
import type { StatementReader } from './statement-reader.ts';

/** Nodes of expressions that say nothing themselves; their parts are read. */
const transparent: ReadonlySet<string> = new Set<NodeName>([
  'A_ArrayExpr',
  'A_Expr',
  'A_Indices',
  'BoolExpr',
  'BooleanTest',
  'CaseExpr',
  'CaseWhen',
  'CoalesceExpr',
  'CollateClause',
  'ColumnDef',
  'CurrentOfExpr',
  'DefElem',
  'GroupingFunc',
  'GroupingSet',
  'IndexElem',
  'JsonAggConstructor',
  'JsonArgument',
  'JsonArrayAgg',
  'JsonArrayConstructor',
  'JsonArrayQueryConstructor',
  'JsonBehavior',
  'JsonFormat',
  'JsonFuncExpr',
  'JsonIsPredicate',
  'JsonKeyValue',
  'JsonObjectAgg',
  'JsonObjectConstructor',
  'JsonOutput',
  'JsonParseExpr',
  'JsonReturning',
  'JsonScalarExpr',
  'JsonSerializeExpr',
  'JsonTableColumn',
  'JsonTablePathSpec',
  'JsonValueExpr',
  'List',
  'MergeSupportFunc',
  'MinMaxExpr',
  'NamedArgExpr',
  'NullTest',
  'PartitionBoundSpec',
  'PartitionElem',
  'PartitionRangeDatum',
  'RangeTableFuncCol',
  'ResTarget',
  'RowExpr',
  'SetToDefault',
  'SortBy',
  'StatsElem' as NodeName,
  'WindowDef',
  'XmlExpr',
  'XmlSerialize',
]);

/** Nodes that hold nothing that could be read, run or named. */
const silent: ReadonlySet<string> = new Set<NodeName>([
  'A_Const',
  'A_Star',
  'Alias',
  'BitString',
  'Boolean',
  'Float',
  'Integer',
  'ParamRef',
  'SQLValueFunction',
  'String',
]);

/** A field of a struct starts with a small letter, the name of a node with a capital one. */
function isNodeName(key: string): boolean {
  const first = key.charCodeAt(0);
  return first >= 65 && first <= 90;
}

/**
 * Read an expression, a list of them, or a structure that holds them.
 * @throws Unsupported for a node that no expression is known to hold
 */
export function readExpression(value: unknown, reader: StatementReader, scope: Scope): void {
  if (typeof value !== 'object' || value === null) return;
  if (Array.isArray(value)) {
    for (const item of value) readExpression(item, reader, scope);
    return;
  }
  const fields = value as Record<string, unknown>;
  for (const key in fields) {
    const inner = fields[key];
    if (typeof inner !== 'object' || inner === null) continue;
    if (isNodeName(key)) readNode(key, inner, reader, scope);
    else if (key === 'typeName') readTypeName(inner as TypeName, reader, scope);
    else readExpression(inner, reader, scope);
  }
}

function readNode(name: string, inner: object, reader: StatementReader, scope: Scope): void {
  switch (name) {
    case 'ColumnRef':
      readColumnReference((inner as ColumnRef).fields ?? [], reader, scope);
      return;
    case 'FuncCall':
      readFunctionCall(inner as FuncCall, reader, scope);
      return;
    case 'SubLink': {
      const { testexpr, subselect } = inner as SubLink;
      readExpression(testexpr, reader, scope);
      if (subselect !== undefined) reader.query(subselect, scope);
      return;
    }
    case 'SelectStmt':
      reader.query({ SelectStmt: inner } as Node, scope);
      return;
    case 'A_Indirection':
      readIndirection(inner as A_Indirection, reader, scope);
      return;
    case 'TypeCast':
      readTypeCast(inner as TypeCast, reader, scope);
      return;
    case 'TypeName':
      readTypeName(inner as TypeName, reader, scope);
      return;
    case 'MultiAssignRef': {
      // The one source is repeated for each column that it assigns.
      const { source, colno } = inner as MultiAssignRef;
      if ((colno ?? 1) === 1) readExpression(source, reader, scope);
      return;
    }
  }
  if (silent.has(name)) return;
  if (!transparent.has(name)) throw new Unsupported(`${name} in an expression`);
  readExpression(inner, reader, scope);
}

/** `(x).name`, `(x).*`, `x[1]`: a field, and for a row also a function of that name. */
function readIndirection({ arg, indirection }: A_Indirection, reader: StatementReader, scope: Scope): void {
  readExpression(arg, reader, scope);
  for (const step of indirection ?? []) {
    if ('A_Star' in step) reader.hasStar = true;
    else if ('String' in step) {
      const name = step.String.sval ?? '';
      reader.column(name);
      reader.attribute(name, []);
    } else readExpression(step, reader, scope);
  }
}

function readTypeCast({ arg, typeName }: TypeCast, reader: StatementReader, scope: Scope): void {
  readExpression(arg, reader, scope);
  if (typeName === undefined) return;
  // regclass, regproc and their like turn a text into the name of an object.
  if (strings(typeName.names).at(-1)?.startsWith('reg')) reader.usesLiterals = true;
  readTypeName(typeName, reader, scope);
}

/** `numeric(10, 2)`: modifiers are expressions to the grammar. */
function readTypeName({ typmods }: TypeName, reader: StatementReader, scope: Scope): void {
  readExpression(typmods, reader, scope);
}
