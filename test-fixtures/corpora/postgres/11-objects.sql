CREATE SCHEMA warehouse

CREATE SCHEMA IF NOT EXISTS warehouse

CREATE SCHEMA extra CREATE TABLE inside (a int) CREATE VIEW inside_view AS SELECT a FROM inside

ALTER SCHEMA extra RENAME TO extra2

DROP SCHEMA extra2

DROP SCHEMA extra2 CASCADE

CREATE VIEW v_cheap AS SELECT id, name, price FROM products WHERE price < 50

CREATE OR REPLACE VIEW v_cheap AS SELECT id, name, price FROM products WHERE price < 60 WITH LOCAL CHECK OPTION

CREATE OR REPLACE VIEW v_cheap AS SELECT id FROM products

UPDATE v_cheap SET price = 99 WHERE id = (SELECT min(id) FROM v_cheap)

SELECT count(*) FROM v_cheap

ALTER VIEW v_cheap RENAME COLUMN name TO title

CREATE RECURSIVE VIEW v_count (n) AS VALUES (1) UNION ALL SELECT n + 1 FROM v_count WHERE n < 3

SELECT * FROM v_count

CREATE MATERIALIZED VIEW mv_totals AS SELECT status, sum(total) AS total FROM orders GROUP BY status WITH NO DATA

SELECT * FROM mv_totals

REFRESH MATERIALIZED VIEW mv_totals

SELECT * FROM mv_totals ORDER BY status

CREATE UNIQUE INDEX mv_totals_status ON mv_totals (status)

REFRESH MATERIALIZED VIEW CONCURRENTLY mv_totals

DROP VIEW mv_totals

DROP MATERIALIZED VIEW mv_totals

DROP VIEW v_cheap, v_count

CREATE SEQUENCE warehouse.s START 10 INCREMENT 5 MINVALUE 10 MAXVALUE 25 NO CYCLE CACHE 1

SELECT nextval('warehouse.s'), nextval('warehouse.s'), currval('warehouse.s'), lastval()

SELECT nextval('warehouse.s') FROM generate_series(1, 3)

ALTER SEQUENCE warehouse.s RESTART WITH 15

SELECT last_value, is_called FROM warehouse.s

SELECT setval('warehouse.s', 20, false)

DROP SEQUENCE warehouse.s

CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')

ALTER TYPE mood ADD VALUE 'fine' AFTER 'ok'

ALTER TYPE mood RENAME VALUE 'sad' TO 'low'

SELECT enum_range(NULL::mood), 'fine'::mood > 'ok'

SELECT 'furious'::mood

CREATE TYPE complex AS (r float8, i float8)

SELECT (1.5, 2.5)::complex, ((1, 2)::complex).i, row(1, NULL)::complex, '(3,4)'::complex

ALTER TYPE complex ADD ATTRIBUTE j float8

CREATE TYPE temp_range AS RANGE (subtype = float8, subtype_diff = float8mi)

SELECT temp_range(1.5, 2.5), '[1,2]'::temp_range @> 1.2::float8

CREATE DOMAIN positive AS integer DEFAULT 1 CHECK (VALUE > 0)

SELECT 5::positive, pg_typeof(5::positive)

SELECT (-5)::positive

ALTER DOMAIN positive ADD CONSTRAINT small CHECK (VALUE < 10)

SELECT 50::positive

CREATE TABLE warehouse.places (m mood, c complex, p positive, t temp_range, d positive[])

INSERT INTO warehouse.places VALUES ('happy', row(1, 2, 3), 5, '[1,2)', '{1,2}'), (NULL, NULL, DEFAULT, 'empty', NULL)

SELECT * FROM warehouse.places

SELECT (c).r, (c).* FROM warehouse.places

DROP TYPE mood

DROP TYPE mood CASCADE

DROP DOMAIN positive CASCADE

DROP TABLE warehouse.places

DROP TYPE complex, temp_range

CREATE FUNCTION add_up(a int, b int DEFAULT 10, VARIADIC rest int[] DEFAULT '{}') RETURNS int LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT a + b + coalesce((SELECT sum(x) FROM unnest(rest) x), 0)::int'

