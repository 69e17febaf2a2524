import { sequences } from '../attack.ts';

/** What tells nothing by itself, yet must not run: half of an attack, or the end of a value. */
export const guards = [
  ...sequences('placeholders written back', 'refused', [
    "UPDATE customers SET ssn = '[redacted]' WHERE id = 1",
    "INSERT INTO customers (id, name, city, vip, email, ssn) VALUES (900, 'x', 'x', false, 'm@n.example', '[redacted]')",
    "UPDATE customers SET card = '***4001' WHERE id = 1",
    "UPDATE customers SET phone = 'Zx81_aQ9-bNvR3kLmP07Yw' WHERE id = 1",
    "UPDATE customers SET email = '[redacted]' WHERE id = 1",
    'UPDATE customers SET notes = \'"[redacted]"\' WHERE id = 1',
    "MERGE INTO customers c USING scratch s ON c.id = s.id WHEN MATCHED THEN UPDATE SET ssn = '[redacted]'",
  ]),
  ...sequences('tokens made up', 'refused', [
    "SELECT id FROM customers WHERE email = 'tok_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'",
    "UPDATE customers SET email = 'tok_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' WHERE id = 1",
    "SELECT id FROM customers WHERE email IN ('tok_BBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBBB')",
  ]),
  ...sequences('halves of attacks', 'refused', [
    "CREATE VIEW loot AS SELECT id FROM customers WHERE email < 'm'",
    "CREATE POLICY loot ON customers USING (email < 'm')",
    'CREATE STATISTICS loot ON left(email, 1), city FROM customers',
    "CREATE INDEX ON customers ((left(email, 1))) WHERE email < 'm'",
    "COPY customers TO PROGRAM 'cat > /dev/null'",
    "COPY (SELECT email FROM customers) TO '/tmp/never-written'",
    "SELECT pg_notify('mails', email) FROM customers WHERE id = 1",
    "SELECT pg_notify(email, '') FROM customers WHERE id = 1",
    'SELECT pg_sleep(length(email) / 1000.0) FROM customers',
    'SELECT pg_advisory_lock(length(email)) FROM customers',
    'SELECT setseed(length(email) / 100.0) FROM customers',
    'EXPLAIN SELECT count(*) FROM customers GROUP BY feeling',
    'EXPLAIN (VERBOSE) SELECT id FROM customers WHERE salary > 50000000',
    'SELECT email === name FROM customers',
    'SELECT same_text(email, name) FROM customers',
    'SELECT power(credit, 99) FROM customers',
    'SELECT jsonb_path_exists(notes, email::jsonpath) FROM customers WHERE id = 1',
    'SELECT DISTINCT feeling FROM customers',
    "SELECT count(*) FROM pg_stats WHERE tablename = 'customers' AND avg_width > 18",
  ]),
];
