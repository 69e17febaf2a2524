--! parameters ["1"]
SELECT id, name FROM products WHERE id = $1

--! parameters ["100", "home"]
SELECT id FROM products WHERE price < $1 AND category = $2 ORDER BY id

--! parameters [null]
SELECT $1::text IS NULL AS missing

--! parameters ["a", "b", "a"]
SELECT $1 || $2 || $3, $1 = $3

--! parameters ["{1,2,3}"]
SELECT id FROM products WHERE id = ANY ($1::int[]) ORDER BY id

--! parameters ["{\"a\":1}"]
SELECT $1::jsonb -> 'a'

--! parameters ["2024-01-01", "1 day"]
SELECT $1::date + $2::interval

--! parameters ["not a number"]
SELECT $1::int

--! parameters ["p", "v"]
INSERT INTO secrets VALUES ($1, $2) RETURNING name

--! parameters ["w", "p"]
UPDATE secrets SET value = $1 WHERE name = $2

--! parameters ["p"]
DELETE FROM secrets WHERE name = $1 RETURNING value

--! parameters []
SELECT id FROM products WHERE id = $1

--! parameters ["1", "2"]
SELECT $1::int

--! parameters ["'; DROP TABLE products; --"]
SELECT $1::text AS quoted

--! parameters ["3", "2"]
SELECT id FROM products ORDER BY id LIMIT $1 OFFSET $2

--! parameters ["ünï 😀"]
SELECT $1::text, length($1)

--! parameters ["\\x00ff"]
SELECT $1::bytea

--! parameters ["paid"]
SELECT count(*) FROM orders WHERE status = $1

--! parameters ["t"]
SELECT $1::boolean AND true

--! parameters ["1"]
SELECT $2::int

--! parameters ["1.5", "2"]
SELECT $1::numeric * $2::int4 AS product

--! parameters ["5"]
CREATE TABLE with_parameter AS SELECT $1::int AS a

DROP TABLE IF EXISTS with_parameter

--! parameters ["x"]
SELECT $1

--! parameters ["x"]
SELECT $1 IN ('x', 'y'), $1 LIKE 'x%'