SELECT add_up(1), add_up(1, 2), add_up(1, 2, 3, 4), add_up(1, VARIADIC rest => ARRAY[7])

SELECT add_up('x')

CREATE FUNCTION two_rows(OUT n int, OUT t text) RETURNS SETOF record LANGUAGE plpgsql AS $$ BEGIN n := 1; t := 'a'; RETURN NEXT; n := 2; t := NULL; RETURN NEXT; END $$

SELECT * FROM two_rows()

SELECT two_rows()

CREATE FUNCTION as_table() RETURNS TABLE (id int, name text) BEGIN ATOMIC SELECT p.id, p.name FROM products p WHERE p.id < 3; END

SELECT * FROM as_table() ORDER BY id

CREATE OR REPLACE FUNCTION add_up(a int, b int DEFAULT 10, VARIADIC rest int[] DEFAULT '{}') RETURNS text LANGUAGE sql AS 'SELECT 1::text'

ALTER FUNCTION add_up(int, int, int[]) STABLE COST 5

DROP FUNCTION add_up(int, int, int[]), two_rows, as_table

DROP FUNCTION add_up

CREATE PROCEDURE note_all(INOUT n int) LANGUAGE plpgsql AS $$ BEGIN n := n * 2; RAISE NOTICE 'doubled to %', n; END $$

CALL note_all(21)

CALL note_all('x')

DROP PROCEDURE note_all

SELECT discount(100, 15), discount(price, 10) FROM products WHERE id = 1

SELECT restock(2, 3)

CALL close_month('2025-01-01')

CREATE FUNCTION on_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE NOTICE '% % on %', TG_WHEN, TG_OP, TG_TABLE_NAME; RETURN coalesce(NEW, OLD); END $$

CREATE TRIGGER secrets_change BEFORE INSERT OR DELETE ON secrets FOR EACH ROW EXECUTE FUNCTION on_change()

INSERT INTO secrets VALUES ('t', 't')

DELETE FROM secrets WHERE name = 't'

ALTER TABLE secrets DISABLE TRIGGER secrets_change

ALTER TRIGGER secrets_change ON secrets RENAME TO secrets_changes

DROP TRIGGER secrets_changes ON secrets

CREATE RULE no_delete AS ON DELETE TO secrets DO INSTEAD NOTHING

DELETE FROM secrets

DROP RULE no_delete ON secrets

CREATE EVENT TRIGGER nothing ON ddl_command_start WHEN TAG IN ('CREATE COLLATION') EXECUTE FUNCTION on_change()

DROP FUNCTION on_change

CREATE AGGREGATE product_of (numeric) (sfunc = numeric_mul, stype = numeric, initcond = '1')

SELECT product_of(n) FROM (VALUES (2.0), (3.5)) v (n)

DROP AGGREGATE product_of (numeric)

CREATE OPERATOR === (leftarg = int, rightarg = int, function = int4eq)

SELECT 1 === 1, 1 OPERATOR(pg_catalog.=) 2

DROP OPERATOR === (int, int)

CREATE CAST (text AS order_status) WITH INOUT AS ASSIGNMENT

DROP CAST (text AS order_status)

CREATE COLLATION corpus_c FROM "C"

DROP COLLATION corpus_c

CREATE EXTENSION IF NOT EXISTS plpgsql

CREATE EXTENSION no_such_extension

CREATE TEXT SEARCH CONFIGURATION corpus_cfg (COPY = simple)

DROP TEXT SEARCH CONFIGURATION corpus_cfg

CREATE FOREIGN DATA WRAPPER corpus_fdw

CREATE SERVER corpus_server FOREIGN DATA WRAPPER corpus_fdw

CREATE FOREIGN TABLE corpus_foreign (a int) SERVER corpus_server

SELECT * FROM corpus_foreign

DROP FOREIGN DATA WRAPPER corpus_fdw CASCADE

CREATE PUBLICATION corpus_pub FOR TABLE products

DROP PUBLICATION corpus_pub

DROP SCHEMA warehouse
