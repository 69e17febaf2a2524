import type { A_Expr, Node, SubLink } from 'libpg-query';
import { strings } from '../ast.ts';
import { copyOf, type Value } from './flow.ts';
import type { UsePlace } from './lineage.ts';
import { arrayOperands, bare, operandOf } from './operands.ts';
import { type LineageReader, valueOperand } from './reader.ts';
import type { Scope } from './scope.ts';

/** Read something that decides by being true, leaf by leaf. */
export function readCondition(node: Node, place: UsePlace, scope: Scope, reader: LineageReader): void {
  if ('BoolExpr' in node) {
    for (const arg of node.BoolExpr.args ?? []) reader.condition(arg, place, scope);
  } else if ('BooleanTest' in node) reader.condition(node.BooleanTest.arg, place, scope);
  else if ('NullTest' in node && node.NullTest.arg !== undefined) {
    const value = reader.value(node.NullTest.arg, scope);
    reader.used('condition', place, reader.flows.nullTest(value));
  } else if ('A_Expr' in node && isEquality(node.A_Expr)) readEquality(node.A_Expr, place, scope, reader);
  else if ('SubLink' in node && isMembership(node.SubLink)) {
    readMembership(node.SubLink, place, scope, reader);
  } else reader.used('condition', place, reader.value(node, scope));
}

const equalityOperators: ReadonlySet<string> = new Set(['=', '<>']);
const equalityKinds: ReadonlySet<string> = new Set<NonNullable<A_Expr['kind']>>([
  'AEXPR_OP',
  'AEXPR_OP_ANY',
  'AEXPR_OP_ALL',
  'AEXPR_DISTINCT',
  'AEXPR_NOT_DISTINCT',
  'AEXPR_IN',
]);

function isEquality({ kind, name, lexpr, rexpr }: A_Expr): boolean {
  return (
    kind !== undefined &&
    equalityKinds.has(kind) &&
    equalityOperators.has(strings(name).at(-1) ?? '') &&
    lexpr !== undefined &&
    rexpr !== undefined
  );
}

function isMembership({ subLinkType, operName, testexpr, subselect }: SubLink): boolean {
  if (subLinkType !== 'ANY_SUBLINK' && subLinkType !== 'ALL_SUBLINK') return false;
  const isEqual = operName === undefined || equalityOperators.has(strings(operName).at(-1) ?? '');
  return isEqual && testexpr !== undefined && subselect !== undefined;
}

/** An expression that was not read yet, or a value. */
type Side = { readonly node: Node } | { readonly value: Value };

function readEquality(expression: A_Expr, place: UsePlace, scope: Scope, reader: LineageReader): void {
  const { kind, name, lexpr, rexpr } = expression;
  if (lexpr === undefined || rexpr === undefined) return;
  const operator = strings(name);
  if (kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_OP_ALL') {
    readArrayEquality(operator, lexpr, rexpr, place, scope, reader);
    return;
  }
  const rights = kind === 'AEXPR_IN' && 'List' in rexpr ? (rexpr.List.items ?? []) : [rexpr];
  const rows = rowParts(lexpr, rights, scope, reader);
  for (const [left, others] of rows ?? [[{ node: lexpr }, rights.map((node) => ({ node }))] as const]) {
    readEqual(operator, left, others, place, scope, reader);
  }
}

/** `(a, b) = (1, 2)` and `(a, b) IN (…)`: each place with what stands in the same place of the others. */
function rowParts(
  left: Node,
  rights: readonly Node[],
  scope: Scope,
  reader: LineageReader,
): readonly (readonly [Side, readonly Side[]])[] | undefined {
  const parts = partsOf(left);
  if (parts === undefined) return undefined;
  const others: (readonly Side[])[] = [];
  for (const right of rights) {
    const isQuery =
      'SubLink' in right &&
      right.SubLink.subLinkType === 'EXPR_SUBLINK' &&
      right.SubLink.subselect !== undefined;
    const sides = isQuery
      ? columnsOf(right.SubLink.subselect, scope, reader)
      : partsOf(right)?.map((node) => ({ node }));
    if (sides === undefined || sides.length !== parts.length) return undefined;
    others.push(sides);
  }
  return parts.map((node, index) => [{ node }, others.map((sides) => sides[index] ?? { node })] as const);
}

function partsOf(node: Node): readonly Node[] | undefined {
  if (!('RowExpr' in node)) return undefined;
  const parts = node.RowExpr.args ?? [];
  return parts.some(isStar) ? undefined : parts;
}

function isStar(node: Node): boolean {
  const last = 'ColumnRef' in node ? node.ColumnRef.fields?.at(-1) : undefined;
  return last !== undefined && 'A_Star' in last;
}

function columnsOf(
  query: Node | undefined,
  scope: Scope,
  reader: LineageReader,
): readonly Side[] | undefined {
  if (query === undefined) return undefined;
  const { columns, rest } = reader.query(query, scope);
  return rest === undefined ? columns.map(({ value }) => ({ value })) : undefined;
}

