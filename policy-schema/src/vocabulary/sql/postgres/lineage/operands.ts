import type { Node } from 'libpg-query';
import { constant, nullConstant, textConstant, type Value } from './flow.ts';
import type { Operand } from './lineage.ts';
import { type LineageReader, valueOperand } from './reader.ts';
import type { Scope } from './scope.ts';
import { type CastTarget, castIsFaithful, castTarget } from './types.ts';

/** A constant or a parameter, with the casts around it. */
export interface Bare {
  readonly of: Extract<Node, { readonly A_Const: unknown } | { readonly ParamRef: unknown }>;
  readonly casts: readonly CastTarget[];
}

export function bare(node: Node | undefined): Bare | undefined {
  const casts: CastTarget[] = [];
  let inner = node;
  while (inner !== undefined && 'TypeCast' in inner) {
    casts.push(castTarget(inner.TypeCast.typeName));
    inner = inner.TypeCast.arg;
  }
  if (inner === undefined || !('A_Const' in inner || 'ParamRef' in inner)) return undefined;
  return { of: inner, casts };
}

/**
 * A constant, parameter or expression as what a column is compared with or set to.
 * @param type of that column, which decides whether casts leave the constant what it is
 * @param value the expression's value where it was read already
 */
export function operandOf(
  node: Node,
  type: number | undefined,
  scope: Scope,
  reader: LineageReader,
  value?: Value,
): Operand {
  // The value of the column's own definition, which was judged when that was made.
  if ('SetToDefault' in node) return { kind: 'null' };
  const found = value === undefined ? bare(node) : undefined;
  if (found?.casts.every((cast) => !cast.isArray && castIsFaithful(cast, type))) {
    const operand = bareOperand(found, false, scope, reader);
    if (operand !== undefined) return operand;
  }
  return valueOperand(value ?? reader.value(node, scope));
}

/** The operands of `= ANY (…)` and the like, where it is no subquery. */
export function arrayOperands(
  node: Node,
  type: number | undefined,
  scope: Scope,
  reader: LineageReader,
): readonly Operand[] | undefined {
  const found = bare(node);
  const isFaithful = (casts: readonly CastTarget[]) =>
    casts.every((cast) => cast.isArray && castIsFaithful({ ...cast, ...elementType(cast) }, type));
  if (found !== undefined) {
    if (!isFaithful(found.casts)) return undefined;
    const operand = bareOperand(found, true, scope, reader);
    return operand === undefined ? undefined : [operand];
  }
  const casts: CastTarget[] = [];
  let inner = node;
  while ('TypeCast' in inner && inner.TypeCast.arg !== undefined) {
    casts.push(castTarget(inner.TypeCast.typeName));
    inner = inner.TypeCast.arg;
  }
  if (!('A_ArrayExpr' in inner) || !isFaithful(casts)) return undefined;
  return (inner.A_ArrayExpr.elements ?? []).map((element) => operandOf(element, type, scope, reader));
}

function elementType({ schema, name }: CastTarget): Pick<CastTarget, 'type'> {
  return {
    type: castTarget({ names: [schema ?? [], name].flat().map((sval) => ({ String: { sval } })) }).type,
  };
}

/** Undefined: it is to be read as an expression instead. */
function bareOperand(
  { of }: Bare,
  isArray: boolean,
  scope: Scope,
  reader: LineageReader,
): Operand | undefined {
  if ('ParamRef' in of) {
    const number = of.ParamRef.number ?? 0;
    return scope.root.parameter === undefined ? { kind: 'parameter', number, isArray } : undefined;
  }
  if (of.A_Const.isnull === true) return { kind: 'null' };
  if (!scope.root.isOwnText || reader.isQuiet) return undefined;
  const token = reader.constants.find(of.A_Const);
  if (token === undefined) return undefined;
  return isArray ? { kind: 'array-literal', ...token } : { kind: 'literal', ...token };
}

/** The value of a constant where it stands as an expression. */
export function constantOf(node: Extract<Node, { readonly A_Const: unknown }>['A_Const']): Value {
  if (node.isnull === true) return nullConstant;
  if (node.sval !== undefined) return { ...textConstant, growth: 1 + (node.sval.sval ?? '').length / 1000 };
  if (node.ival !== undefined) return { ...constant, type: 23 };
  if (node.boolval !== undefined) return { ...constant, type: 16 };
  return node.fval === undefined ? constant : { ...constant, type: 1700 };
}

export function parameterValue(number: number, scope: Scope, reader: LineageReader): Value {
  const given = scope.root.parameter?.(number);
  if (given !== undefined) return given;
  if (!reader.isQuiet) reader.exposed.add(number);
  // It may be as long as a message.
  return { ...constant, growth: 1e6 };
}
