import { queries, sequences } from '../attack.ts';

/** What the server itself says of values: plans, statistics, errors, notices, its own catalogs. */
/** The twins' numbers do not hold it equally often. */
const digit = '4';

export const serverDoors = [
  ...sequences('lengths in plans', 'masked', [
    'EXPLAIN (FORMAT json) SELECT email FROM customers',
    'EXPLAIN (FORMAT yaml) SELECT * FROM customers',
    'EXPLAIN (FORMAT xml) SELECT * FROM customers',
    ...['SERIALIZE', 'SERIALIZE, FORMAT json'].map(
      (options) =>
        `EXPLAIN (ANALYZE, ${options}, COSTS off, TIMING off, SUMMARY off, BUFFERS off) SELECT translate(ssn, '${digit}', '') FROM customers, generate_series(1, 20000) WHERE id = 1`,
    ),
    `EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) SELECT translate(concat(ssn, ssn, ssn, ssn, ssn, ssn), '${digit}', '') FROM customers, generate_series(1, 20000) g WHERE id = 1 ORDER BY g`,
  ]),
  ...sequences('plans', 'refused', [
    "EXPLAIN SELECT id FROM customers WHERE email < 'm'",
    "EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) SELECT id FROM customers WHERE email < 'm'",
    'EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) SELECT 1 FROM customers c JOIN guesses g ON c.email = g.word',
    "EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off, FORMAT json) DELETE FROM orders WHERE email < 'm'",
    "EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) UPDATE scratch SET word = email FROM customers WHERE customers.id = scratch.id AND email < 'm'",
    [
      "PREPARE p AS SELECT id FROM customers WHERE email < 'm'",
      'EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) EXECUTE p',
    ],
    "EXPLAIN (ANALYZE, COSTS off, TIMING off, SUMMARY off, BUFFERS off) CREATE TABLE loot AS SELECT id FROM customers WHERE email < 'm'",
  ]),
  ...queries('statistics and what sessions do', 'refused', [
    "SELECT most_common_vals::text, histogram_bounds::text FROM pg_stats WHERE tablename = 'customers' AND attname = 'email'",
    "SELECT * FROM pg_stats WHERE tablename = 'customers'",
    "SELECT histogram_bounds FROM pg_stats WHERE attname = 'salary'",
    "SELECT stavalues1 FROM pg_statistic WHERE starelid = 'customers'::regclass",
    "SELECT s FROM pg_statistic s WHERE starelid = 'customers'::regclass",
    "SELECT to_jsonb(s) FROM pg_stats s WHERE tablename = 'customers'",
  ]),
  ...queries('statistics in conditions', 'refused', [
    "SELECT 1 FROM pg_stats WHERE tablename = 'customers' AND attname = 'email' AND histogram_bounds::text < '{between}' OR histogram_bounds::text LIKE '%{guess}%'",
    "SELECT attname FROM pg_stats WHERE tablename = 'customers' ORDER BY avg_width, attname",
  ]),
  ...sequences('errors and notices', 'refused', [
    'SELECT email::int FROM customers WHERE id = 1',
    'SELECT (email || id)::date FROM customers WHERE id = 1',
    "SELECT 1 / (CASE WHEN email < '{between}' THEN 0 ELSE 1 END) FROM customers WHERE id = 1",
    "SELECT 1 / count(*) FILTER (WHERE email = '{guess}') FROM customers",
    "SELECT (SELECT 1 FROM customers c, generate_series(1, length(c.email) - length('{guess}') + 1) WHERE c.id = 3)",
    "SELECT (SELECT id FROM customers WHERE email > 'v')",
    "SELECT to_timestamp(email, 'YYYY') FROM customers WHERE id = 1",
    'SELECT email::inet FROM customers WHERE id = 1',
    'SELECT pg_typeof(email::regtype) FROM customers WHERE id = 1',
    "SELECT has_table_privilege(email, 'select') FROM customers WHERE id = 1",
    'INSERT INTO scratch (id, number) SELECT 1000 + id, email::numeric FROM customers',
    'INSERT INTO scratch SELECT length(email) FROM customers',
    "ALTER TABLE customers ADD CONSTRAINT low CHECK (email <> '{guess}')",
    'ALTER TABLE customers ADD CONSTRAINT rich CHECK (salary > 20000000)',
    "CREATE UNIQUE INDEX ON orders ((1)) WHERE email = '{guess}'",
    'CREATE UNIQUE INDEX ON customers (left(email, 1))',
    'CREATE INDEX ON customers ((email::int))',
    "ALTER TABLE orders ADD EXCLUDE USING btree ((1) WITH =) WHERE (email = '{guess}')",
    'ALTER TABLE orders ALTER COLUMN email TYPE int USING email::int',
    "ALTER TABLE orders ADD CONSTRAINT lengths CHECK (length(email) <> length('{guess}') OR customer_id <> 3)",
    "ALTER TABLE customers ADD COLUMN n int GENERATED ALWAYS AS (1 / (length(email) - length('{guess}') + (id - 3) * 99)) STORED",
    ["CREATE VIEW loot AS SELECT id FROM customers WHERE email < 'm'", 'SELECT * FROM loot'],
    [
      "CREATE TEMP VIEW loot AS SELECT id, email < 'm' AS low FROM customers",
      'SELECT id FROM loot WHERE low',
    ],
    [
      "CREATE RULE loot AS ON UPDATE TO scratch WHERE EXISTS (SELECT FROM customers WHERE email = '{guess}') DO INSTEAD NOTHING",
      'UPDATE scratch SET number = 0',
    ],
    [
      "CREATE FUNCTION loot(int) RETURNS boolean LANGUAGE sql AS 'SELECT email < ''m'' FROM customers WHERE id = $1'",
      'SELECT id FROM customers WHERE loot(id)',
    ],
    [
      "CREATE FUNCTION loot() RETURNS SETOF int LANGUAGE sql AS 'SELECT id FROM customers WHERE email < ''m'' '",
      'SELECT * FROM loot()',
    ],
    [
      "CREATE FUNCTION loot() RETURNS SETOF int LANGUAGE sql BEGIN ATOMIC SELECT id FROM customers WHERE email < 'm'; END",
      'SELECT * FROM loot()',
    ],
    "DO $$ BEGIN RAISE EXCEPTION '%', (SELECT email FROM customers WHERE id = 1); END $$",
    "DO $$ BEGIN RAISE NOTICE '%', (SELECT email FROM customers WHERE id = 1); END $$",
    "DO $$ BEGIN IF (SELECT email FROM customers WHERE id = 1) < '{between}' THEN RAISE EXCEPTION 'low'; END IF; END $$",
    "DO $$ BEGIN PERFORM set_config('application_name', (SELECT email FROM customers WHERE id = 1), false); END $$",
  ]),
  ...sequences('code that speaks', 'masked', [
    [
      "CREATE FUNCTION loot(int) RETURNS text LANGUAGE sql AS 'SELECT email FROM customers WHERE id = $1'",
      'SELECT loot(1)',
    ],
    ['CREATE VIEW loot AS SELECT id, email AS word FROM customers', 'SELECT word FROM loot'],
    ['CREATE TEMP VIEW loot AS SELECT to_json(c) AS word FROM customers c', 'SELECT word FROM loot'],
    ['CREATE VIEW mail_too AS SELECT mail AS m FROM mails', 'SELECT m, upper(m) FROM mail_too'],
    [
      'CREATE RECURSIVE VIEW loot (n, word) AS SELECT 1, email FROM customers WHERE id = 1 UNION ALL SELECT n + 1, word FROM loot WHERE n < 3',
      'SELECT word FROM loot',
    ],
  ]),
  ...sequences('code that acts on what it reads', 'refused', [
    'SELECT tell(1)',
    'SELECT tell(id) FROM customers WHERE id < 3',
    [
      "CREATE FUNCTION loot(int) RETURNS text LANGUAGE plpgsql AS 'DECLARE m text; BEGIN SELECT email INTO m FROM customers WHERE id = $1; RETURN m; END'",
      'SELECT loot(1)',
    ],
    [
      "CREATE FUNCTION loot(int) RETURNS text LANGUAGE plpgsql AS 'BEGIN RAISE EXCEPTION ''%'', (SELECT email FROM customers WHERE id = $1); END'",
      'SELECT loot(1)',
    ],
  ]),
  ...sequences('state of the session', 'refused', [
    "SELECT set_config('application_name', email, false) FROM customers WHERE id = 1",
    ["SELECT set_config('my.mail', email, false) FROM customers WHERE id = 1", 'SHOW my.mail'],
    [
      "SELECT set_config('my.mail', (SELECT email FROM customers WHERE id = 1), false)",
      "SELECT current_setting('my.mail')",
    ],
    [
      "SELECT lo_from_bytea(77001, convert_to(email, 'UTF8')) FROM customers WHERE id = 1",
      'SELECT lo_get(77001)',
    ],
    [
      'SELECT pg_advisory_lock(length(email)) FROM customers WHERE id = 1',
      "SELECT objid FROM pg_locks WHERE locktype = 'advisory' AND pid = pg_backend_pid()",
    ],
  ]),
  ...sequences('cursors and prepared statements', 'masked', [
    ['BEGIN', 'DECLARE k CURSOR FOR SELECT email FROM customers', 'FETCH 3 FROM k', 'COMMIT'],
    [
      'BEGIN',
      'DECLARE k SCROLL CURSOR FOR SELECT upper(email) FROM customers',
      'FETCH LAST FROM k',
      'FETCH BACKWARD 2 FROM k',
      'COMMIT',
    ],
    ['DECLARE k CURSOR WITH HOLD FOR SELECT * FROM customers', 'FETCH ALL FROM k', 'CLOSE k'],
    [
      'BEGIN',
      'DECLARE k BINARY CURSOR FOR SELECT email, credit, ref FROM customers',
      'FETCH ALL FROM k',
      'COMMIT',
    ],
    ['PREPARE p AS SELECT email FROM customers', 'EXECUTE p'],
    ['PREPARE p (int) AS SELECT email FROM customers WHERE id = $1', 'EXECUTE p (3)'],
    [
      'PREPARE p AS SELECT name FROM customers',
      'DEALLOCATE p',
      'PREPARE p AS SELECT ssn FROM customers',
      'EXECUTE p',
    ],
    [
      'PREPARE p AS SELECT * FROM mails',
      'CREATE OR REPLACE VIEW mails AS SELECT id, ssn::text AS mail FROM customers',
      'EXECUTE p',
    ],
    ['PREPARE p AS UPDATE customers SET vip = vip WHERE id = 1 RETURNING email', 'EXECUTE p'],
    [
      'BEGIN',
      'PREPARE p AS SELECT email FROM customers',
      'SAVEPOINT s',
      'EXECUTE p',
      'ROLLBACK TO s',
      'EXECUTE p',
      'COMMIT',
    ],
  ]),
  ...sequences('cursors and prepared statements that ask', 'refused', [
    ['PREPARE p (text) AS SELECT $1 || email FROM customers', "EXECUTE p ('x')"],
    [
      'BEGIN',
      "DECLARE k CURSOR FOR SELECT id FROM customers WHERE email < 'm'",
      'FETCH ALL FROM k',
      'COMMIT',
    ],
    [
      'BEGIN',
      'DECLARE k SCROLL CURSOR FOR SELECT id FROM customers ORDER BY email',
      'MOVE FORWARD ALL FROM k',
      'FETCH LAST FROM k',
      'COMMIT',
    ],
    ['PREPARE p (text) AS SELECT id FROM customers WHERE email < $1', "EXECUTE p ('m')"],
    ['PREPARE p (text) AS SELECT id FROM customers WHERE email = $1', "EXECUTE p ('{guess}')"],
    ['PREPARE p (text[]) AS SELECT id FROM customers WHERE email = ANY ($1)', "EXECUTE p (ARRAY['{guess}'])"],
    ['PREPARE p (int) AS SELECT id FROM customers ORDER BY email LIMIT $1', 'EXECUTE p (3)'],
  ]),
  ...sequences('names that change their meaning', 'masked', [
    [
      'CREATE SCHEMA mine',
      'CREATE VIEW mine.customers AS SELECT id, email AS word FROM public.customers',
      'SET search_path = mine, public',
      'SELECT word FROM customers',
      'RESET search_path',
    ],
    [
      'CREATE SCHEMA mine',
      "CREATE FUNCTION mine.upper(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
      'SET search_path = mine, pg_catalog, public',
      'SELECT upper(email) FROM customers',
      'RESET search_path',
    ],
    [
      'CREATE SCHEMA mine',
      "CREATE FUNCTION mine.count(text) RETURNS text LANGUAGE sql AS 'SELECT $1'",
      'SET search_path = mine, pg_catalog, public',
      'SELECT count(email) FROM customers',
      'RESET search_path',
    ],
    [
      'CREATE TEMP VIEW orders AS SELECT id, email AS status FROM public.customers',
      'SELECT status FROM orders',
    ],
    [
      'CREATE VIEW v AS SELECT 1 AS id, name AS word FROM customers',
      'SELECT word FROM v',
      'CREATE OR REPLACE VIEW v AS SELECT 1 AS id, email AS word FROM customers',
      'SELECT word FROM v',
    ],
    [
      'BEGIN',
      'CREATE OR REPLACE VIEW names AS SELECT id, email AS name, city FROM customers',
      'SELECT name FROM names',
      'ROLLBACK',
    ],
    [
      'CREATE TABLE child () INHERITS (customers)',
      'SELECT email FROM child UNION ALL SELECT email FROM customers',
    ],
  ]),
];
