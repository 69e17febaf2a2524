import type { RangeVar } from 'libpg-query';
import { relationName } from '../ast.ts';
import { anything, type Field, type Value } from './flow.ts';
import type { LineageColumn, LineageRelation } from './lineage-catalog.ts';
import { statementsOf } from './parsed.ts';
import type { LineageReader } from './reader.ts';
import { derivedSource, type Output, type Root, rowOf, Scope, type Source, unknownOutput } from './scope.ts';

/** A table or view as a source of columns. What the catalog does not know may have any column, of anything. */
export function readRelation(range: RangeVar, scope: Scope, reader: LineageReader): Source {
  const { schema, name } = relationName(range);
  const relation = scope.root.catalog.relation(schema, name);
  if (relation === undefined) {
    // It may be a view that calls anything.
    reader.unread();
    const source = derivedSource(name, unknownOutput, reader.flows);
    return { ...source, table: { schema, name } };
  }
  return relationSource(relation, reader);
}

/** Each mention of a table is one instance of its rows. */
export function relationSource(relation: LineageRelation, reader: LineageReader): Source {
  const { flows } = reader;
  const table = { schema: relation.schema, name: relation.name };
  if (relation.kind === 'view') {
    return { ...derivedSource(relation.name, readView(relation, reader), flows), table };
  }
  if (relation.kind === 'anything') {
    const columns = relation.columns.map((column): Field => ({ name: column.name, value: anything }));
    const source = derivedSource(relation.name, { columns }, flows);
    return { ...source, table, oid: relation.oid };
  }
  reader.keys.set(relation.oid, relation.keys);
  if (relation.checked !== undefined) reader.checked.set(relation.oid, new Set(relation.checked));
  const instance = {};
  const known = columnsOf(relation);
  const made = new Map<string, Value>();
  // A statement may name a table of very many columns very often, and a few of them each time.
  const find = (name: string): Value | undefined => {
    const before = made.get(name);
    const column = known.byName.get(name);
    if (before !== undefined || column === undefined) return before;
    const value = tableColumn(relation, column, known.byAttribute, instance, reader);
    made.set(name, value);
    return value;
  };
  let all: readonly Field[] | undefined;
  const columns = (): readonly Field[] => {
    if (all !== undefined) return all;
    flows.spend(relation.columns.length);
    all = relation.columns.map(({ name }): Field => ({ name, value: find(name) ?? anything }));
    return all;
  };
  const origins = [flows.origin({ relation: relation.oid, attribute: 0 }, { how: 'computed' })];
  return {
    name: relation.name,
    table,
    oid: relation.oid,
    get columns() {
      return columns();
    },
    find,
    shown: true,
    row: () => ({ ...rowOf({ columns: [] }, flows), origins, steady: true, fields: columns }),
  };
}

interface KnownColumns {
  readonly byName: ReadonlyMap<string, LineageColumn>;
  readonly byAttribute: ReadonlyMap<number, LineageColumn>;
}

const knownColumns = new WeakMap<LineageRelation, KnownColumns>();

function columnsOf(relation: LineageRelation): KnownColumns {
  let known = knownColumns.get(relation);
  if (known === undefined) {
    known = {
      byName: new Map(relation.columns.map((column) => [column.name, column])),
      byAttribute: new Map(relation.columns.map((column) => [column.attribute, column])),
    };
    knownColumns.set(relation, known);
  }
  return known;
}

function tableColumn(
  { oid: relation }: LineageRelation,
  { attribute, type, forms, generatedFrom = [] }: LineageColumn,
  byAttribute: ReadonlyMap<number, LineageColumn>,
  instance: object,
  reader: LineageReader,
): Value {
  const { flows } = reader;
  const copy = flows.copy({ relation, attribute }, type, instance);
  const value = forms === undefined ? copy : { ...copy, forms };
  if (generatedFrom.length === 0) return value;
  const behind = [...sourcesOf(generatedFrom, byAttribute)].map((each) =>
    flows.copy({ relation, attribute: each }, undefined, undefined),
  );
  // It is a column of its own too, which may have a mask of its own.
  const { instance: _instance, ...rest } = value;
  return { ...rest, ...flows.together([value, flows.computed(behind)]) };
}

/** A generated column may be generated from others that are generated. */
function sourcesOf(from: readonly number[], byAttribute: ReadonlyMap<number, LineageColumn>): Set<number> {
  const found = new Set<number>();
  const waiting = [...from];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (found.has(next)) continue;
    found.add(next);
    waiting.push(...(byAttribute.get(next)?.generatedFrom ?? []));
  }
  return found;
}

/** The columns of a view, by its query. Its own conditions are not told: who reads it chose none of them. */
function readView(relation: LineageRelation, reader: LineageReader): Output {
  const known = reader.views.get(relation);
  // A view cannot mean itself; what does is a catalog that is not to be trusted.
  if (known === 'open') return namedOutput(relation, undefined, reader);
  if (known !== undefined) return known;
  reader.views.set(relation, 'open');
  const output = namedOutput(relation, queryOutput(relation, reader), reader);
  reader.views.set(relation, output);
  return output;
}

function queryOutput(relation: LineageRelation, reader: LineageReader): Output | undefined {
  const { query, scope: catalog } = relation;
  if (query === undefined || catalog === undefined) return undefined;
  const statements = statementsOf(relation, query);
  const [statement, other] = statements ?? [];
  if (statement === undefined || other !== undefined || !('SelectStmt' in statement)) return undefined;
  const root: Root = { catalog, isOwnText: false, parameter: () => anything };
  return reader.quietly(() => reader.query(statement, new Scope(root)));
}

function namedOutput(relation: LineageRelation, output: Output | undefined, reader: LineageReader): Output {
  const { flows } = reader;
  const isWhole = output?.rest === undefined && output?.columns.length === relation.columns.length;
  const columns = relation.columns.map((column, index): Field => {
    const value = isWhole ? (output.columns[index]?.value ?? anything) : anything;
    const { isNull: _isNull, ...rest } = value;
    const typed = { ...rest, type: value.type ?? column.type };
    if (column.own !== true) return { name: column.name, value: typed };
    const own = flows.copy({ relation: relation.oid, attribute: column.attribute }, column.type, undefined);
    return { name: column.name, value: { ...typed, ...flows.together([own, value]) } };
  });
  return { columns };
}
