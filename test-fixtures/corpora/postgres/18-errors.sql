SELEC 1

SELECT * FORM products

SELECT 1 +

SELECT (1

SELECT * FROM nowhere

SELECT nothing FROM products

SELECT products.nothing FROM products

SELECT x.id FROM products

SELECT id FROM products, customers

SELECT nofunction(1)

SELECT lower(1, 2)

SELECT 'a' + 1

SELECT 'abc'::int

SELECT 99999999999::int

SELECT 1 / 0

SELECT 1.0 % 0

SELECT sqrt(-1)

SELECT ln(0)

SELECT 2147483647 + 1

SELECT 10::numeric ^ 1000000

SELECT '2024-13-45'::date

SELECT 'notadate'::timestamp

SELECT 'x'::boolean

SELECT 'zz'::uuid

SELECT '{1,2'::int[]

SELECT '\xzz'::bytea

SELECT '300.1.1.1'::inet

SELECT 'x'::nosuchtype

SELECT chr(0)

SELECT substring('a' FROM 1 FOR -1)

SELECT (SELECT id FROM products)

SELECT id, count(*) FROM products

SELECT count(count(*)) FROM products

SELECT id FROM products WHERE count(*) > 1

SELECT id FROM products ORDER BY nothing

SELECT DISTINCT id FROM products ORDER BY name

SELECT 1 UNION SELECT 'a'

SELECT 1, 2 UNION SELECT 3

SELECT * FROM products LIMIT -1

SELECT * FROM products LIMIT 'x'

SELECT ARRAY[1,'a']

SELECT ARRAY[]

SELECT row(1) = row(1, 2)

SELECT generate_series(1, 3, 0)

SELECT 'a' ~ '('

SELECT 'a' LIKE 'a' ESCAPE 'xx'

SELECT to_date('abc', 'YYYY')

SELECT jsonb_path_query('{}', '$.')

SELECT nextval('nosequence')

SELECT currval('invoice_number')

SELECT 1 FROM products GROUP BY 7

SELECT * FROM nosuchschema.products

SELECT * FROM otherdb.public.products

SELECT unnest(1)

SELECT CASE WHEN true THEN 1 ELSE 'x' END

SELECT coalesce(1, 'x')

SELECT interval '1 parsec'

SELECT now() AT TIME ZONE 'Mars/Olympus'

SELECT pg_sleep('x')

SELECT convert_from('\xff', 'UTF8')

SELECT * FROM generate_series(1, 2) AS g (a, b)

SELECT * FROM json_to_record('{}')

WITH x AS (SELECT 1), x AS (SELECT 2) SELECT 1

SELECT $1

SELECT :variable

SELECT @

SELECT 1 AS

SELECT * FROM

INSERT INTO products

UPDATE products SET

DELETE products

CREATE TABLE

DROP

)

;;;

EXPLAIN

GRANT everything ON products TO public

ALTER TABLE products ADD CONSTRAINT products_pkey PRIMARY KEY (id)

CREATE INDEX ON products (nothing)

CREATE VIEW broken AS SELECT nothing

SET nosuchparameter = 1

SET work_mem = 'much'

SHOW nosuchparameter

SELECT set_config('nosuchparameter', '1', false)

SET TRANSACTION ISOLATION LEVEL CHAOS

CREATE FUNCTION broken() RETURNS int LANGUAGE sql AS 'SELECT nothing'

CREATE FUNCTION broken() RETURNS int LANGUAGE plpgsql AS 'BEGIN SELEC 1; END'

CREATE DATABASE shop_copy TEMPLATE no_such_template

SELECT pg_cancel_backend(0)

SELECT 1 WHERE 1
