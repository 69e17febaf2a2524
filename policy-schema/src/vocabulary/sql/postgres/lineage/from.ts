import type { JoinExpr, Node, RangeSubselect, RangeVar } from 'libpg-query';
import { relationName, strings } from '../ast.ts';
import { apart, renamed } from './aliases.ts';
import { readEqual } from './conditions.ts';
import { anything, type Field, type Value } from './flow.ts';
import type { LineageReader } from './reader.ts';
import { columnOf, derivedSource, type Output, Scope, type Source, unknownOutput, variant } from './scope.ts';
import { readJsonTable, readRangeFunction, readXmlTable } from './table-functions.ts';
import { readRelation } from './views.ts';
import { readCommonTable } from './with.ts';

/**
 * Read the entries of FROM or USING into a scope.
 * @param scope of the query; what it has already can be seen by entries that are lateral
 */
export function readFrom(items: readonly Node[] | undefined, scope: Scope, reader: LineageReader): void {
  for (const item of items ?? []) scope.sources.push(...readItem(item, scope, scope.sources, reader));
}

/** @param beside what a lateral item sees: the entries before it, and the left sides of the joins around it */
function readItem(
  item: Node,
  scope: Scope,
  beside: readonly Source[],
  reader: LineageReader,
): readonly Source[] {
  reader.flows.spend();
  if ('RangeVar' in item) return [readTable(item.RangeVar, scope, reader)];
  if ('JoinExpr' in item) return readJoin(item.JoinExpr, scope, beside, reader);
  const lateral = () => {
    reader.flows.spend(beside.length);
    return new Scope(scope.parent ?? scope.root, beside);
  };
  if ('RangeSubselect' in item) {
    const { RangeSubselect: subselect } = item;
    const above = subselect.lateral === true ? lateral() : (scope.parent ?? new Scope(scope.root));
    return [readSubselect(subselect, above, reader)];
  }
  if ('RangeFunction' in item) return [readRangeFunction(item.RangeFunction, lateral(), reader)];
  if ('RangeTableFunc' in item) return [readXmlTable(item.RangeTableFunc, lateral(), reader)];
  if ('JsonTable' in item) return [readJsonTable(item.JsonTable, lateral(), reader)];
  if ('RangeTableSample' in item && item.RangeTableSample.relation !== undefined) {
    const { relation, args, repeatable } = item.RangeTableSample;
    for (const node of [...(args ?? []), repeatable]) {
      if (node !== undefined) reader.used('condition', 'LIMIT', reader.value(node, lateral()));
    }
    return readItem(relation, scope, beside, reader);
  }
  reader.unread();
  return [derivedSource(undefined, unknownOutput, reader.flows)];
}

/** A table, a view or a query of WITH. */
export function readTable(range: RangeVar, scope: Scope, reader: LineageReader): Source {
  const { schema, name } = relationName(range);
  const common = schema === undefined ? scope.commonTable(name) : undefined;
  const found =
    common === undefined
      ? readRelation(range, scope, reader)
      : derivedSource(name, apart(readCommonTable(common, reader)), reader.flows);
  return renamed(found, range.alias, reader);
}

function readSubselect({ subquery, alias }: RangeSubselect, above: Scope, reader: LineageReader): Source {
  const output = subquery === undefined ? unknownOutput : reader.query(subquery, above);
  return renamed(derivedSource(undefined, apart(output), reader.flows), alias, reader);
}

function readJoin(
  join: JoinExpr,
  scope: Scope,
  beside: readonly Source[],
  reader: LineageReader,
): readonly Source[] {
  if (join.larg === undefined || join.rarg === undefined) return [];
  const { flows } = reader;
  const left = readItem(join.larg, scope, beside, reader);
  const right = readItem(join.rarg, scope, [...beside, ...left], reader);
  const members = [...left, ...right];
  flows.spend(members.length);
  const shared = join.isNatural === true ? commonNames(left, right) : strings(join.usingClause);
  const sides = [
    new Scope(scope.parent ?? scope.root, left),
    new Scope(scope.parent ?? scope.root, right),
  ] as const;
  const merged = shared.map((name): Field => ({ name, value: mergeColumn(name, join, sides, reader) }));
  if (join.quals !== undefined) {
    reader.condition(join.quals, 'JOIN', new Scope(scope.parent ?? scope.root, members));
  }
  if (join.isNatural === true && members.some(({ rest }) => rest !== undefined)) {
    // Which columns both sides have is not known.
    for (const { columns } of members) {
      for (const { value } of columns) reader.used('condition', 'JOIN', value);
    }
    reader.used('condition', 'JOIN', anything);
  }
  if (shared.length === 0 && join.alias === undefined) return members;
  const kept = (source: Source) =>
    source.shown ? source.columns.filter(({ name }) => !shared.includes(name)) : [];
  const columns = [...merged, ...left.flatMap(kept), ...right.flatMap(kept)];
  flows.spend(columns.length);
  const open = members.flatMap((source) => (source.shown && source.rest !== undefined ? [source.rest] : []));
  const output: Output = open.length === 0 ? { columns } : { columns, rest: flows.made(open) };
  const whole = derivedSource(undefined, output, flows);
  if (join.alias !== undefined) return [renamed(whole, join.alias, reader)];
  const using =
    join.join_using_alias === undefined
      ? []
      : [{ ...derivedSource(join.join_using_alias.aliasname, { columns: merged }, flows), shown: false }];
  // The members still go by their own names.
  return [whole, ...using, ...members.map((source) => variant(source, { shown: false }))];
}

function commonNames(left: readonly Source[], right: readonly Source[]): readonly string[] {
  const namesOf = (sources: readonly Source[]) =>
    sources.flatMap(({ shown, columns }) => (shown ? columns.map(({ name }) => name) : []));
  const others = new Set(namesOf(right));
  return namesOf(left).filter((name) => others.has(name));
}

/** What USING takes together: equal in both, and where one side has no row the other's. */
function mergeColumn(
  name: string,
  join: JoinExpr,
  [left, right]: readonly [Scope, Scope],
  reader: LineageReader,
): Value {
  const find = (scope: Scope): Value => {
    const shown = scope.sources.filter((source) => source.shown);
    for (const source of shown) {
      const value = columnOf(source, name, reader.flows, 'known');
      if (value !== undefined) return value;
    }
    return shown.find(({ rest }) => rest !== undefined)?.rest ?? anything;
  };
  const values = [find(left), find(right)] as const;
  readEqual(['='], { value: values[0] }, [{ value: values[1] }], 'JOIN', left, reader);
  if (join.jointype === 'JOIN_RIGHT') return values[1];
  return join.jointype === 'JOIN_FULL' ? reader.flows.either(values) : values[0];
}