/** `x IN (SELECT …)` and its kin. */
function readMembership(
  { testexpr, operName, subselect }: SubLink,
  place: UsePlace,
  scope: Scope,
  reader: LineageReader,
): void {
  if (testexpr === undefined || subselect === undefined) return;
  const { columns, rest } = reader.query(subselect, scope);
  const lefts = partsOf(testexpr) ?? [testexpr];
  const operator = operName === undefined ? ['='] : strings(operName);
  if (rest === undefined && lefts.length === columns.length) {
    for (const [index, { value }] of columns.entries()) {
      readEqual(operator, { node: lefts[index] ?? testexpr }, [{ value }], place, scope, reader);
    }
    return;
  }
  for (const left of lefts) reader.used('condition', place, reader.value(left, scope));
  for (const { value } of columns) reader.used('condition', place, value);
  if (rest !== undefined) reader.used('condition', place, rest);
}

/** `x = ANY (array)`. */
function readArrayEquality(
  operator: readonly string[],
  left: Node,
  right: Node,
  place: UsePlace,
  scope: Scope,
  reader: LineageReader,
): void {
  const value = bare(left) === undefined ? reader.value(left, scope) : undefined;
  const isCopy = value !== undefined && copyOf(value) !== undefined;
  const elements = 'A_ArrayExpr' in right ? (right.A_ArrayExpr.elements ?? []) : undefined;
  if (elements !== undefined && !elements.some((element) => 'A_ArrayExpr' in element)) {
    const sides = elements.map((node) => ({ node }));
    readEqual(operator, value === undefined ? { node: left } : { value }, sides, place, scope, reader);
    return;
  }
  const operands = isCopy ? arrayOperands(right, value.type, scope, reader) : undefined;
  if (value !== undefined && operands !== undefined) {
    const types = operands.map((operand) => (operand.kind === 'value' ? undefined : value.type));
    if (isUserOperator(operator, value.type, types[0], scope)) {
      usedByUser(operator, [value], place, reader);
      return;
    }
    reader.equality(place, value, operands);
    for (const operand of operands)
      if (operand.kind === 'value') reader.used('condition', place, operand.flow);
    return;
  }
  const given = value ?? reader.value(left, scope);
  const array = reader.value(right, scope);
  if (isUserOperator(operator, given.type, undefined, scope)) {
    usedByUser(operator, [given, array], place, reader);
  } else if (isCopy) {
    reader.equality(place, given, [valueOperand(array)]);
    reader.used('condition', place, array);
  } else for (const each of [given, array]) reader.used('condition', place, each);
}

/**
 * One side compared with each of the others. A side that is a copy of one column is told with what it is compared with;
 * what is computed from columns, and so can be no such side, is a condition.
 */
export function readEqual(
  operator: readonly string[],
  left: Side,
  rights: readonly Side[],
  place: UsePlace,
  scope: Scope,
  reader: LineageReader,
): void {
  const leftValue = read(left, scope, reader);
  const rightValues = rights.map((side) => read(side, scope, reader));
  const told = rightValues.filter((value) => value !== undefined);
  const others = told.length === 0 ? [undefined] : told;
  if (others.some((value) => isUserOperator(operator, leftValue?.type, value?.type, scope))) {
    const values = [leftValue, ...rightValues].filter((value) => value !== undefined);
    for (const side of [left, ...rights])
      if ('node' in side && bare(side.node)) reader.value(side.node, scope);
    usedByUser(operator, values, place, reader);
    return;
  }
  const operand = (side: Side, value: Value | undefined, type: number | undefined) =>
    'value' in side ? valueOperand(side.value) : operandOf(side.node, type, scope, reader, value);
  let leftIsTold = leftValue !== undefined;
  let rightsAreTold = false;
  if (leftValue !== undefined && copyOf(leftValue) !== undefined) {
    reader.equality(
      place,
      leftValue,
      rights.map((side, index) => operand(side, rightValues[index], leftValue.type)),
    );
    rightsAreTold = true;
  } else if (leftValue !== undefined) reader.used('condition', place, leftValue);
  for (const value of told) {
    // One constant for several columns: what is put in its place for one would be compared with the others too.
    const isOne = leftValue !== undefined || told.length === 1;
    if (copyOf(value) !== undefined && isOne) {
      reader.equality(place, value, [operand(left, leftValue, value.type)]);
      leftIsTold = true;
    } else reader.used('condition', place, value);
  }
  // A parameter that is told as no operand is seen like any other expression.
  if (!leftIsTold && 'node' in left) reader.value(left.node, scope);
  for (const [index, side] of rights.entries()) {
    if (!rightsAreTold && rightValues[index] === undefined && 'node' in side) reader.value(side.node, scope);
  }
}

function read(side: Side, scope: Scope, reader: LineageReader): Value | undefined {
  if ('value' in side) return side.value;
  return bare(side.node) === undefined ? reader.value(side.node, scope) : undefined;
}

export function isUserOperator(
  operator: readonly string[],
  left: number | undefined,
  right: number | undefined,
  scope: Scope,
): boolean {
  const schema = operator.at(-2);
  if (schema !== undefined) return schema !== 'pg_catalog';
  return scope.root.catalog.hasUserOperator(operator.at(-1) ?? '', left, right);
}

function usedByUser(
  operator: readonly string[],
  values: readonly Value[],
  place: UsePlace,
  reader: LineageReader,
): void {
  reader.risk('operator', values, operator.join('.'));
  for (const value of values) reader.used('condition', place, value);
  reader.unread();
}
