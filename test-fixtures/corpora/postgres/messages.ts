import {
  bind,
  binary,
  close,
  copyData,
  copyDone,
  copyFail,
  describe,
  execute,
  flush,
  functionCall,
  int16,
  int32,
  message,
  parse,
  query,
  sync,
  text,
} from '../../clients/frontend-messages.ts';

/** A conversation below the statements: what a driver's author, or an attacker, would try. */
export interface Conversation {
  readonly name: string;
  /** Each step is sent whole; then the answer is read up to as many ReadyForQuery as the step brings. */
  readonly steps: readonly { readonly send: readonly Buffer[]; readonly ready: number }[];
}

function one(name: string, ...send: readonly Buffer[]): Conversation {
  return { name, steps: [{ send, ready: 1 }] };
}

function each(name: string, ...steps: readonly (readonly Buffer[])[]): Conversation {
  return { name, steps: steps.map((send) => ({ send, ready: 1 })) };
}

const int4 = 23;
const textOid = 25;
const fourBytes = (value: number) => int32(value);

/** Function OIDs of pg_proc that never change: int4abs, textcat, lo_get would write; these do not. */
const int4abs = 1251;
const upper = 871;

export const conversations: readonly Conversation[] = [
  one('Sync alone', sync),
  one('Flush and Sync', flush, sync),
  one(
    'two statements pipelined before one Sync',
    parse('SELECT 1'),
    bind(),
    execute(),
    parse('SELECT 2'),
    bind(),
    execute(),
    sync,
  ),
  {
    name: 'pipelined with a Sync each',
    steps: [
      {
        send: [parse('SELECT 1'), bind(), execute(), sync, parse('SELECT 2'), bind(), execute(), sync],
        ready: 2,
      },
    ],
  },
  one(
    'an error skips the rest up to Sync',
    parse('SELECT 1/0'),
    bind(),
    execute(),
    parse('SELECT 2'),
    bind(),
    execute(),
    sync,
  ),
  {
    name: 'after the Sync all is well again',
    steps: [
      {
        send: [
          parse('SELECT broken'),
          bind(),
          execute(),
          sync,
          parse('SELECT 2'),
          bind(),
          describe('P'),
          execute(),
          sync,
        ],
        ready: 2,
      },
    ],
  },
  one('Parse only', parse('SELECT 1'), sync),
  one('Describe of the unnamed statement', parse('SELECT $1::int, $2'), describe('S'), sync),
  one(
    'Describe of what returns nothing',
    parse('CREATE TABLE never (a int)'),
    describe('S'),
    bind(),
    describe('P'),
    sync,
  ),
  one(
    'Parse with types',
    parse('SELECT $1, $2', '', [int4, textOid]),
    describe('S'),
    bind({ values: ['1', 'a'] }),
    describe('P'),
    execute(),
    sync,
  ),
  one('Parse with a type left open', parse('SELECT $1 + 1, $2', '', [0, textOid]), describe('S'), sync),
  one('Parse with a type that does not exist', parse('SELECT $1', '', [424242]), sync),
  one(
    'binary parameter',
    parse('SELECT $1 + 1', '', [int4]),
    bind({ values: [fourBytes(41)], parameterFormats: [binary] }),
    describe('P'),
    execute(),
    sync,
  ),
  one(
    'a format for each parameter',
    parse('SELECT $1 || $2', '', [textOid, textOid]),
    bind({ values: ['a', 'b'], parameterFormats: [text, binary] }),
    execute(),
    sync,
  ),
  one(
    'a format for each result',
    parse('SELECT 1, 2, 3'),
    bind({ resultFormats: [text, binary, text] }),
    describe('P'),
    execute(),
    sync,
  ),
  one(
    'too few result formats',
    parse('SELECT 1, 2, 3'),
    bind({ resultFormats: [binary, binary] }),
    execute(),
    sync,
  ),
  one(
    'too few parameter formats',
    parse('SELECT $1, $2, $3'),
    bind({ values: ['1', '2', '3'], parameterFormats: [text, text] }),
    sync,
  ),
  one(
    'a format that does not exist',
    parse('SELECT 1'),
    bind({ resultFormats: [7] }),
    describe('P'),
    execute(),
    sync,
  ),
  one('too few values', parse('SELECT $1::int, $2::int'), bind({ values: ['1'] }), sync),
  one('too many values', parse('SELECT 1'), bind({ values: ['1'] }), sync),
  one(
    'a binary value of the wrong length',
    parse('SELECT $1', '', [int4]),
    bind({ values: [Buffer.from([1, 2])], parameterFormats: [binary] }),
    sync,
  ),
  one('a NULL parameter', parse('SELECT $1::text IS NULL'), bind({ values: [null] }), execute(), sync),
  one('an empty statement', parse(''), bind(), describe('P'), execute(), sync),
  one('several statements in Parse', parse('SELECT 1; SELECT 2'), sync),
  one('Bind to a statement that is not there', bind({ statement: 'nothing' }), sync),
  one('Describe a statement that is not there', describe('S', 'nothing'), sync),
  one('Describe a portal that is not there', describe('P', 'nothing'), sync),
  one('Execute a portal that is not there', execute('nothing'), sync),
  one('Close what is not there', close('S', 'nothing'), close('P', 'nothing'), sync),
  one('Describe of neither kind', message('D', Buffer.from('X'), ''), sync),
  one('Close of neither kind', message('C', Buffer.from('X'), ''), sync),
  each(
    'a named statement used three times',
    [parse('SELECT $1::int * 2', 'twice'), describe('S', 'twice'), sync],
    [bind({ statement: 'twice', values: ['1'] }), execute(), sync],
    [bind({ statement: 'twice', values: ['2'] }), describe('P'), execute(), sync],
    [bind({ statement: 'twice', values: ['3'], resultFormats: [binary] }), execute(), sync],
    [close('S', 'twice'), sync],
    [bind({ statement: 'twice', values: ['1'] }), sync],
  ),
  each(
    'a name that is taken',
    [parse('SELECT 1', 'taken'), sync],
    [parse('SELECT 2', 'taken'), sync],
    [bind({ statement: 'taken' }), execute(), sync],
    [query('DEALLOCATE taken')],
  ),
  each(
    'the unnamed statement is replaced',
    [parse('SELECT 1'), sync],
    [parse('SELECT 2'), sync],
    [bind(), execute(), sync],
    [query('SELECT 3')],
    [bind(), execute(), sync],
  ),
  each(
    'a statement of Parse run by EXECUTE',
    [parse('SELECT $1::text', 'shared'), sync],
    [query("EXECUTE shared('from SQL')")],
    [query('DEALLOCATE shared')],
    [bind({ statement: 'shared', values: ['x'] }), sync],
  ),
  each(
    'a statement of PREPARE run by Bind',
    [query('PREPARE other (int) AS SELECT $1 + 1')],
    [bind({ statement: 'other', values: ['1'] }), describe('P'), execute(), sync],
    [close('S', 'other'), sync],
    [query('EXECUTE other(1)')],
  ),
  each(
    'two portals at a time',
    [query('BEGIN')],
    [
      parse('SELECT i FROM generate_series(1, 6) i', 'rows'),
      bind({ portal: 'a', statement: 'rows' }),
      bind({ portal: 'b', statement: 'rows' }),
      execute('a', 2),
      execute('b', 1),
      execute('a', 2),
      execute('b', 2),
      execute('a', 0),
      sync,
    ],
    [execute('b', 0), sync],
    [execute('a', 0), sync],
    [query('COMMIT')],
    [execute('b', 0), sync],
    [close('S', 'rows'), sync],
  ),
  each(
    'a portal does not outlive its transaction',
    [parse('SELECT 1'), bind({ portal: 'gone' }), execute('gone'), sync],
    [execute('gone'), sync],
  ),
  each(
    'a portal fetched by FETCH',
    [query('BEGIN')],
    [parse('SELECT id FROM products ORDER BY id'), bind({ portal: 'cur' }), execute('cur', 1), sync],
    [query('FETCH 2 FROM cur')],
    [query('CLOSE cur')],
    [execute('cur'), sync],
    [query('ROLLBACK')],
  ),
  each(
    'a cursor executed as a portal',
    [query('BEGIN')],
    [query('DECLARE cur2 CURSOR FOR SELECT id FROM products ORDER BY id')],
    [describe('P', 'cur2'), execute('cur2', 2), sync],
    [execute('cur2', 1), sync],
    [query('COMMIT')],
  ),
  each(
    'a portal name that is taken',
    [query('BEGIN')],
    [parse('SELECT 1'), bind({ portal: 'p1' }), bind({ portal: 'p1' }), sync],
    [query('ROLLBACK')],
  ),
  each(
    'an error in a transaction',
    [query('BEGIN')],
    [parse('SELECT 1/0'), bind(), execute(), sync],
    [parse('SELECT 1'), bind(), execute(), sync],
    [query('SELECT 1')],
    [parse('ROLLBACK'), bind(), execute(), sync],
  ),
  each(
    'BEGIN and COMMIT by Execute',
    [parse('BEGIN'), bind(), execute(), parse('SELECT 1'), bind(), execute(), sync],
    [parse('COMMIT'), bind(), describe('P'), execute(), sync],
  ),
  one(
    'an implicit transaction is undone by a later error',
    parse("INSERT INTO secrets VALUES ('undone', '1')"),
    bind(),
    execute(),
    parse('SELECT 1/0'),
    bind(),
    execute(),
    sync,
  ),
  one('and it is not there', query("SELECT count(*) FROM secrets WHERE name = 'undone'")),
  one('COPY out by Execute', parse('COPY (SELECT 1, 2) TO STDOUT'), bind(), describe('P'), execute(), sync),
  {
    name: 'COPY in by Execute',
    steps: [
      { send: [query('CREATE TEMP TABLE m_copy (a int, b text)')], ready: 1 },
      {
        send: [parse('COPY m_copy FROM STDIN'), bind(), execute(), copyData('1\tx\n'), copyDone, sync],
        ready: 1,
      },
      { send: [query('SELECT * FROM m_copy')], ready: 1 },
    ],
  },
  {
    name: 'COPY in, data and end at once',
    steps: [{ send: [query('COPY m_copy FROM STDIN'), copyData('2\ty\n'), copyDone], ready: 1 }],
  },
  {
    name: 'COPY in, cut in the middle of a row',
    steps: [
      {
        send: [
          query('COPY m_copy FROM STDIN'),
          copyData('3\t'),
          copyData('z'),
          copyData(''),
          copyData('\n4\tw\n'),
          copyDone,
        ],
        ready: 1,
      },
      { send: [query('SELECT * FROM m_copy ORDER BY a')], ready: 1 },
    ],
  },
  {
    name: 'COPY in, failed by the client',
    steps: [
      { send: [query('COPY m_copy FROM STDIN'), copyData('5\tv\n'), copyFail('changed my mind')], ready: 1 },
    ],
  },
  {
    name: 'COPY in, bad data, then more data',
    steps: [
      {
        send: [
          query('COPY m_copy FROM STDIN'),
          copyData('bad\tv\n'),
          copyData('6\tmore\n'),
          copyDone,
          query('SELECT 6'),
        ],
        ready: 2,
      },
    ],
  },
  {
    name: 'COPY in, Flush and Sync are ignored',
    steps: [{ send: [query('COPY m_copy FROM STDIN'), copyData('7\tu\n'), flush, sync, copyDone], ready: 1 }],
  },
  {
    name: 'COPY in, ended by a query',
    steps: [{ send: [query('COPY m_copy FROM STDIN'), copyData('8\tt\n'), query('SELECT 8')], ready: 1 }],
  },
  one('stray COPY messages are ignored', copyData('x'), copyDone, copyFail('x'), query('SELECT 1')),
  one('FunctionCall in text', functionCall(upper, ['abc'])),
  one('FunctionCall in binary', functionCall(int4abs, [fourBytes(-7)], [binary], binary)),
  one('FunctionCall with NULL', functionCall(upper, [null])),
  one('FunctionCall of nothing', functionCall(424242, [])),
  one('FunctionCall with the wrong count', functionCall(upper, [])),
  one('FunctionCall with a bad value', functionCall(int4abs, ['seven'])),
  each(
    'FunctionCall in a failed transaction',
    [query('BEGIN; SELECT 1/0')],
    [functionCall(upper, ['a'])],
    [query('ROLLBACK')],
  ),
  {
    name: 'simple queries pipelined',
    steps: [
      { send: [query('SELECT 1'), query('SELECT 2'), query('SELECT broken'), query('SELECT 4')], ready: 4 },
    ],
  },
  {
    name: 'simple and extended mixed',
    steps: [
      { send: [query('SELECT 1'), parse('SELECT 2'), bind(), execute(), sync, query('SELECT 3')], ready: 3 },
    ],
  },
  {
    name: 'a query inside an unfinished pipeline',
    steps: [{ send: [parse('SELECT 1'), bind(), execute(), query('SELECT 2'), sync], ready: 2 }],
  },
  {
    name: 'a query while errors are skipped',
    steps: [{ send: [parse('SELECT broken'), query('SELECT 2'), sync], ready: 1 }],
  },
  one('an Execute again when all was fetched', parse('SELECT 1'), bind(), execute(), execute(), sync),
  one(
    'an Execute again of an INSERT',
    parse("INSERT INTO secrets VALUES ('again', '1')"),
    bind(),
    execute(),
    execute(),
    sync,
  ),
  one(
    'a row limit on what returns no rows',
    parse('CREATE TEMP TABLE m_limit (a int)'),
    bind(),
    execute('', 1),
    sync,
  ),
  one('a negative row limit', parse('SELECT 1 UNION ALL SELECT 2'), bind(), execute('', -1), sync),
  one(
    'rows suspended, then Sync closes the portal',
    parse('SELECT 1 UNION ALL SELECT 2'),
    bind(),
    execute('', 1),
    sync,
  ),
  one('and it is gone', execute('', 1), sync),
  one('a text with NUL inside', message('Q', Buffer.from('SELECT 1\0; SELECT 2\0'))),
  one('a Parse with NUL inside', message('P', '', Buffer.from('SELECT 1\0x\0'), int16(0)), sync),
  one('a Query without its NUL', message('Q', Buffer.from('SELECT 1'))),
  one('a Bind cut short', message('B', '', '', int16(1)), sync),
  one('a Bind with a length below -1', message('B', '', '', int16(0), int16(1), int32(-2), int16(0)), sync),
  one('an Execute cut short', message('E', ''), sync),
  one('a Parse that promises more types', message('P', '', 'SELECT 1', int16(3), int32(23)), sync),
  one('invalid UTF-8 in a query', message('Q', Buffer.from("SELECT '\xff\xfe'\0", 'latin1'))),
  one(
    'invalid UTF-8 in a value',
    parse('SELECT $1::text'),
    bind({ values: [Buffer.from([0xff])] }),
    execute(),
    sync,
  ),
  one('a Sync with a body', message('S', 'x')),
  one(
    'large value in, large value out',
    parse('SELECT length($1), $1'),
    bind({ values: ['v'.repeat(2_000_000)] }),
    execute(),
    sync,
  ),
  one('many columns', query(`SELECT ${Array.from({ length: 1600 }, (_, i) => `${i} AS c${i}`).join(', ')}`)),
  one('too many columns', query(`SELECT ${Array.from({ length: 1665 }, (_, i) => i).join(', ')}`)),
  one(
    'many parameters',
    parse(`SELECT ${Array.from({ length: 800 }, (_, i) => `$${i + 1}::int`).join(' + ')}`),
    bind({ values: Array.from({ length: 800 }, (_, i) => String(i)) }),
    execute(),
    sync,
  ),
];
