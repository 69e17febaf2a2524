import type { SqlActionKind } from './vocabulary.ts';

/** Which facts the actions of a kind carry. `always`: no action of the kind comes without them. */
export interface ActionShape {
  readonly always: readonly string[];
  readonly maybe: readonly string[];
}

const rows: ActionShape = { always: ['table'], maybe: ['columns', 'name'] };
const relation: ActionShape = { always: [], maybe: ['table', 'columns', 'name', 'object'] };
const parameter: ActionShape = { always: ['parameter'], maybe: [] };
const named: ActionShape = { always: [], maybe: ['name'] };
const bare: ActionShape = { always: [], maybe: [] };

/** What a statement's actions look like: what reasons over all actions need not think of others. */
export const sqlShapes: Readonly<Record<SqlActionKind, ActionShape>> = {
  select: rows,
  insert: rows,
  update: rows,
  delete: rows,
  truncate: relation,
  create: relation,
  alter: { always: [], maybe: [...relation.maybe, 'parameter'] },
  drop: relation,
  grant: relation,
  revoke: relation,
  call: { always: ['function'], maybe: ['table'] },
  do: named,
  copy: { always: [], maybe: ['object', 'name'] },
  lock: relation,
  set: parameter,
  show: parameter,
  begin: bare,
  commit: named,
  rollback: named,
  savepoint: named,
  prepare: named,
  execute: named,
  deallocate: named,
  declare: named,
  fetch: named,
  close: named,
  explain: named,
  listen: named,
  notify: named,
  unlisten: named,
  analyze: relation,
  vacuum: relation,
  reindex: relation,
  cluster: relation,
  refresh: relation,
  checkpoint: bare,
  load: named,
  discard: named,
  comment: relation,
  'security-label': relation,
  import: relation,
  reassign: { always: [], maybe: ['object', 'name'] },
  values: bare,
};

/**
 * Kinds of what the server does on its own account, with those of the actions that lead it there. Such an action names a table
 * and its columns, and nothing else.
 */
export const impliedBy: Readonly<Partial<Record<SqlActionKind, readonly SqlActionKind[]>>> = {
  select: ['select', 'refresh'],
  insert: ['insert'],
  update: ['update'],
  delete: ['delete'],
  truncate: ['truncate'],
};
