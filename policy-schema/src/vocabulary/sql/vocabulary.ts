import type { Vocabulary } from '../vocabulary.ts';

/** What a statement does, in the words of PostgreSQL's and MySQL's command tags. */
export type SqlActionKind =
  | 'select'
  | 'insert'
  | 'update'
  | 'delete'
  | 'truncate'
  | 'create'
  | 'alter'
  | 'drop'
  | 'grant'
  | 'revoke'
  | 'call'
  | 'do'
  | 'copy'
  | 'lock'
  | 'set'
  | 'show'
  | 'begin'
  | 'commit'
  | 'rollback'
  | 'savepoint'
  | 'prepare'
  | 'execute'
  | 'deallocate'
  | 'declare'
  | 'fetch'
  | 'close'
  | 'explain'
  | 'listen'
  | 'notify'
  | 'unlisten'
  | 'analyze'
  | 'vacuum'
  | 'reindex'
  | 'cluster'
  | 'refresh'
  | 'checkpoint'
  | 'load'
  | 'discard'
  | 'comment'
  | 'security-label'
  | 'import'
  | 'reassign'
  | 'values';

export const sqlVocabulary: Vocabulary<'sql', SqlActionKind> = {
  name: 'sql',
  title: 'SQL statements',
  actions: {
    select: 'Read rows of a table, view, sequence or other relation.',
    insert: 'Add rows to a table.',
    update: 'Change rows of a table, or lock them with FOR UPDATE.',
    delete: 'Remove rows of a table.',
    truncate: 'Empty a table.',
    create: 'Create an object.',
    alter: 'Change an object.',
    drop: 'Drop an object.',
    grant: 'Give a privilege or a role.',
    revoke: 'Take a privilege or a role away.',
    call: 'Call a function or procedure that is a user function, or a built-in one with an effect or a reach beyond its arguments.',
    do: 'Run an anonymous code block.',
    copy: 'Move rows by COPY from or to a file or a program of the server.',
    lock: 'Lock a table.',
    set: 'Change a session or server parameter.',
    show: 'Show a parameter.',
    begin: 'Begin a transaction.',
    commit: 'Commit or prepare a transaction.',
    rollback: 'Roll a transaction back, whole or to a savepoint.',
    savepoint: 'Set or release a savepoint.',
    prepare: 'Prepare a statement; what it does is an action of its own.',
    execute: 'Execute a prepared statement; what it does is an action of its own.',
    deallocate: 'Forget a prepared statement.',
    declare: 'Declare a cursor; what it reads is an action of its own.',
    fetch: 'Fetch from or move a cursor.',
    close: 'Close a cursor.',
    explain: 'Show a plan; what the statement does is an action of its own, with ANALYZE or without.',
    listen: 'Listen on a channel.',
    notify: 'Notify a channel.',
    unlisten: 'Stop listening.',
    analyze: 'Collect statistics.',
    vacuum: 'Vacuum tables.',
    reindex: 'Rebuild indexes.',
    cluster: 'Rewrite a table in the order of an index.',
    refresh: 'Refresh a materialised view or a collation.',
    checkpoint: 'Force a checkpoint.',
    load: 'Load a shared library into the server.',
    discard: 'Discard session state.',
    comment: 'Comment on an object.',
    'security-label': 'Label an object.',
    import: 'Import foreign tables.',
    reassign: 'Reassign what a role owns.',
    values: 'Compute values from nothing but constants and harmless built-in functions.',
  },
  selectors: {
    tables: {
      fact: 'table',
      holds: 'one',
      on: [
        'alter',
        'analyze',
        'call',
        'cluster',
        'comment',
        'create',
        'delete',
        'drop',
        'grant',
        'insert',
        'lock',
        'refresh',
        'reindex',
        'revoke',
        'security-label',
        'select',
        'truncate',
        'update',
        'vacuum',
      ],
      segments: 2,
      doc: 'Schema-qualified tables, views and sequences; `*` matches any run of characters.',
      examples: ['public.orders', 'public.*', '*'],
    },
    columns: {
      fact: 'columns',
      holds: 'many',
      on: [
        'alter',
        'analyze',
        'cluster',
        'comment',
        'create',
        'delete',
        'drop',
        'grant',
        'insert',
        'lock',
        'refresh',
        'reindex',
        'revoke',
        'security-label',
        'select',
        'truncate',
        'update',
        'vacuum',
      ],
      segments: 1,
      doc: 'Columns of the table that the action names, by bare name.',
      examples: ['email', '*'],
    },
    functions: {
      fact: 'function',
      holds: 'one',
      on: ['call'],
      segments: 2,
      doc: 'Schema-qualified functions and procedures of a `call` action.',
      examples: ['pg_catalog.pg_sleep', 'public.*'],
    },
    parameters: {
      fact: 'parameter',
      holds: 'one',
      on: ['alter', 'set', 'show'],
      doc: 'Parameters of a `set` or `show` action.',
      examples: ['statement_timeout', 'app.*'],
    },
    objects: {
      fact: 'object',
      holds: 'one',
      on: [
        'alter',
        'comment',
        'copy',
        'create',
        'drop',
        'grant',
        'import',
        'reassign',
        'refresh',
        'reindex',
        'revoke',
        'security-label',
        'truncate',
      ],
      doc: 'What kind of object a `create`, `alter`, `drop`, `comment`, `grant` or `revoke` action speaks of.',
      examples: ['table', 'index', 'role', 'extension'],
    },
    names: {
      fact: 'name',
      holds: 'one',
      on: [
        'alter',
        'begin',
        'close',
        'cluster',
        'comment',
        'commit',
        'copy',
        'create',
        'deallocate',
        'declare',
        'discard',
        'do',
        'drop',
        'execute',
        'explain',
        'fetch',
        'grant',
        'import',
        'listen',
        'load',
        'notify',
        'prepare',
        'reassign',
        'refresh',
        'reindex',
        'revoke',
        'rollback',
        'savepoint',
        'security-label',
        'select',
        'truncate',
        'unlisten',
      ],
      doc: 'The name of an object that is no table: a role, an extension, a channel, a cursor, a file.',
      examples: ['reporting', 'pgcrypto'],
    },
  },
  facts: {
    actions: { type: 'list<string>', doc: 'The kinds of the actions, each once.' },
    statements: { type: 'list<string>', doc: 'The kind of each statement in the text, in order.' },
    tables: {
      type: 'list<string>',
      doc: 'Every table, view or sequence that is read or written, schema-qualified.',
    },
    columns: { type: 'list<string>', doc: 'Every column named anywhere in the text, by bare name.' },
    functions: {
      type: 'list<string>',
      doc: 'Every function called, schema-qualified, harmless built-in ones too.',
    },
    hasWhere: {
      type: 'bool',
      doc: 'Whether each UPDATE and DELETE (and SELECT, where there is none of them) has a WHERE clause that can leave rows out, as far as its text tells.',
    },
    hasLimit: { type: 'bool', doc: 'Whether each SELECT at the top has a LIMIT or FETCH FIRST clause.' },
    statementCount: { type: 'int', doc: 'How many statements the text holds.' },
    length: { type: 'int', doc: 'The length of the text in bytes.' },
    inTransaction: { type: 'bool', doc: 'Whether the session is inside a transaction block.' },
    plannerCost: {
      type: 'double',
      from: 'plan',
      doc: "What the server's planner expects the request to cost, in its own units; 0 for what it does not plan.",
    },
    estimatedRows: {
      type: 'int',
      from: 'plan',
      doc: "Rows that the server's planner expects the request to return, or to write where those are more.",
    },
    application: { type: 'string', doc: 'The application_name that the client gave.' },
  },
};
