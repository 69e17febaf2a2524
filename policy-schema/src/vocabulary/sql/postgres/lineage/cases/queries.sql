-- Joins, groups, orders, set operations, WITH and functions in FROM.
SELECT 1 FROM users u JOIN orders o ON u.email = o.label AND u.age > 3
--> ?column?: -
--> JOIN equality users.email = {orders.label}
--> JOIN equality orders.label = {users.email}
--> JOIN condition computed(users.age)
SELECT 1 FROM users u JOIN orders o ON lower(u.email) = o.label
--> ?column?: -
--> JOIN condition lower(users.email)
--> JOIN equality orders.label = {lower(users.email)}
SELECT 1 FROM users u LEFT JOIN orders o ON o.label = 'x' WHERE o.id IS NULL
--> ?column?: -
--> JOIN equality orders.label = 'x'
--> WHERE condition null-test(orders.id)
SELECT email FROM users JOIN links USING (email)
--> email: users.email
--> JOIN equality users.email = {links.email}
--> JOIN equality links.email = {users.email}
SELECT email FROM users LEFT JOIN links USING (email)
--> email: users.email
--> JOIN equality users.email = {links.email}
--> JOIN equality links.email = {users.email}
SELECT email FROM users RIGHT JOIN links USING (email)
--> email: links.email
--> JOIN equality users.email = {links.email}
--> JOIN equality links.email = {users.email}
SELECT email FROM users FULL JOIN links USING (email)
--> email: links.email users.email
--> JOIN equality users.email = {links.email}
--> JOIN equality links.email = {users.email}
SELECT users.email, links.email FROM users JOIN links USING (email)
--> email: users.email
--> email: links.email
--> JOIN equality users.email = {links.email}
--> JOIN equality links.email = {users.email}
SELECT * FROM links a JOIN links b USING (user_id)
--> user_id: links.user_id
--> order_id: links.order_id
--> email: links.email
--> order_id: links.order_id
--> email: links.email
--> JOIN equality links.user_id = {links.user_id}
--> JOIN equality links.user_id = {links.user_id}
SELECT * FROM links NATURAL JOIN (SELECT email, name FROM users) s
--> email: links.email
--> user_id: links.user_id
--> order_id: links.order_id
--> name: users.name
--> JOIN equality links.email = {users.email}
--> JOIN equality users.email = {links.email}
SELECT j.* FROM (links a JOIN links b USING (user_id)) AS j (x)
--> x: links.user_id
--> order_id: links.order_id
--> email: links.email
--> order_id: links.order_id
--> email: links.email
--> JOIN equality links.user_id = {links.user_id}
--> JOIN equality links.user_id = {links.user_id}
SELECT j.user_id, a.email FROM links a JOIN links b USING (user_id) AS j
--> user_id: links.user_id
--> email: links.email
--> JOIN equality links.user_id = {links.user_id}
--> JOIN equality links.user_id = {links.user_id}
SELECT v.e FROM (VALUES ('a'), ('b')) v (e) JOIN users u ON u.email = v.e
--> e: -
--> JOIN equality users.email = {-}
SELECT email FROM users TABLESAMPLE SYSTEM (10)
--> email: users.email
SELECT email FROM users ORDER BY email
--> email: users.email
--> ORDER BY condition users.email
SELECT email AS name FROM users ORDER BY name
--> name: users.email
--> ORDER BY condition users.email
SELECT email AS name FROM users ORDER BY name || ''
--> name: users.email
--> ORDER BY condition computed(users.name)
SELECT email, name FROM users ORDER BY 2 DESC, lower(note)
--> email: users.email
--> name: users.name
--> ORDER BY condition users.name
--> ORDER BY condition lower(users.note)
SELECT email FROM users ORDER BY email USING <
--> email: users.email
--> ORDER BY condition users.email
SELECT id FROM users LIMIT 3 OFFSET $1
--> id: users.id
--> exposed $1
SELECT id FROM users LIMIT (SELECT max(age) FROM users)
--> id: users.id
--> LIMIT condition computed(users.age)
SELECT email, count(*) FROM users GROUP BY email
--> email: users.email
--> count: -
--> GROUP BY grouping users.email
SELECT name AS email, count(*) FROM users GROUP BY email
--> email: users.name
--> count: -
--> GROUP BY grouping users.email
SELECT name AS x, count(*) FROM users GROUP BY x
--> x: users.name
--> count: -
--> GROUP BY grouping users.name
SELECT lower(email), count(*) FROM users GROUP BY 1
--> lower: lower(users.email)
--> count: -
--> GROUP BY grouping lower(users.email)
SELECT id, email FROM users GROUP BY id, email
--> id: users.id
--> email: users.email
--> GROUP BY grouping users.id key
--> GROUP BY grouping users.email key
SELECT user_id, email FROM links GROUP BY user_id, email
--> user_id: links.user_id
--> email: links.email
--> GROUP BY grouping links.user_id
--> GROUP BY grouping links.email
SELECT user_id, order_id, email FROM links GROUP BY user_id, order_id, email
--> user_id: links.user_id
--> order_id: links.order_id
--> email: links.email
--> GROUP BY grouping links.user_id key
--> GROUP BY grouping links.order_id key
--> GROUP BY grouping links.email key
SELECT a.id, b.email FROM users a, users b GROUP BY a.id, b.email
--> id: users.id
--> email: users.email
--> GROUP BY grouping users.id key
--> GROUP BY grouping users.email
SELECT id, email FROM users GROUP BY GROUPING SETS ((id, email), (email))
--> id: users.id
--> email: users.email
--> GROUP BY grouping users.id
--> GROUP BY grouping users.email
SELECT id, email FROM users GROUP BY ROLLUP (id, email)
--> id: users.id
--> email: users.email
--> GROUP BY grouping users.id
--> GROUP BY grouping users.email
SELECT u.id, u.email, o.label FROM users u JOIN orders o ON true GROUP BY (u.id, u.email), o.label
--> id: users.id
--> email: users.email
--> label: orders.label
--> GROUP BY grouping users.id key
--> GROUP BY grouping users.email key
--> GROUP BY grouping orders.label
SELECT count(*) FROM users GROUP BY name HAVING max(email) = 'x' AND count(*) > 2
--> count: -
--> GROUP BY grouping users.name
--> HAVING condition computed(users.email)
SELECT DISTINCT email FROM users
--> email: users.email
--> DISTINCT grouping users.email
SELECT DISTINCT id, email FROM users
--> id: users.id
--> email: users.email
--> DISTINCT grouping users.id key
--> DISTINCT grouping users.email key
SELECT DISTINCT s.id, s.email FROM (SELECT id, email FROM users) s
--> id: users.id
--> email: users.email
--> DISTINCT grouping users.id key
--> DISTINCT grouping users.email key
SELECT DISTINCT a.id, b.email FROM (SELECT * FROM users) a, (SELECT * FROM users) b
--> id: users.id
--> email: users.email
--> DISTINCT grouping users.id key
--> DISTINCT grouping users.email
WITH s AS (SELECT id, email FROM users) SELECT DISTINCT a.id, b.email FROM s a, s b
--> id: users.id
--> email: users.email
--> DISTINCT grouping users.id key
--> DISTINCT grouping users.email
SELECT DISTINCT ON (email) id FROM users ORDER BY email, name
--> id: users.id
--> DISTINCT grouping users.email
--> ORDER BY condition users.email
--> ORDER BY condition users.name
SELECT DISTINCT u FROM users u
--> u: computed(users.0)
--> DISTINCT grouping computed(users.0)
SELECT email FROM users UNION SELECT label FROM orders
--> email: orders.label users.email
--> set operation grouping orders.label users.email
SELECT email FROM users UNION ALL SELECT label FROM orders
--> email: orders.label users.email
SELECT email FROM users UNION ALL SELECT NULL
--> email: users.email
SELECT email FROM users UNION ALL SELECT 'x'
--> email: computed(users.email)
SELECT email FROM users UNION SELECT $1
--> email: computed(users.email)
--> set operation grouping computed(users.email)
--> exposed $1
SELECT email FROM users INTERSECT SELECT label FROM orders
--> email: orders.label users.email
--> set operation grouping orders.label users.email
SELECT email FROM users EXCEPT ALL SELECT label FROM orders
--> email: orders.label users.email
--> set operation grouping orders.label users.email
SELECT email FROM users UNION ALL SELECT label FROM orders ORDER BY email
--> email: orders.label users.email
--> ORDER BY condition orders.label users.email
SELECT email, 1 FROM users UNION ALL SELECT label, 2 FROM orders UNION ALL SELECT note, 3 FROM users ORDER BY 1 LIMIT 2
--> email: orders.label users.email users.note
--> ?column?: -
--> ORDER BY condition orders.label users.email users.note
(SELECT email FROM users ORDER BY name LIMIT 1) UNION ALL (WITH q AS (SELECT label FROM orders) SELECT label FROM q)
--> email: orders.label users.email
--> ORDER BY condition users.name
VALUES (1, 'x'), (2, (SELECT email FROM users))
--> column1: -
--> column2: computed(users.email)
TABLE users
--> id: users.id
--> email: users.email
--> name: users.name
--> note: users.note
--> age: users.age
--> data: users.data
--> tags: users.tags
--> born: users.born
WITH a AS (SELECT email FROM users), b AS (SELECT email FROM a) SELECT * FROM b
--> email: users.email
WITH users AS (SELECT 1 AS email) SELECT email FROM users
--> email: -
WITH a (x) AS (SELECT email, name FROM users) SELECT x, name FROM a
--> x: users.email
--> name: users.name
WITH a AS (WITH b AS (SELECT email FROM users) SELECT * FROM b) SELECT a.email, (SELECT max(email) FROM a) FROM a
--> email: users.email
--> max: computed(users.email)
WITH RECURSIVE r AS (SELECT 1 AS id, email FROM users UNION SELECT r.id, links.email FROM r JOIN links ON links.user_id = r.id) SELECT * FROM r
--> id: -
--> email: links.email users.email
--> JOIN equality links.user_id = {-}
--> set operation grouping links.email users.email
WITH RECURSIVE r (a, b, c, n) AS (SELECT email, name, note, 1 FROM users UNION ALL SELECT b, c, a, n + 1 FROM r WHERE n < 9) SELECT a FROM r
--> a: users.email users.name users.note
WITH RECURSIVE r (a, n) AS (SELECT email, 1 FROM users UNION ALL SELECT a || 'x', n + 1 FROM r) SELECT a FROM r
--> a: computed(users.email)
--> operator risk computed(users.email) by ||
WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT email FROM users) SELECT * FROM a
--> email: users.email
WITH RECURSIVE r AS (SELECT id, email FROM users UNION ALL SELECT id, email FROM r) SEARCH BREADTH FIRST BY email SET o CYCLE id SET c USING p SELECT o, c, p FROM r
--> o: computed(users.email)
--> c: computed(users.id)
--> p: computed(users.id)
--> set operation condition computed(users.id)
WITH d AS (DELETE FROM users WHERE email = 'x' RETURNING *) SELECT name FROM d
--> name: users.name
--> WHERE equality users.email = 'x'
SELECT * FROM generate_series(1, 3) g
--> g: -
SELECT g, g.g FROM generate_series(1, (SELECT max(age) FROM users)) g
--> g: computed(users.age)
--> g: computed(users.age)
--> function risk computed(users.age) by generate_series
SELECT x, n FROM users, unnest(tags) WITH ORDINALITY t (x, n)
--> x: computed(users.tags)
--> n: -
--> function risk users.tags by unnest
SELECT key, value FROM users, jsonb_each(data)
--> key: computed(users.data)
--> value: computed(users.data)
--> function risk users.data by jsonb_each
SELECT a, b FROM users, jsonb_to_record(data) r (a text, b int)
--> a: computed(users.data)
--> b: computed(users.data)
--> function risk users.data by jsonb_to_record
SELECT r.* FROM users u, jsonb_populate_record(NULL::links, u.data) r
--> user_id: computed(users.data)
--> order_id: computed(users.data)
--> email: computed(users.data)
--> function risk users.data by jsonb_populate_record
SELECT * FROM ROWS FROM (generate_series(1, 2), json_each('{}')) WITH ORDINALITY
--> generate_series: -
--> key: -
--> value: -
--> ordinality: -
SELECT t.* FROM users u, XMLTABLE('/a' PASSING (u.email::xml) COLUMNS a text PATH 'b' DEFAULT u.name, n FOR ORDINALITY) t
--> a: computed(users.email) computed(users.name)
--> n: computed(users.email)
--> cast risk users.email by xml
--> function risk users.name by xmltable
--> function risk computed(users.email) by xmltable
SELECT t.* FROM users u, JSON_TABLE(u.data, '$' COLUMNS (a text PATH '$.a', NESTED '$.b' COLUMNS (b int PATH '$'), n FOR ORDINALITY)) t
--> a: computed(users.data)
--> n: computed(users.data)
--> b: computed(users.data)
--> function risk users.data by json_table
SELECT u.id FROM users u FOR UPDATE OF u
--> id: users.id
