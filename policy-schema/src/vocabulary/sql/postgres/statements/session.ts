import type { Node, TransactionStmt, VariableSetStmt } from 'libpg-query';
import type { Handlers } from '../handler.ts';
import { Unsupported } from '../ast.ts';
import { joinValues, parameterName } from '../parameters.ts';
import { StatementReader } from '../statement-reader.ts';
import type { SqlActionKind } from '../../vocabulary.ts';

export const sessionStatements: Handlers<
  | 'VariableSetStmt'
  | 'VariableShowStmt'
  | 'ConstraintsSetStmt'
  | 'DiscardStmt'
  | 'TransactionStmt'
  | 'PrepareStmt'
  | 'ExecuteStmt'
  | 'DeallocateStmt'
  | 'DeclareCursorStmt'
  | 'FetchStmt'
  | 'ClosePortalStmt'
  | 'ListenStmt'
  | 'NotifyStmt'
  | 'UnlistenStmt'
  | 'LockStmt'
> = {
  VariableSetStmt: (statement, reader) => {
    for (const { parameter, value } of parametersOf(statement)) {
      reader.plain('set', { parameter });
      if (parameter === 'role' || parameter === 'session_authorization' || parameter === '*') {
        reader.effect({ kind: 'role', local: statement.is_local === true });
      }
      if (statement.kind === 'VAR_RESET_ALL') reader.effect({ kind: 'reset', parameter: 'all' });
      else if (statement.kind === 'VAR_RESET' || statement.kind === 'VAR_SET_DEFAULT') {
        reader.effect({ kind: 'reset', parameter });
      } else {
        reader.effect({
          kind: 'set',
          parameter,
          ...(value === undefined ? {} : { value }),
          local: statement.is_local === true || statement.name === 'TRANSACTION',
        });
      }
    }
    return 'set';
  },
  VariableShowStmt: ({ name }, reader) => {
    const parameter = parameterName(name ?? '');
    reader.plain('show', { parameter: parameter === 'all' ? '*' : parameter });
    return 'show';
  },
  ConstraintsSetStmt: (_statement, reader) => {
    reader.plain('set', { parameter: 'constraints' });
    return 'set';
  },
  DiscardStmt: ({ target }, reader) => {
    const what = discards[target ?? 'DISCARD_ALL'];
    reader.plain('discard', { name: what });
    reader.effect({ kind: 'discard', what });
    return 'discard';
  },
  TransactionStmt: (statement, reader) => readTransaction(statement, reader),
  PrepareStmt: (statement, reader, scope) => {
    const { name = '', query } = statement;
    if (query === undefined) throw new Unsupported('PREPARE of nothing');
    reader.plain('prepare', { name });
    // Read apart for EXECUTE; here once more, so that what is prepared is decided with PREPARE itself.
    const inner = new StatementReader(reader.readers);
    const kind = inner.statement(query, scope);
    const effects = reader.effects.length;
    reader.statement(query, scope);
    reader.effects.length = effects;
    reader.effect({ kind: 'prepare', name, statement: inner.finish(statementName(query), kind) });
    return 'prepare';
  },
  ExecuteStmt: ({ name = '', params }, reader, scope) => {
    reader.plain('execute', { name });
    reader.expression(params, scope);
    reader.effect({ kind: 'execute', name });
    return 'execute';
  },
  DeallocateStmt: ({ name, isall }, reader) => {
    reader.plain('deallocate', { name: isall ? '*' : (name ?? '') });
    reader.effect({ kind: 'deallocate', name: isall ? undefined : (name ?? '') });
    return 'deallocate';
  },
  DeclareCursorStmt: ({ portalname = '', query }, reader, scope) => {
    if (query === undefined) throw new Unsupported('a cursor of nothing');
    reader.plain('declare', { name: portalname });
    reader.query(query, scope, 'top');
    reader.effect({ kind: 'declare', cursor: portalname });
    return 'declare';
  },
  FetchStmt: ({ portalname = '' }, reader) => {
    reader.plain('fetch', { name: portalname });
    reader.effect({ kind: 'fetch', cursor: portalname });
    return 'fetch';
  },
  ClosePortalStmt: ({ portalname }, reader) => {
    reader.plain('close', { name: portalname ?? '*' });
    reader.effect({ kind: 'close', cursor: portalname });
    return 'close';
  },
  ListenStmt: ({ conditionname = '' }, reader) => {
    reader.plain('listen', { name: conditionname });
    return 'listen';
  },
  NotifyStmt: ({ conditionname = '' }, reader) => {
    reader.plain('notify', { name: conditionname });
    return 'notify';
  },
  UnlistenStmt: ({ conditionname }, reader) => {
    reader.plain('unlisten', { name: conditionname ?? '*' });
    return 'unlisten';
  },
  LockStmt: ({ relations }, reader) => {
    for (const node of relations ?? []) {
      if ('RangeVar' in node) reader.relation('lock', node.RangeVar);
    }
    return 'lock';
  },
};

