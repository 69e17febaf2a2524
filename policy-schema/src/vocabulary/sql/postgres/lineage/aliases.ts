import type { Alias } from 'libpg-query';
import { strings } from '../ast.ts';
import { anything, type Field } from './flow.ts';
import type { LineageReader } from './reader.ts';
import { type Output, type Source, variant } from './scope.ts';

/** Rows of the same table that come by two mentions of a query are two rows. */
export function apart({ columns, rest }: Output): Output {
  const instances = new Map<object, object>();
  const own = columns.map(({ name, value }): Field => {
    if (value.instance === undefined) return { name, value };
    const instance = instances.get(value.instance) ?? {};
    instances.set(value.instance, instance);
    return { name, value: { ...value, instance } };
  });
  return rest === undefined ? { columns: own } : { columns: own, rest };
}

/** An alias and its list of names, which may be shorter than that of the columns. */
export function renamed(source: Source, alias: Alias | undefined, reader: LineageReader): Source {
  if (alias === undefined) return source;
  const names = strings(alias.colnames);
  const named = variant(source, { table: undefined, name: alias.aliasname });
  if (names.length === 0) return named;
  reader.flows.spend(source.columns.length);
  const columns = source.columns.map(({ name, value }, index) => ({ name: names[index] ?? name, value }));
  // Names beyond the columns that are known are those of others.
  const more = names.slice(columns.length).map((name) => ({ name, value: source.rest ?? anything }));
  const all = [...columns, ...more];
  const row = source.row();
  const isRow = row.fields !== undefined;
  return variant(named, {
    columns: all,
    find: undefined,
    row: () => (isRow ? { ...row, fields: () => all } : row),
  });
}
