WITH paid AS (SELECT * FROM orders WHERE status = 'paid') SELECT count(*), sum(total) FROM paid

WITH a AS (SELECT 1 AS n), b AS (SELECT n + 1 AS n FROM a) SELECT * FROM a UNION ALL SELECT * FROM b

WITH RECURSIVE t (n) AS (VALUES (1) UNION ALL SELECT n + 1 FROM t WHERE n < 10) SELECT sum(n) FROM t

WITH RECURSIVE f (a, b) AS (SELECT 0, 1 UNION ALL SELECT b, a + b FROM f WHERE b < 100) SELECT a FROM f

WITH RECURSIVE walk AS (SELECT 1 AS n, 0 AS depth UNION SELECT (n * 2) % 7, depth + 1 FROM walk WHERE depth < 4) SEARCH BREADTH FIRST BY n SET seen SELECT n, depth FROM walk ORDER BY seen

WITH RECURSIVE walk AS (SELECT 1 AS n UNION ALL SELECT n % 3 + 1 FROM walk) CYCLE n SET again USING path SELECT n, again, path FROM walk

WITH m AS MATERIALIZED (SELECT id FROM products) SELECT count(*) FROM m

WITH m AS NOT MATERIALIZED (SELECT id FROM products) SELECT count(*) FROM m WHERE id < 5

WITH gone AS (DELETE FROM order_items WHERE order_id = 400 RETURNING *) SELECT order_id, line, product_id FROM gone ORDER BY line

WITH more AS (UPDATE products SET stock = stock + 1 WHERE id < 4 RETURNING id, stock) SELECT * FROM more ORDER BY id

WITH fresh AS (INSERT INTO secrets VALUES ('corpus', 'x') RETURNING name), gone AS (DELETE FROM secrets WHERE name = 'nothing' RETURNING name) SELECT * FROM fresh UNION ALL SELECT * FROM gone

WITH s AS (SELECT 'corpus' AS name) DELETE FROM secrets USING s WHERE secrets.name = s.name RETURNING secrets.*

WITH c AS (SELECT id FROM customers WHERE city = 'Porto') UPDATE customers SET marketing = true FROM c WHERE customers.id = c.id AND customers.id < 12

WITH v AS (SELECT 'k' AS n, 'v' AS v) INSERT INTO secrets SELECT n, v FROM v

DELETE FROM secrets WHERE name = 'k'

WITH outer_one AS (WITH inner_one AS (SELECT 5 AS x) SELECT x * 2 AS y FROM inner_one) SELECT y FROM outer_one

WITH RECURSIVE x AS (SELECT 1) SELECT * FROM x, x AS y

SELECT * FROM (WITH z AS (SELECT 3 AS q) SELECT q FROM z) AS s