const discards = {
  DISCARD_ALL: 'all',
  DISCARD_PLANS: 'plans',
  DISCARD_SEQUENCES: 'sequences',
  DISCARD_TEMP: 'temp',
} as const;

function statementName(node: Node): 'SelectStmt' | 'InsertStmt' | 'UpdateStmt' | 'DeleteStmt' | 'MergeStmt' {
  for (const name of ['SelectStmt', 'InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt'] as const) {
    if (name in node) return name;
  }
  throw new Unsupported('PREPARE of a statement that takes no plan');
}

interface ParameterSetting {
  readonly parameter: string;
  readonly value?: string;
}

/** Each parameter that a SET, RESET or ALTER … SET speaks of, with its value where that is constant. */
export function parametersOf(statement: VariableSetStmt): readonly ParameterSetting[] {
  const { kind, name = '', args = [] } = statement;
  if (kind === 'VAR_RESET_ALL') return [{ parameter: '*' }];
  if (kind === 'VAR_SET_MULTI') {
    if (name === 'TRANSACTION SNAPSHOT') return [{ parameter: 'transaction_snapshot' }];
    // SET SESSION CHARACTERISTICS sets what new transactions start with.
    const prefix = name === 'SESSION CHARACTERISTICS' ? 'default_' : '';
    return args.map((node) => {
      if (!('DefElem' in node)) throw new Unsupported('a mode of a transaction');
      return { parameter: `${prefix}${node.DefElem.defname ?? ''}` };
    });
  }
  const parameter = parameterName(name);
  const values = args.map(constantOf);
  const known = values.every((value) => value !== undefined);
  return [
    { parameter, ...(kind === 'VAR_SET_VALUE' && known ? { value: joinValues(parameter, values) } : {}) },
  ];
}

function constantOf(node: Node): string | undefined {
  if (!('A_Const' in node)) return undefined;
  const { sval, ival, fval, boolval, isnull } = node.A_Const;
  if (sval !== undefined) return sval.sval ?? '';
  if (ival !== undefined) return String(ival.ival ?? 0);
  if (fval !== undefined) return fval.fval ?? '';
  if (boolval !== undefined) return boolval.boolval === true ? 'true' : 'false';
  return isnull === true ? '' : undefined;
}

function readTransaction(statement: TransactionStmt, reader: StatementReader): SqlActionKind {
  const { kind, savepoint_name: savepoint, gid } = statement;
  const name = savepoint ?? gid;
  const facts = name === undefined ? {} : { name };
  switch (kind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      reader.plain('begin', facts);
      reader.effect({ kind: 'transaction', what: 'begin' });
      return 'begin';
    case 'TRANS_STMT_COMMIT':
      reader.plain('commit', facts);
      reader.effect({ kind: 'transaction', what: 'commit' });
      return 'commit';
    case 'TRANS_STMT_PREPARE':
      reader.plain('commit', facts);
      reader.effect({ kind: 'transaction', what: 'prepare' });
      return 'commit';
    case 'TRANS_STMT_COMMIT_PREPARED':
      reader.plain('commit', facts);
      reader.effect({ kind: 'transaction', what: 'commit-prepared' });
      reader.ddl();
      return 'commit';
    case 'TRANS_STMT_ROLLBACK':
      reader.plain('rollback', facts);
      reader.effect({ kind: 'transaction', what: 'rollback' });
      return 'rollback';
    case 'TRANS_STMT_ROLLBACK_TO':
      reader.plain('rollback', facts);
      reader.effect({ kind: 'transaction', what: 'rollback-to' });
      return 'rollback';
    case 'TRANS_STMT_ROLLBACK_PREPARED':
      reader.plain('rollback', facts);
      reader.effect({ kind: 'transaction', what: 'rollback-prepared' });
      return 'rollback';
    case 'TRANS_STMT_SAVEPOINT':
      reader.plain('savepoint', facts);
      reader.effect({ kind: 'transaction', what: 'savepoint' });
      return 'savepoint';
    case 'TRANS_STMT_RELEASE':
      reader.plain('savepoint', facts);
      reader.effect({ kind: 'transaction', what: 'release' });
      return 'savepoint';
    default:
      throw new Unsupported('a transaction statement of an unknown kind');
  }
}

/** ALTER ROLE, DATABASE and SYSTEM carry a SET of their own. */
export function alterParameters(
  reader: StatementReader,
  object: string,
  name: string,
  statement: VariableSetStmt | undefined,
): void {
  for (const { parameter } of statement === undefined ? [] : parametersOf(statement)) {
    reader.plain('alter', { object, name, parameter });
  }
}
