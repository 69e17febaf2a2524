CREATE TABLE t_plain (a int, b text)

CREATE TABLE t_plain (a int)

CREATE TABLE IF NOT EXISTS t_plain (a int)

CREATE TABLE t_full (id serial PRIMARY KEY, a int NOT NULL CHECK (a > 0), b text COLLATE "C" DEFAULT 'x', c numeric UNIQUE, r int REFERENCES products ON DELETE SET NULL ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED, CONSTRAINT pair CHECK (a < 100 OR b <> 'x'), EXCLUDE USING btree (b WITH =))

CREATE TABLE t_like (LIKE t_full INCLUDING ALL EXCLUDING CONSTRAINTS)

CREATE TABLE t_as AS SELECT id, name FROM products WHERE id < 4

CREATE TABLE t_as_empty (x, y) AS SELECT 1, 'a' WITH NO DATA

SELECT id, name INTO t_into FROM products WHERE id < 3

CREATE TABLE t_child (extra int) INHERITS (t_plain)

INSERT INTO t_child VALUES (1, 'one', 2)

SELECT tableoid::regclass, * FROM t_plain

SELECT * FROM ONLY t_plain

CREATE TABLE t_parted (id int, at date NOT NULL, region text) PARTITION BY RANGE (at)

CREATE TABLE t_parted_2024 PARTITION OF t_parted FOR VALUES FROM ('2024-01-01') TO ('2025-01-01')

CREATE TABLE t_parted_rest PARTITION OF t_parted DEFAULT

INSERT INTO t_parted VALUES (1, '2024-05-05', 'n'), (2, '2030-01-01', 's')

SELECT tableoid::regclass, id FROM t_parted ORDER BY id

ALTER TABLE t_parted DETACH PARTITION t_parted_rest

INSERT INTO t_parted VALUES (3, '2031-01-01', 's')

ALTER TABLE t_parted ATTACH PARTITION t_parted_rest DEFAULT

CREATE TABLE t_hash (id int) PARTITION BY HASH (id)

CREATE TABLE t_hash_0 PARTITION OF t_hash FOR VALUES WITH (MODULUS 1, REMAINDER 0)

CREATE TABLE t_list (id text) PARTITION BY LIST (id)

CREATE TABLE t_list_a PARTITION OF t_list FOR VALUES IN ('a', NULL)

CREATE UNLOGGED TABLE t_unlogged (a int) WITH (fillfactor = 70)

CREATE TEMPORARY TABLE t_temp (a int) ON COMMIT DELETE ROWS

INSERT INTO t_temp VALUES (1)

SELECT count(*) FROM t_temp

CREATE TEMP TABLE t_temp_drop ON COMMIT DROP AS SELECT 1 AS one

CREATE TABLE t_bad (a int, a text)

CREATE TABLE t_bad (a nonexistent)

CREATE TABLE t_bad (a int PRIMARY KEY, b int PRIMARY KEY)

ALTER TABLE t_plain ADD COLUMN c int DEFAULT 5

ALTER TABLE t_plain ADD COLUMN c int

ALTER TABLE t_plain ADD COLUMN IF NOT EXISTS c int

ALTER TABLE t_plain ALTER COLUMN c TYPE bigint USING c * 2

ALTER TABLE t_plain ALTER c SET DEFAULT 6, ALTER c SET NOT NULL

ALTER TABLE t_plain ALTER COLUMN c SET STATISTICS 200

ALTER TABLE t_plain RENAME COLUMN c TO d

ALTER TABLE t_plain ADD CONSTRAINT d_positive CHECK (d > 0) NOT VALID

ALTER TABLE t_plain VALIDATE CONSTRAINT d_positive

ALTER TABLE t_plain DROP CONSTRAINT d_positive

ALTER TABLE t_plain DROP COLUMN d CASCADE

ALTER TABLE t_plain RENAME TO t_renamed

ALTER TABLE t_renamed SET (autovacuum_enabled = off)

ALTER TABLE t_renamed ENABLE ROW LEVEL SECURITY

CREATE POLICY only_ones ON t_renamed FOR SELECT TO public USING (a = 1)

ALTER POLICY only_ones ON t_renamed USING (a = 2)

DROP POLICY only_ones ON t_renamed

ALTER TABLE t_renamed REPLICA IDENTITY FULL

ALTER TABLE t_renamed OWNER TO CURRENT_USER

ALTER TABLE missing ADD x int

ALTER TABLE IF EXISTS missing ADD x int

COMMENT ON TABLE t_renamed IS 'renamed in the corpus'

COMMENT ON COLUMN t_renamed.a IS NULL

SELECT obj_description('t_renamed'::regclass)

CREATE INDEX t_full_a ON t_full (a)

CREATE UNIQUE INDEX IF NOT EXISTS t_full_b ON t_full USING btree (lower(b) DESC NULLS LAST) INCLUDE (c) WHERE a > 1

CREATE INDEX CONCURRENTLY t_full_c ON t_full (c)

CREATE INDEX t_full_gin ON products USING gin (tags)

ALTER INDEX t_full_a RENAME TO t_full_aa

REINDEX INDEX t_full_aa

REINDEX TABLE t_full

DROP INDEX t_full_aa, t_full_gin

DROP INDEX IF EXISTS t_full_none

CREATE STATISTICS t_full_stats (dependencies) ON a, b FROM t_full

ALTER STATISTICS t_full_stats SET STATISTICS 50

DROP STATISTICS t_full_stats

CREATE TABLE t_typed OF order_status

CREATE TYPE row_kind AS (x int, y text)

CREATE TABLE t_typed OF row_kind (x WITH OPTIONS PRIMARY KEY)

CLUSTER t_full USING t_full_pkey

VACUUM t_full

VACUUM (ANALYZE, VERBOSE false) t_full

ANALYZE t_full (a, b)

LOCK TABLE t_full IN SHARE MODE

DROP TABLE t_like

DROP TABLE t_like

DROP TABLE IF EXISTS t_like

DROP TABLE products

DROP TABLE t_typed, t_list, t_hash, t_parted, t_unlogged, t_temp, t_into, t_as, t_as_empty CASCADE

DROP TABLE t_renamed

DROP TABLE t_renamed CASCADE

DROP TYPE row_kind

DROP TABLE t_full
