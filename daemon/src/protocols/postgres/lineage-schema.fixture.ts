/** A schema in which most names stand for something that only the catalog can tell. */
export const lineageSchema = `
  CREATE SCHEMA hr; CREATE SCHEMA app; CREATE SCHEMA other;
  CREATE DOMAIN app.code AS text; CREATE DOMAIN app.short AS app.code CHECK (length(VALUE) < 9);
  CREATE TYPE app.mood AS ENUM ('good', 'bad');
  CREATE TYPE app.pair AS (one int, two text);
  CREATE TABLE hr.people (gone int, id int PRIMARY KEY, name text NOT NULL UNIQUE, ssn app.short, mood app.mood, tags text[],
    address app.pair, maybe text UNIQUE, late int NOT NULL UNIQUE DEFERRABLE, initial text GENERATED ALWAYS AS (left(ssn::text, 1) || name) STORED,
    low text NOT NULL, part text NOT NULL);
  ALTER TABLE hr.people DROP COLUMN gone;
  CREATE UNIQUE INDEX ON hr.people (lower(low)); CREATE UNIQUE INDEX ON hr.people (part) WHERE id > 5;
  CREATE UNIQUE INDEX ON hr.people (part, low) INCLUDE (ssn);
  CREATE TABLE other.people (id int PRIMARY KEY); CREATE TABLE other.heir () INHERITS (other.people);
  CREATE TABLE app.events (at date, payload text, PRIMARY KEY (at)) PARTITION BY RANGE (at);
  CREATE TABLE app.events_2026 PARTITION OF app.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE SEQUENCE app.numbers;
  CREATE TABLE app.ruled (x int); CREATE RULE away AS ON INSERT TO app.ruled DO INSTEAD NOTHING;
  CREATE FUNCTION app.twice(n int, by int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT n * by';
  CREATE FUNCTION app.twice(n text) RETURNS text LANGUAGE sql AS $$ SELECT n || n FROM people $$;
  CREATE FUNCTION other.twice(n int) RETURNS int LANGUAGE sql AS 'SELECT 0';
  CREATE FUNCTION app.ssn_of(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT ssn FROM hr.people WHERE id = $1';
  CREATE FUNCTION app.deep(int) RETURNS text LANGUAGE sql AS 'SELECT app.ssn_of($1) FROM app.named';
  CREATE FUNCTION app.pinned() RETURNS SETOF text LANGUAGE sql SET search_path = hr, pg_temp AS 'SELECT name FROM people';
  CREATE FUNCTION app.calls_back() RETURNS text LANGUAGE sql SET search_path = other AS $$ SELECT hr.follows_caller()::text $$;
  CREATE FUNCTION hr.follows_caller() RETURNS int LANGUAGE sql AS 'SELECT id FROM people';
  CREATE FUNCTION app.definer() RETURNS int LANGUAGE sql SECURITY DEFINER AS 'SELECT id FROM people';
  CREATE FUNCTION app.outs(a int, OUT x int, INOUT y text, VARIADIC rest int[]) RETURNS record LANGUAGE sql AS $$ SELECT 1, y $$;
  CREATE FUNCTION app.as_table(int) RETURNS TABLE (id int, name text) LANGUAGE sql AS 'SELECT id, name FROM hr.people';
  CREATE FUNCTION app.row_of(int) RETURNS hr.people LANGUAGE sql AS 'SELECT p FROM hr.people p LIMIT 1';
  CREATE FUNCTION app.default_reads(a text DEFAULT app.ssn_of(1)) RETURNS text LANGUAGE sql AS 'SELECT a';
  CREATE FUNCTION app.default_reaches(a text DEFAULT pg_read_file('x')) RETURNS text LANGUAGE sql AS 'SELECT a';
  CREATE FUNCTION app.quoting() RETURNS text LANGUAGE sql SET standard_conforming_strings = off AS 'SELECT 1::text';
  CREATE FUNCTION app.changes_path() RETURNS text LANGUAGE sql AS $$ SELECT set_config('search_path', 'hr', true) $$;
  CREATE FUNCTION app.looks(wanted int) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE found_name text := app.twice(1)::text; r record;
    BEGIN
      SELECT name INTO found_name FROM people WHERE id = wanted;
      FOR r IN SELECT * FROM hr.people LOOP found_name := found_name || r.ssn; END LOOP;
      IF found_name IS NULL THEN RAISE NOTICE 'none for %', app.ssn_of(wanted); END IF;
      RETURN upper(found_name);
    END $$;
  CREATE FUNCTION app.runs(what text) RETURNS text LANGUAGE plpgsql AS $$
    DECLARE r text; BEGIN EXECUTE what INTO r; RETURN r; END $$;
  CREATE PROCEDURE app.works() LANGUAGE plpgsql AS 'BEGIN UPDATE hr.people SET name = upper(name); COMMIT; END';
  CREATE AGGREGATE app.glue(text) (SFUNC = textcat, STYPE = text);
  CREATE FUNCTION app.same(text, app.mood) RETURNS boolean LANGUAGE sql AS 'SELECT true';
  CREATE OPERATOR app.=== (LEFTARG = text, RIGHTARG = app.mood, FUNCTION = app.same);
  CREATE OPERATOR app.= (LEFTARG = text, RIGHTARG = app.mood, FUNCTION = app.same);
  CREATE FUNCTION app.to_date(app.mood) RETURNS date LANGUAGE sql AS 'SELECT now()::date';
  CREATE CAST (app.mood AS date) WITH FUNCTION app.to_date(app.mood);
  CREATE VIEW app.named AS SELECT id, name FROM hr.people;
  CREATE VIEW app.two AS SELECT n.name, app.twice(n.id), c.relname FROM app.named n, pg_class c;
  CREATE VIEW app.both AS SELECT a.id AS a, b.id AS b FROM hr.people a, other.people b;
  CREATE VIEW app.columns AS SELECT column_name FROM information_schema.columns;
  CREATE VIEW app.samples AS SELECT most_common_vals::text FROM pg_stats;
  CREATE VIEW app.written AS SELECT id FROM hr.people; CREATE RULE away AS ON DELETE TO app.written DO INSTEAD NOTHING;
  CREATE RECURSIVE VIEW app.counted (n) AS SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < 5;
  CREATE MATERIALIZED VIEW app.kept AS SELECT name, ssn FROM hr.people; CREATE UNIQUE INDEX ON app.kept (name);
`;

/** Only from PostgreSQL 14 on. */
export const atomicSchema = `
  CREATE FUNCTION app.parsed(n int) RETURNS text LANGUAGE sql BEGIN ATOMIC
    SELECT app.twice(p.id, n) FROM hr.people p; SELECT ssn FROM hr.people WHERE id = n; END;
  CREATE FUNCTION app.returned(begin int) RETURNS int LANGUAGE sql RETURN app.twice(begin) + 1;
`;

/** Extensions that most databases have some of. */
export const extensionSchema = `
  CREATE EXTENSION citext; CREATE EXTENSION pg_stat_statements; CREATE EXTENSION file_fdw;
  CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
  CREATE FOREIGN TABLE app.passwords (line text) SERVER files OPTIONS (filename '/nowhere');
`;
