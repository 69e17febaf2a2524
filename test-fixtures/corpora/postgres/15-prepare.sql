PREPARE by_id (int) AS SELECT id, name FROM products WHERE id = $1

EXECUTE by_id (3)

EXECUTE by_id (4)

EXECUTE by_id ('x')

EXECUTE by_id

PREPARE by_id AS SELECT 1

SELECT name, statement, parameter_types, from_sql FROM pg_prepared_statements WHERE from_sql ORDER BY name

PREPARE untyped AS SELECT $1 || '!' AS shout, $2::int + 1 AS next

EXECUTE untyped ('hey', 41)

PREPARE ins (text, text) AS INSERT INTO secrets VALUES ($1, $2) RETURNING *

EXECUTE ins ('prepared', 'p')

EXECUTE ins ('prepared', 'p')

PREPARE del AS DELETE FROM secrets WHERE name = 'prepared'

EXECUTE del

CREATE TABLE from_execute AS EXECUTE by_id (5)

SELECT * FROM from_execute

DROP TABLE from_execute

EXPLAIN (COSTS OFF) EXECUTE by_id (1)

DEALLOCATE untyped

DEALLOCATE PREPARE untyped

EXECUTE missing

PREPARE wrong AS CREATE TABLE x (a int)

PREPARE vals AS VALUES (1), ($1::int)

EXECUTE vals (2)

DEALLOCATE ALL

EXECUTE by_id (1)
