import type { A_Indirection, ColumnRef, Node } from 'libpg-query';
import { strings } from '../ast.ts';
import { callByName } from './calls.ts';
import { anything, type Value } from './flow.ts';
import type { LineageReader } from './reader.ts';
import { columnOf, fieldOf, type Output, type Scope, type Source } from './scope.ts';

/** A column, a row, or an attribute of a row that is a function of it. */
export function readColumn({ fields = [] }: ColumnRef, scope: Scope, reader: LineageReader): Value {
  const last = fields.at(-1);
  const names = strings(fields);
  const { flows } = reader;
  if (last !== undefined && 'A_Star' in last) {
    const source = scope.qualified(names.at(-2), names.at(-1) ?? '', flows);
    return source?.row() ?? scope.root.variable?.(names) ?? reader.unread();
  }
  const name = names.at(-1) ?? '';
  if (names.length === 1) {
    return (
      scope.column(name, flows) ??
      scope.qualified(undefined, name, flows)?.row() ??
      scope.root.variable?.(names) ??
      maybeOpen(scope) ??
      reader.unread()
    );
  }
  const source = scope.qualified(names.at(-3), names.at(-2) ?? '', flows);
  if (source === undefined) {
    return scope.root.variable?.(names) ?? maybeOpen(scope) ?? reader.unread();
  }
  const value = columnOf(source, name, flows, 'known');
  if (value !== undefined) return value;
  if (source.rest !== undefined) return source.rest;
  const row = source.row();
  return callByName(
    undefined,
    name,
    [{ node: { ColumnRef: { fields: fields.slice(0, -1) } }, value: row }],
    {},
    scope,
    reader,
  );
}

/** A relation that the catalog does not know may go by any name, and have any column. */
function maybeOpen(scope: Scope): Value | undefined {
  for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
    if (at.sources.some(({ rest }) => rest !== undefined)) return anything;
  }
  return undefined;
}

/** `(x).name`, `x[1]`, one step after the other. */
export function readIndirection(
  { arg, indirection }: A_Indirection,
  scope: Scope,
  reader: LineageReader,
): Value {
  if (arg === undefined) return reader.unread();
  let value = reader.value(arg, scope);
  for (const step of indirection ?? []) {
    if ('String' in step) value = fieldValue(value, step.String.sval ?? '', arg, scope, reader);
    else if ('A_Indices' in step) {
      const { lidx, uidx } = step.A_Indices;
      const indices = [lidx, uidx].flatMap((node) => node ?? []);
      value = reader.flows.made([value, ...reader.values(indices, scope)], { steady: value.steady });
    }
  }
  return value;
}

/** A field of a row, or a function of the row that goes by the same notation. */
function fieldValue(value: Value, name: string, node: Node, scope: Scope, reader: LineageReader): Value {
  const field = value.fields === undefined ? undefined : fieldOf(value.fields(), name, reader.flows);
  if (field !== undefined) return field;
  if (value.fields === undefined) {
    const { type: _type, isNull: _isNull, instance: _instance, ...rest } = value;
    const part = reader.flows.made([{ ...rest, type: undefined }], { steady: value.steady });
    const users = scope.root.catalog.functions(undefined, name);
    if (users.length === 0) return part;
    return reader.flows.made([part, callByName(undefined, name, [{ node, value }], {}, scope, reader)]);
  }
  return callByName(undefined, name, [{ node, value }], {}, scope, reader);
}

/** What stands in the place of `*`, `t.*` or `(x).*`; undefined for any other expression. */
export function readStar(node: Node, scope: Scope, reader: LineageReader): Output | undefined {
  const { flows } = reader;
  if ('ColumnRef' in node) {
    const { fields = [] } = node.ColumnRef;
    const last = fields.at(-1);
    if (last === undefined || !('A_Star' in last)) return undefined;
    const names = strings(fields);
    const name = names.at(-1);
    if (name !== undefined) {
      const source = scope.qualified(names.at(-2), name, flows);
      if (source !== undefined) return source;
      const row = scope.root.variable?.(names);
      if (row?.fields !== undefined) return { columns: row.fields() };
      return { columns: [], rest: row ?? reader.unread() };
    }
    return everything(scope.sources, reader);
  }
  if (!('A_Indirection' in node)) return undefined;
  const { arg, indirection = [] } = node.A_Indirection;
  const last = indirection.at(-1);
  if (arg === undefined || last === undefined || !('A_Star' in last)) return undefined;
  const value = readIndirection({ arg, indirection: indirection.slice(0, -1) }, scope, reader);
  return value.fields === undefined ? { columns: [], rest: value } : { columns: value.fields() };
}

/** `*`. */
function everything(sources: readonly Source[], reader: LineageReader): Output {
  const shown = sources.filter((source) => source.shown);
  const columns = shown.flatMap((source) => source.columns);
  reader.flows.spend(columns.length);
  const open = shown.flatMap(({ rest }) => rest ?? []);
  const [first, second] = open;
  if (first === undefined) return { columns };
  return { columns, rest: second === undefined ? first : reader.flows.made(open) };
}
