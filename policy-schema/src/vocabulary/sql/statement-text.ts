import { segmentsOf } from '../../model/pattern.ts';
import type { Action } from '../vocabulary.ts';
import { sqlShapes } from './shapes.ts';
import type { SqlActionKind } from './vocabulary.ts';

export interface StatementWishes {
  readonly hasWhere: boolean;
  readonly hasLimit: boolean;
}

/** A canonical name (see model/pattern.ts) as SQL spells it; undefined for a name that is none, or stands for all. */
export function spelled(canonical: unknown): string | undefined {
  if (typeof canonical !== 'string' || canonical === '*') return undefined;
  const segments = segmentsOf(canonical);
  return segments?.map(identifier).join('.');
}

/** Words that a statement cannot have for a name without quotes, as far as names of policies are likely to be such. */
const reserved =
  /^(?:all|and|any|as|asc|case|check|column|constraint|create|default|desc|do|else|end|from|grant|group|having|in|into|limit|not|null|on|or|order|primary|select|table|then|to|union|unique|user|using|when|where|with)$/;

/** A bare name as SQL spells it. */
export function identifier(name: string): string {
  return /^[a-z_][a-z0-9_$]*$/.test(name) && !reserved.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}

type Writer = (
  action: Action,
  table: string,
  columns: readonly string[],
  wishes: StatementWishes,
) => string | undefined;

const where = ({ hasWhere }: StatementWishes) => (hasWhere ? ' WHERE id = 1' : '');

const named = (columns: readonly string[]) => columns.map(identifier).join(', ');

/** Statements about a table. */
const tableWriters: Readonly<Record<string, Writer>> = {
  select: (_, table, columns, wishes) => {
    const what = columns.length === 0 ? 'count(*)' : columns.includes('*') ? '*' : named(columns);
    return `SELECT ${what} FROM ${table}${where(wishes)}${wishes.hasLimit ? ' LIMIT 10' : ''}`;
  },
  insert: (_, table, columns) => {
    if (columns.length === 0) return `INSERT INTO ${table} DEFAULT VALUES`;
    if (columns.includes('*')) return `INSERT INTO ${table} VALUES (1)`;
    return `INSERT INTO ${table} (${named(columns)}) VALUES (${columns.map(() => '1').join(', ')})`;
  },
  update: (_, table, columns, wishes) => {
    if (columns.length === 0 || columns.includes('*')) return undefined;
    return `UPDATE ${table} SET ${columns.map((column) => `${identifier(column)} = 1`).join(', ')}${where(wishes)}`;
  },
  delete: (_, table, columns, wishes) =>
    columns.includes('*') ? `DELETE FROM ${table}${where(wishes)}` : undefined,
  truncate: (_, table, columns) => (columns.includes('*') ? `TRUNCATE ${table}` : undefined),
  lock: (_, table) => `LOCK TABLE ${table}`,
  analyze: (_, table) => `ANALYZE ${table}`,
  vacuum: (_, table) => `VACUUM ${table}`,
  create: ({ facts }, table) => (facts.object === 'table' ? `CREATE TABLE ${table} ()` : undefined),
  drop: ({ facts }, table) => (facts.object === 'table' ? `DROP TABLE ${table}` : undefined),
  alter: ({ facts }, table, columns) =>
    facts.object === 'table' && columns.includes('*') ? `ALTER TABLE ${table} SET LOGGED` : undefined,
};

/** Objects that are no tables, made and dropped by name. */
const simpleObjects: ReadonlySet<unknown> = new Set(['role', 'extension', 'schema', 'database']);
const bare: Readonly<Record<string, string>> = {
  begin: 'BEGIN',
  commit: 'COMMIT',
  rollback: 'ROLLBACK',
  checkpoint: 'CHECKPOINT',
  values: 'SELECT 1',
};
const byName: ReadonlySet<string> = new Set([
  'savepoint',
  'listen',
  'notify',
  'unlisten',
  'fetch',
  'close',
  'deallocate',
]);

/** A statement that does what an action says, for people; undefined: there is no short one. */
export function statementOf(action: Action, wishes: StatementWishes): string | undefined {
  const { kind, facts } = action;
  const { table, columns, function: routine, parameter, object, name } = facts;
  if (table !== undefined) {
    const target = spelled(table);
    const list = typeof columns === 'string' ? [columns] : (columns ?? []);
    if (target === undefined || routine !== undefined || parameter !== undefined || name !== undefined)
      return undefined;
    return Object.hasOwn(tableWriters, kind) ? tableWriters[kind]?.(action, target, list, wishes) : undefined;
  }
  if (kind === 'call') {
    const target = spelled(routine);
    return target && `SELECT ${target}()`;
  }
  if (kind === 'set' || kind === 'show') {
    const target = spelled(parameter);
    return target && (kind === 'set' ? `SET ${target} = '1'` : `SHOW ${target}`);
  }
  const target = spelled(name);
  if (object !== undefined) {
    const makes = kind === 'create' || kind === 'drop';
    return makes && simpleObjects.has(object) && target !== undefined
      ? `${kind.toUpperCase()} ${String(object).toUpperCase()} ${target}`
      : undefined;
  }
  if (target !== undefined) return byName.has(kind) ? `${kind.toUpperCase()} ${target}` : undefined;
  return Object.hasOwn(bare, kind) ? bare[kind] : undefined;
}

/**
 * An action with what statements of its kind most often name.
 * @param open facts that may be added
 * @param nameFor a name to take for a fact, where one is known
 */
export function usualFacts(
  kind: string,
  facts: Action['facts'],
  open: ReadonlySet<string>,
  nameFor: (fact: string) => string | undefined,
): Action['facts'] {
  const shape = sqlShapes[kind as SqlActionKind];
  const all: Record<string, string | readonly string[]> = { ...facts };
  const put = (fact: string, value: string | readonly string[]) => {
    if (open.has(fact) && all[fact] === undefined) all[fact] = value;
  };
  if (shape.always.includes('table')) put('table', nameFor('table') ?? 'public.t');
  if (shape.always.includes('function')) put('function', nameFor('function') ?? 'public.f');
  if (shape.always.includes('parameter')) put('parameter', nameFor('parameter') ?? 'work_mem');
  if (onTables.has(kind) && all.name === undefined) {
    if (all.table === undefined && (all.object ?? 'table') === 'table')
      put('table', nameFor('table') ?? 'public.t');
    if (all.table !== undefined && shape.maybe.includes('object')) put('object', 'table');
  }
  if (all.table !== undefined && wholeRows.has(kind)) put('columns', ['*']);
  if (all.table !== undefined && kind === 'update') put('columns', ['status']);
  return all;
}

const onTables: ReadonlySet<string> = new Set(['create', 'alter', 'drop']);
const wholeRows: ReadonlySet<string> = new Set(['select', 'delete', 'truncate', 'insert', 'alter']);
