import {
  bind,
  binary,
  describe,
  execute,
  functionCall,
  int16,
  message,
  parse,
  query,
  sync,
} from '../../clients/frontend-messages.ts';
import type { Conversation } from '../postgres/messages.ts';

/**
 * What was tried on gates like this one. On a direct connection each of these changes a row or shows a value that the
 * sample policies of the shop keep from agents; through the gate none may.
 */
export interface Attack extends Conversation {
  /** `write`: changes the shop. `read`: shows a masked or forbidden value. */
  readonly harm: 'write' | 'read';
}

function texts(harm: Attack['harm'], name: string, ...statements: readonly string[]): Attack {
  return { name, harm, steps: statements.map((text) => ({ send: [query(text)], ready: 1 })) };
}

function frames(
  harm: Attack['harm'],
  name: string,
  ...steps: readonly (readonly [ready: number, ...send: Buffer[]])[]
): Attack {
  return { name, harm, steps: steps.map(([ready, ...send]) => ({ ready, send })) };
}

const pad = ' /* pad */'.repeat(900_000);
const kill = 'DELETE FROM order_items WHERE order_id > 0';

export const attacks: readonly Attack[] = [
  // Reading the request.
  texts('write', 'a comment of nine megabytes before the write', `SELECT 1;${pad} ${kill}`),
  texts(
    'write',
    'a comment of nine megabytes inside the write',
    `DELETE ${pad} FROM order_items WHERE order_id > 0`,
  ),
  texts('write', 'a second statement', `SELECT 1; ${kill}`),
  texts('write', 'a second statement after a line comment', `SELECT 1 -- fine\n; ${kill}`),
  texts('write', 'a write in a CTE under a SELECT', `WITH d AS (${kill} RETURNING *) SELECT count(*) FROM d`),
  texts(
    'write',
    'a write in a CTE under an allowed INSERT',
    `WITH d AS (${kill} RETURNING *) INSERT INTO orders (customer_id, total) SELECT 1, count(*) FROM d`,
  ),
  texts('write', 'a write in a CTE that nothing reads', `WITH d AS (${kill}) SELECT 1`),
  texts('write', 'a write under EXPLAIN ANALYZE', `EXPLAIN ANALYZE ${kill}`),
  texts('write', 'a write behind PREPARE and EXECUTE', `PREPARE p AS ${kill}`, 'EXECUTE p'),
  texts('write', 'a write in DO', `DO $$ BEGIN ${kill}; END $$`),
  texts('write', 'a write put together in DO', "DO $$ BEGIN EXECUTE 'DEL' || 'ETE FROM order_items'; END $$"),
  texts('write', 'a write by a procedure', "CALL close_month('2025-01-01')"),
  texts('write', 'a write by a function in the select list', 'SELECT restock(1, 7) FROM products'),
  texts('write', 'a write by a function in WHERE', 'SELECT id FROM products WHERE restock(id, 1) > 0'),
  texts('write', 'a write by a function in ORDER BY', 'SELECT id FROM products ORDER BY restock(id, 1)'),
  texts('write', 'a write by a function in LIMIT', 'SELECT id FROM products LIMIT (SELECT restock(1, 1))'),
  texts('write', 'a write by a function in VALUES', 'VALUES (restock(1, 1))'),
  texts('write', 'a write by a function in FROM', 'SELECT * FROM restock(1, 1)'),
  texts('write', 'a write by a function with a quoted name', 'SELECT "public"."restock"(1, 1)'),
  texts(
    'write',
    'a write by a function in an allowed INSERT',
    'INSERT INTO orders (customer_id, total) VALUES (1, restock(1, 1))',
  ),
  texts('write', 'a write by a function in COPY', 'COPY (SELECT restock(1, 1)) TO STDOUT'),
  texts(
    'write',
    'a write by a function in SHOW’s neighbour set_config',
    "SELECT set_config('app.x', restock(1, 1)::text, false)",
  ),
  texts(
    'write',
    'MERGE',
    'MERGE INTO order_items i USING orders o ON o.id = i.order_id WHEN MATCHED THEN DELETE',
  ),
  texts('write', 'TRUNCATE', 'TRUNCATE order_items'),
  texts('write', 'odd case and comments', 'dElEtE/**/fRoM/* /* nested */ */order_items'),
  texts('write', 'quoted and qualified', 'DELETE FROM ONLY "public"."order_items" AS x WHERE x.order_id > 0'),
  texts('write', 'a name in Unicode escapes', 'DELETE FROM U&"order\\005fitems" WHERE order_id > 0'),
  texts(
    'write',
    'a WHERE that is none',
    'UPDATE products SET stock = 0 WHERE true; DELETE FROM order_items WHERE true',
  ),
  texts(
    'write',
    'standard_conforming_strings off, and a quote that moves',
    'SET standard_conforming_strings = off',
    `SELECT '\\', '; ${kill}; --'`,
  ),
  texts(
    'write',
    'another client_encoding, and a backslash in a character',
    "SET client_encoding = 'SJIS'",
    kill,
  ),
  texts(
    'write',
    'another search_path, and a table of the same name',
    'CREATE TEMP TABLE products (id int, stock int)',
    'SET search_path = pg_temp, public',
    'UPDATE public.products SET stock = 0 WHERE id > 0; DELETE FROM public.order_items',
  ),
  texts(
    'write',
    'a view made for the purpose',
    'CREATE VIEW harmless AS SELECT * FROM order_items',
    'DELETE FROM harmless',
  ),
  texts(
    'write',
    'a rule made for the purpose',
    'CREATE RULE r AS ON INSERT TO secrets DO ALSO DELETE FROM order_items',
    "INSERT INTO secrets VALUES ('x', 'x')",
  ),
  texts('write', 'a grant', 'GRANT ALL ON order_items TO PUBLIC; DELETE FROM order_items'),
  texts('write', 'COPY into a table', 'BEGIN; DELETE FROM order_items; COMMIT'),
  frames('write', 'the extended protocol', [1, parse(kill), bind(), execute(), sync]),
  frames('write', 'the extended protocol, pipelined after a read', [
    1,
    parse('SELECT 1'),
    bind(),
    execute(),
    parse(kill),
    bind(),
    execute(),
    sync,
  ]),
  frames('write', 'a denied statement, then others before Sync', [
    2,
    parse('DROP SEQUENCE invoice_number'),
    bind(),
    execute(),
    sync,
    parse(kill),
    bind(),
    execute(),
    sync,
  ]),
  frames(
    'write',
    'a name bound to a read, then to a write',
    [1, parse('SELECT 1', 's'), sync],
    [1, query('DEALLOCATE s')],
    [1, parse(kill, 's'), sync],
    [1, bind({ statement: 's' }), execute(), sync],
  ),
  frames('write', 'a statement described as a read and replaced', [
    1,
    parse('SELECT 1'),
    describe('S'),
    parse(kill),
    bind(),
    execute(),
    sync,
  ]),
  frames(
    'write',
    'a portal over a write',
    [1, query('BEGIN')],
    [1, parse(kill), bind({ portal: 'x' }), sync],
    [1, execute('x'), sync],
    [1, query('COMMIT')],
  ),
  frames(
    'write',
    'EXECUTE of what Parse named',
    [1, parse(kill, 'named'), sync],
    [1, query('EXECUTE named')],
  ),
  frames(
    'write',
    'Bind of what PREPARE named',
    [1, query(`PREPARE q AS ${kill}`)],
    [1, bind({ statement: 'q' }), execute(), sync],
  ),
  frames('write', 'two queries in one packet', [2, query('SELECT 1'), query(kill)]),
  frames('write', 'a parameter type that nobody expects', [
    1,
    parse('SELECT restock($1, $2)', '', [23, 23]),
    bind({ values: ['1', '5'] }),
    execute(),
    sync,
  ]),

  // What masks and rules keep back.
  texts('read', 'a forbidden table', 'SELECT * FROM secrets'),
  texts(
    'read',
    'a forbidden table in a subquery',
    'SELECT name, (SELECT value FROM secrets LIMIT 1) FROM products',
  ),
  texts(
    'read',
    'a forbidden table in a lateral join',
    'SELECT s.value FROM products p, LATERAL (SELECT value FROM secrets WHERE p.id = 1) s',
  ),
  texts(
    'read',
    'a forbidden table in a set operation',
    'SELECT name FROM products UNION ALL SELECT value FROM secrets',
  ),
  texts(
    'read',
    'a forbidden table in RETURNING',
    'INSERT INTO orders (customer_id) VALUES (1) RETURNING (SELECT value FROM secrets LIMIT 1)',
  ),
  texts('read', 'a forbidden table in an error', 'SELECT (SELECT value FROM secrets LIMIT 1)::int'),
  texts('read', 'a forbidden table by TABLE', 'TABLE secrets'),
  texts('read', 'a forbidden table by COPY', 'COPY secrets TO STDOUT'),
  texts(
    'read',
    'a forbidden table by a cursor',
    'BEGIN; DECLARE c CURSOR FOR SELECT * FROM secrets; FETCH ALL c; COMMIT',
  ),
  texts('read', 'a forbidden table as a row type', 'SELECT secrets FROM secrets'),
  texts('read', 'a forbidden table through table_to_xml', "SELECT table_to_xml('secrets', true, false, '')"),
  texts(
    'read',
    'a forbidden table through query_to_xml',
    "SELECT query_to_xml('SELECT * FROM secrets', true, false, '')",
  ),
  texts('read', 'a masked column under another name', 'SELECT email AS id FROM customers'),
  texts('read', 'a masked column inside an expression', "SELECT email || '' FROM customers"),
  texts('read', 'a masked column turned around', 'SELECT reverse(reverse(email)) FROM customers'),
  texts('read', 'a whole row', 'SELECT c FROM customers c'),
  texts('read', 'a whole row as JSON', 'SELECT to_jsonb(c) FROM customers c'),
  texts('read', 'rows gathered', 'SELECT array_agg(c.email) FROM customers c'),
  texts('read', 'a masked column through a view', 'SELECT email FROM customer_totals'),
  texts(
    'read',
    'a masked column through a CTE',
    'WITH c AS (SELECT email AS e FROM customers) SELECT e FROM c',
  ),
  texts('read', 'a masked column by COPY', 'COPY customers TO STDOUT'),
  texts('read', 'a masked column by COPY of a query', 'COPY (SELECT email FROM customers) TO STDOUT'),
  texts(
    'read',
    'a masked column by a cursor',
    'BEGIN; DECLARE c CURSOR FOR SELECT email FROM customers; FETCH ALL c; COMMIT',
  ),
  texts('read', 'a masked column in an error', 'SELECT email::int FROM customers'),
  texts(
    'read',
    'a masked column in a notice',
    "DO $$ DECLARE e text; BEGIN SELECT email INTO e FROM customers LIMIT 1; RAISE NOTICE '%', e; END $$",
  ),
  texts(
    'read',
    'a masked column in statistics',
    "SELECT histogram_bounds, most_common_vals FROM pg_stats WHERE attname IN ('email', 'ssn')",
  ),
  texts(
    'read',
    'a masked column copied where no mask is',
    'INSERT INTO orders (customer_id, note) SELECT id, email FROM customers RETURNING note',
  ),
  texts(
    'read',
    'a masked column by UPDATE … RETURNING',
    'UPDATE products SET stock = stock FROM customers c WHERE products.id = 1 RETURNING c.email',
  ),
  texts(
    'read',
    'a masked column by a plan',
    "EXPLAIN ANALYZE SELECT * FROM customers WHERE email = (SELECT min(email) FROM customers) OR email = 'bo.moreau1@example.com'",
  ),
  frames('read', 'a masked column in binary', [
    1,
    parse('SELECT email, ssn FROM customers'),
    bind({ resultFormats: [binary] }),
    execute(),
    sync,
  ]),
  frames(
    'read',
    'a masked column, described once, executed often',
    [1, parse('SELECT email FROM customers', 'm'), describe('S', 'm'), sync],
    [1, bind({ statement: 'm' }), execute(), sync],
    [1, bind({ statement: 'm', resultFormats: [binary] }), execute(), sync],
  ),
  frames(
    'read',
    'a masked column in pieces',
    [1, query('BEGIN')],
    [1, parse('SELECT email FROM customers'), bind({ portal: 'k' }), execute('k', 2), execute('k', 2), sync],
    [1, execute('k', 0), sync],
    [1, query('COMMIT')],
  ),
  frames(
    'read',
    'FETCH from a portal of the protocol',
    [1, query('BEGIN')],
    [1, parse('SELECT email FROM customers'), bind({ portal: 'f' }), sync],
    [1, query('FETCH 5 FROM f')],
    [1, query('COMMIT')],
  ),
  // pg_read_file(text), by its OID.
  frames('read', 'a function by its number', [1, functionCall(3826, ['postgresql.conf'])]),
  frames('read', 'a length that lies', [
    1,
    message('P', '', Buffer.from('SELECT value FROM secrets\0'), int16(0)),
    bind(),
    execute(),
    sync,
  ]),
];
