CREATE ROLE corpus_reader

CREATE ROLE corpus_reader

CREATE USER corpus_login PASSWORD 'invented' CONNECTION LIMIT 3 VALID UNTIL '2030-01-01'

ALTER ROLE corpus_login SET statement_timeout = '5s'

ALTER ROLE corpus_login NOCREATEDB

GRANT SELECT ON products, orders TO corpus_reader

GRANT SELECT (id, name), UPDATE (city) ON customers TO corpus_reader

GRANT USAGE ON SCHEMA public TO corpus_reader

GRANT corpus_reader TO corpus_login WITH ADMIN OPTION

GRANT EXECUTE ON FUNCTION discount(numeric, numeric) TO corpus_login

SET ROLE corpus_reader

SELECT current_user

SELECT count(*) FROM products

SELECT * FROM secrets

SELECT email FROM customers LIMIT 1

SELECT name FROM customers ORDER BY id LIMIT 1

DELETE FROM products

CREATE TABLE not_mine (a int)

DROP TABLE products

RESET ROLE

SET SESSION AUTHORIZATION corpus_login

SELECT session_user, current_user

RESET SESSION AUTHORIZATION

SELECT has_table_privilege('corpus_login', 'products', 'select'), pg_has_role('corpus_login', 'corpus_reader', 'member')

REVOKE SELECT ON orders FROM corpus_reader

REVOKE ALL ON customers FROM corpus_reader CASCADE

REVOKE corpus_reader FROM corpus_login

ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT ON TABLES TO corpus_reader

ALTER DEFAULT PRIVILEGES IN SCHEMA public REVOKE SELECT ON TABLES FROM corpus_reader

DROP ROLE corpus_reader

REASSIGN OWNED BY corpus_reader TO CURRENT_USER

DROP OWNED BY corpus_reader, corpus_login

DROP ROLE corpus_reader, corpus_login

DROP ROLE IF EXISTS corpus_reader

SET ROLE nobody_of_that_name
