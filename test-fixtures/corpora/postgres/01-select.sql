SELECT 1

SELECT 1 AS one, 'two' AS two, 3.5 AS three, NULL AS four, true AS five

select 1;

SELECT

SELECT * FROM products ORDER BY id

SELECT id, name FROM public.products WHERE price > 100 ORDER BY id

SELECT p.* FROM products p WHERE p.id BETWEEN 3 AND 7 ORDER BY p.id

SELECT DISTINCT category FROM products ORDER BY category

SELECT DISTINCT ON (category) category, name, price FROM products ORDER BY category, price DESC, id

SELECT category, count(*), avg(price)::numeric(10,2), min(added), max(added) FROM products GROUP BY category ORDER BY category

SELECT category, count(*) FROM products GROUP BY 1 HAVING count(*) > 9 ORDER BY 1

SELECT category, stock > 40 AS many, count(*) FROM products GROUP BY GROUPING SETS ((category), (2), ()) ORDER BY 1 NULLS FIRST, 2 NULLS FIRST

SELECT category, count(*) FROM products GROUP BY ROLLUP (category) ORDER BY category NULLS LAST

SELECT category, stock % 2 AS odd, count(*) FROM products GROUP BY CUBE (category, stock % 2) ORDER BY 1 NULLS LAST, 2 NULLS LAST

SELECT id FROM products ORDER BY id LIMIT 5 OFFSET 10

SELECT id FROM products ORDER BY id FETCH FIRST 3 ROWS ONLY

SELECT stock FROM products ORDER BY stock DESC FETCH FIRST 2 ROWS WITH TIES

SELECT id FROM products WHERE false

SELECT name FROM products WHERE name LIKE 'Oak%' ORDER BY name

SELECT name FROM products WHERE name ILIKE '%LAMP' ORDER BY name

SELECT name FROM products WHERE name ~ '^(Oak|Birch)' ORDER BY name

SELECT name FROM products WHERE name SIMILAR TO '%(lamp|bowl)' ORDER BY name

SELECT id FROM products WHERE id IN (1, 2, 3, 50) ORDER BY id

SELECT id FROM products WHERE id = ANY ('{4,5,6}'::int[]) ORDER BY id

SELECT id FROM products WHERE price > ALL (SELECT price FROM products WHERE category = 'home') ORDER BY id

SELECT id, CASE WHEN stock = 0 THEN 'none' WHEN stock < 10 THEN 'few' ELSE 'many' END AS supply FROM products ORDER BY id LIMIT 8

SELECT coalesce(phone, 'none'), nullif(city, 'Lisbon'), greatest(id, 5), least(id, 5) FROM customers ORDER BY id LIMIT 9

SELECT count(*) FROM customers WHERE phone IS NULL

SELECT count(*) FROM customers WHERE phone IS DISTINCT FROM '+1-555-0117'

SELECT (SELECT max(price) FROM products) AS highest, (SELECT min(price) FROM products) AS lowest

SELECT name, (SELECT count(*) FROM orders o WHERE o.customer_id = c.id) AS orders FROM customers c ORDER BY id LIMIT 5

SELECT name FROM customers c WHERE EXISTS (SELECT FROM orders o WHERE o.customer_id = c.id AND o.total > 600) ORDER BY id

SELECT * FROM (VALUES (1, 'a'), (2, 'b'), (3, NULL)) AS v (n, t)

VALUES (1, 'a'), (2, 'b')

TABLE secrets

SELECT id FROM products WHERE id < 3 UNION SELECT id FROM customers WHERE id BETWEEN 2 AND 4 ORDER BY id

SELECT 1 UNION ALL SELECT 1 UNION ALL SELECT 2

SELECT id FROM products INTERSECT SELECT id FROM customers WHERE id > 38 ORDER BY 1

(SELECT id FROM products WHERE id < 6) EXCEPT (SELECT id FROM orders WHERE id < 4) ORDER BY 1

SELECT id FROM customer_totals WHERE orders > 7 ORDER BY id

SELECT p.ctid, s.ctid, p.id FROM secrets s, products p WHERE p.id = 1 AND s.name = 'webhook-salt'

SELECT tableoid::regclass, id FROM products WHERE id = 1

SELECT products FROM products WHERE id = 2

SELECT row(1, 'x', NULL), (p).name FROM products p WHERE id = 3

SELECT 'a' 'b' AS not_joined

SELECT 'a'
'b' AS joined

SELECT $$dollar 'quoted'$$ AS a, $tag$with $$ inside$tag$ AS b

SELECT E'tab\there', U&'d\0061t\+000061', B'1010', X'1F'

SELECT "name" AS "A ""quoted"" name" FROM "public"."products" WHERE id = 1

SELECT /* a comment /* nested */ here */ 1 -- and one at the end

SELECT 1 -- no newline after this comment

-- a comment first
SELECT 2

SELECT 1_000 + 0x1F + 0b11 AS digits

SELECT -5 % 3, 2 ^ 10, |/ 16, ||/ 27, @ -5, 5 & 3, 5 | 3, 5 # 3, ~5, 1 << 4, 16 >> 2

SELECT 1 = 1.0, 'a' < 'b', 1 <> 2, 1 != 2, NOT true, true AND NULL, false OR NULL

SELECT 1 BETWEEN SYMMETRIC 3 AND 0, 2 IS NOT NULL, (NULL::boolean) IS UNKNOWN

SELECT CAST('12' AS integer), '12'::bigint, int '12', 12::text, '{"a":1}'::jsonb

SELECT current_database() IS NOT NULL, current_user, session_user, current_schema, current_schemas(false)

SELECT count(*) FILTER (WHERE status = 'paid'), count(DISTINCT customer_id), string_agg(DISTINCT status::text, ',' ORDER BY status::text) FROM orders

SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY price), mode() WITHIN GROUP (ORDER BY category) FROM products

SELECT array_agg(id ORDER BY id DESC) FROM products WHERE id < 6

SELECT id FROM products TABLESAMPLE SYSTEM (100) REPEATABLE (1) ORDER BY id LIMIT 2

SELECT id, name FROM products WHERE id = 1 FOR UPDATE

SELECT id FROM products WHERE id < 3 ORDER BY id FOR NO KEY UPDATE OF products NOWAIT

SELECT id FROM products WHERE id < 3 ORDER BY id FOR SHARE SKIP LOCKED

SELECT id FROM products WHERE id = 4 FOR KEY SHARE
