/** Statements over the tables of worlds.ts, of every feature that values can flow or decide by. */
export const statements: readonly string[] = `
SELECT * FROM users
SELECT id, email, name FROM users ORDER BY id
SELECT u.email AS e, u.* FROM users u WHERE u.id < 4
SELECT lower(email), upper(name), email || name, length(email) FROM users
SELECT concat(name, '-', id), concat_ws('/', email, name), left(email, 2), right(name, 1) FROM users
SELECT substr(email, 2), substring(email from 1 for 3), replace(name, 'n', 'm'), reverse(name), md5(email) FROM users
SELECT position('@' in email), strpos(name, 'o'), starts_with(email, 'a'), split_part(email, '@', 2) FROM users
SELECT coalesce(email, name, 'none'), nullif(name, 'Bob'), greatest(email, name), least(age, id) FROM users
SELECT CASE WHEN age > 30 THEN 'old' ELSE 'young' END FROM users
SELECT CASE name WHEN 'Bob' THEN email WHEN 'Ann' THEN 'x' END FROM users
SELECT age + 1, score * 2, -age, age % 7 FROM users
SELECT age / (id - 2) FROM users WHERE id > 2
SELECT 10 / age FROM users WHERE age IS NOT NULL
SELECT email::varchar(3), age::text, score::int, born::text, id::text::int FROM users
SELECT name::int FROM users
SELECT data -> 'k', data ->> 'n', data #>> '{k}', data ? 'k', data @> '{"n": 1}' FROM users
SELECT data['k'], tags[1], tags[1:2], cardinality(tags), array_length(tags, 1) FROM users
SELECT array_to_string(tags, ','), 'a' = ANY(tags), tags || 'q'::text FROM users
SELECT email LIKE 'a%', name ILIKE '%b%', email ~ '^b', name NOT LIKE 'x%' FROM users
SELECT email = 'ann@x', name <> 'Bob', age BETWEEN 20 AND 40, name IN ('Bob', 'Ann') FROM users
SELECT email IS NULL, email IS NOT NULL, active IS TRUE, active IS UNKNOWN FROM users
SELECT id FROM users WHERE email = 'ann@x'
SELECT id FROM users WHERE email <> 'ann@x'
SELECT id FROM users WHERE email IN ('ann@x', 'eve@x') AND age > 20
SELECT id FROM users WHERE NOT (name = 'Bob' OR email IS NULL)
SELECT id FROM users WHERE email IS NULL
SELECT id FROM users WHERE active
SELECT id FROM users WHERE email LIKE 'a%'
SELECT id FROM users WHERE (email, name) = ('ann@x', 'Ann')
SELECT id FROM users WHERE (email, name) IN (('ann@x', 'Ann'), ('bob@x', 'Bob'))
SELECT id FROM users WHERE (age, id) > (30, 2)
SELECT id FROM users WHERE email = ANY ('{ann@x,bob@x}')
SELECT id FROM users WHERE email = ANY (ARRAY['ann@x', name])
SELECT id FROM users WHERE name <> ALL (ARRAY['Bob'])
SELECT id FROM users WHERE email IS DISTINCT FROM 'ann@x'
SELECT id FROM users WHERE data ->> 'k' = 'bob'
SELECT id FROM users WHERE lower(name) = 'bob'
SELECT id FROM users WHERE coalesce(name, 'Bob') = 'Bob'
SELECT id FROM users WHERE CASE WHEN age > 30 THEN true ELSE active END
SELECT id FROM users ORDER BY email, id
SELECT id, name AS n FROM users ORDER BY n NULLS FIRST, 1
SELECT id FROM users ORDER BY lower(email) DESC, id
SELECT id FROM users ORDER BY 1 LIMIT 2 OFFSET 1
SELECT id FROM users ORDER BY age FETCH FIRST 2 ROWS WITH TIES
SELECT id FROM users ORDER BY id LIMIT (SELECT min(age) / 10 FROM users)
SELECT name, count(*) FROM users GROUP BY name
SELECT name, count(email), count(DISTINCT email) FROM users GROUP BY name
SELECT lower(name) AS l, max(age) FROM users GROUP BY l
SELECT 1 AS name, count(*) FROM users GROUP BY name
SELECT count(*), count(age), min(email), max(name), sum(age), avg(score) FROM users
SELECT string_agg(name, ',' ORDER BY id), array_agg(email ORDER BY age) FROM users
SELECT string_agg(DISTINCT name, ','), bool_or(active), bool_and(active) FROM users
SELECT count(*) FILTER (WHERE email = 'ann@x'), sum(age) FILTER (WHERE name = 'Bob') FROM users
SELECT json_agg(u ORDER BY id) FROM users u
SELECT jsonb_agg(name), json_object_agg(id, email), jsonb_build_object('a', age) FROM users GROUP BY id
SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY age), mode() WITHIN GROUP (ORDER BY name) FROM users
SELECT rank('Bob') WITHIN GROUP (ORDER BY name) FROM users
SELECT name, active, count(*), grouping(name) FROM users GROUP BY GROUPING SETS ((name), (active), ())
SELECT name, age, sum(id) FROM users GROUP BY ROLLUP (name, age)
SELECT user_id, sum(amount) FROM orders GROUP BY user_id HAVING sum(amount) > 5
SELECT id, email, count(*) FROM users GROUP BY id, email
SELECT user_id, order_id, label FROM links GROUP BY user_id, order_id, label
SELECT u.id, u.email, count(o.id) FROM users u LEFT JOIN orders o ON o.user_id = u.id GROUP BY u.id
SELECT DISTINCT name FROM users
SELECT DISTINCT id, email FROM users
SELECT DISTINCT ON (name) name, id FROM users ORDER BY name, age
SELECT id, row_number() OVER (ORDER BY email, id) FROM users
SELECT id, rank() OVER (PARTITION BY name ORDER BY age), lag(email) OVER (ORDER BY id) FROM users
SELECT id, sum(age) OVER w, first_value(name) OVER w FROM users WINDOW w AS (PARTITION BY active ORDER BY id)
SELECT id, count(*) OVER (PARTITION BY email), count(email) OVER () FROM users
SELECT id, ntile(2) OVER (ORDER BY score, id), nth_value(email, 2) OVER (ORDER BY id) FROM users
SELECT u.id, o.id FROM users u JOIN orders o ON o.user_id = u.id
SELECT u.id, o.note FROM users u LEFT JOIN orders o ON o.note = u.email
SELECT * FROM users u JOIN links l ON l.label = u.email ORDER BY u.id, l.order_id
SELECT id, note FROM users JOIN orders USING (id)
SELECT * FROM links l JOIN (SELECT user_id, code FROM orders) o USING (user_id) ORDER BY 1, 2, 3, 4
SELECT user_id, count(*) FROM links FULL JOIN orders USING (user_id) GROUP BY user_id
SELECT * FROM links NATURAL JOIN (SELECT user_id, amount FROM orders) o
SELECT count(*) FROM users u CROSS JOIN orders o
SELECT j.email, j.note FROM (users u JOIN orders o ON o.user_id = u.id) AS j (uid, email)
SELECT x.a, x.b FROM users AS x (a, b) WHERE x.b = 'ann@x'
SELECT m.user_id, l.label FROM links l JOIN orders o USING (user_id) AS m
SELECT s.e FROM (SELECT email AS e, id FROM users WHERE age > 20) s ORDER BY s.id
SELECT s.x FROM (SELECT lower(email) FROM users) AS s (x)
SELECT u.id, s.n FROM users u, LATERAL (SELECT count(*) AS n FROM orders o WHERE o.user_id = u.id) s
SELECT u.id, s.note FROM users u LEFT JOIN LATERAL (SELECT o.note FROM orders o WHERE o.note = u.email) s ON true
SELECT id, (SELECT count(*) FROM orders o WHERE o.user_id = u.id) FROM users u
SELECT id, (SELECT max(o.note) FROM orders o WHERE o.code = 'k1') FROM users
SELECT id, (SELECT o.note FROM orders o WHERE o.id = 10) FROM users
SELECT (SELECT note FROM orders WHERE user_id = 1)
SELECT id FROM users u WHERE EXISTS (SELECT 1 FROM orders o WHERE o.note = u.email)
SELECT id FROM users WHERE id IN (SELECT user_id FROM orders)
SELECT id FROM users WHERE email NOT IN (SELECT note FROM orders WHERE note IS NOT NULL)
SELECT id FROM users WHERE (id, email) IN (SELECT user_id, label FROM links)
SELECT id FROM users WHERE age > ALL (SELECT amount FROM orders)
SELECT id FROM users WHERE email = (SELECT note FROM orders WHERE id = 10)
SELECT id FROM users WHERE (id, email) = (SELECT user_id, note FROM orders WHERE id = 10)
SELECT ARRAY(SELECT email FROM users ORDER BY id), EXISTS (SELECT FROM orders WHERE code = 'k9')
SELECT id, name IN (SELECT note FROM orders) FROM users
SELECT email FROM users UNION SELECT note FROM orders
SELECT email FROM users UNION ALL SELECT note FROM orders
SELECT email FROM users INTERSECT SELECT note FROM orders
SELECT email FROM users EXCEPT SELECT label FROM links
SELECT email FROM users EXCEPT SELECT 'ann@x'
SELECT id, name FROM users UNION ALL SELECT id, code FROM orders ORDER BY 2, 1
(SELECT id FROM users ORDER BY email LIMIT 2) UNION ALL (SELECT id FROM orders ORDER BY id LIMIT 1)
SELECT name FROM users UNION ALL SELECT NULL UNION ALL SELECT label FROM links
VALUES (1, (SELECT max(email) FROM users)), (2, 'x')
TABLE links
WITH a AS (SELECT id, email FROM users), b AS (SELECT * FROM a WHERE id < 4) SELECT b.email FROM b
WITH a (x, y) AS (SELECT name, email FROM users) SELECT x FROM a WHERE y = 'bob@x'
WITH a AS (SELECT id, email FROM users) SELECT DISTINCT one.id, two.email FROM a one, a two
WITH RECURSIVE r AS (SELECT id, email, 1 AS n FROM users WHERE id = 1 UNION ALL SELECT u.id, u.name, n + 1 FROM r JOIN users u ON u.id = r.id + 1) SELECT * FROM r
WITH RECURSIVE r (a, b, c) AS (SELECT note, code, 1 FROM orders WHERE id = 10 UNION ALL SELECT b, a, c + 1 FROM r WHERE c < 3) SELECT a FROM r
WITH RECURSIVE r (a, b, n) AS (SELECT email, 'x'::text, 0 FROM users UNION SELECT b, a, n + 1 FROM r WHERE n < 2) SELECT count(*) FROM r
WITH RECURSIVE t (id, n) AS (SELECT 1, 0 UNION ALL SELECT o.id, n + 1 FROM t JOIN orders o ON o.user_id = t.id) SEARCH DEPTH FIRST BY id SET o SELECT id FROM t ORDER BY o
WITH d AS (DELETE FROM links RETURNING label, user_id) SELECT label FROM d ORDER BY user_id
WITH i AS (INSERT INTO audit (id, msg) SELECT 9, email FROM users WHERE id = 1 RETURNING msg, loud) SELECT loud FROM i
WITH u AS (UPDATE users SET name = email WHERE id = 1 RETURNING name, old.name AS was) SELECT was FROM u
SELECT u FROM users u ORDER BY id
SELECT (u).email, (u).name FROM users u WHERE (u).id = 1
SELECT (u.*)::text FROM users u
SELECT u.name, name(u) FROM users u
SELECT row(id, email), row(u.*) FROM users u
SELECT row_to_json(u), to_jsonb(u.*) FROM users u
SELECT whole(u), u.whole FROM users u
SELECT (json_populate_record(NULL::links, row_to_json(l))).label FROM links l
SELECT count(u), count(u.*) FROM users u
SELECT u IS NULL, u IS NOT NULL FROM users u
SELECT id FROM users u WHERE u IS NOT NULL
SELECT ctid, tableoid::regclass::text = 'users', xmin IS NULL FROM users
SELECT unnest(tags) FROM users
SELECT t FROM users u, unnest(u.tags) t
SELECT u.id, t.x, t.n FROM users u, unnest(u.tags) WITH ORDINALITY AS t (x, n)
SELECT key, value FROM users, jsonb_each(data)
SELECT k, n FROM users, jsonb_to_record(data) AS r (k text, n int)
SELECT id, g FROM users, generate_series(1, id) g
SELECT id, generate_series(1, age / 15) FROM users
SELECT * FROM ROWS FROM (generate_series(1, 2), unnest(ARRAY['a', 'b'])) AS f (a, b)
SELECT r.* FROM users u, json_table(u.data, '$' COLUMNS (k text PATH '$.k', NESTED PATH '$.z[*]' COLUMNS (z int PATH '$'))) r
SELECT json_value(data, '$.k'), json_query(data, '$.n'), json_exists(data, '$.z') FROM users
SELECT json_object('a': email, 'b': age), json_array(name, id), json_scalar(age) FROM users
SELECT json_arrayagg(name ORDER BY id), json_objectagg(id: email) FROM users
SELECT email IS JSON, data IS JSON OBJECT FROM users
SELECT xmlelement(name a, xmlattributes(id AS i), email), xmlforest(name) FROM users WHERE name IS NOT NULL
SELECT x.v FROM users u, XMLTABLE('/a' PASSING xmlelement(name a, u.name) COLUMNS v text PATH '.') x
SELECT email COLLATE "C" FROM users ORDER BY name COLLATE "C", id
SELECT id FROM users WHERE email COLLATE "C" = 'ann@x'
SELECT extract(year FROM born), born + 1, date_trunc('month', born), age(born, '2020-01-01') FROM users
SELECT num_nulls(email, age), num_nonnulls(name), pg_typeof(email) FROM users
SELECT format('%s-%s', name, email), quote_literal(name), lpad(name, 5, '*'), translate(email, 'a', 'b') FROM users
SELECT regexp_replace(email, '@.*', ''), regexp_match(name, 'B'), string_to_array(email, '@') FROM users
SELECT array[email, name], array_agg(name) OVER () FROM users
SELECT DISTINCT u FROM links u
SELECT mail, small FROM people
SELECT id FROM people WHERE mail = 'ann@x'
SELECT * FROM totals
SELECT * FROM folk
SELECT count(*) FROM totals WHERE total > 3
SELECT email_of(1), email_of(id) FROM users
SELECT loudly(name), loudly('x') FROM users
SELECT * FROM found('ann@x')
SELECT u.id, f.name FROM users u, found(u.email) f
SELECT (found(email)).id FROM users
SELECT kept(email) FROM users WHERE id = 1
SELECT o.note FROM orders o TABLESAMPLE BERNOULLI (100)
SELECT u.id FROM users u WHERE u.id = 1 FOR UPDATE
SELECT a.id FROM users a, users b WHERE a.email = b.email AND a.id < b.id
SELECT name, name = lag(name) OVER (ORDER BY id) FROM users
INSERT INTO audit (id, msg) SELECT id, email FROM users
INSERT INTO audit (id, msg) VALUES (5, 'x'), (6, (SELECT min(name) FROM users)) RETURNING id, msg, loud
INSERT INTO audit (id, msg) SELECT 3, note FROM orders UNION SELECT 4, 'x'
INSERT INTO links SELECT id, id, name FROM users ON CONFLICT DO NOTHING RETURNING order_id
INSERT INTO empty SELECT id, email, name FROM users ON CONFLICT (email) DO NOTHING
INSERT INTO empty SELECT id, email, name FROM users WHERE id IN (1, 2) ON CONFLICT (email) DO UPDATE SET body = excluded.body || 'x' RETURNING *
INSERT INTO empty (id, email) SELECT id, note FROM orders
UPDATE users SET name = email WHERE id < 3
UPDATE users SET name = lower(name), age = age + 1 RETURNING id, name, old.age, new.age
UPDATE users SET (name, email) = (SELECT note, code FROM orders WHERE id = 10) WHERE id = 2
UPDATE users SET (name, age) = (email, id) WHERE name = 'Bob'
UPDATE users u SET name = o.note FROM orders o WHERE o.user_id = u.id AND o.amount > 5
UPDATE users SET data['k'] = to_jsonb(name), tags[1] = email
UPDATE audit SET msg = (SELECT email FROM users WHERE id = 1) RETURNING loud
DELETE FROM users WHERE email = 'ann@x' RETURNING id, name
DELETE FROM links l USING orders o WHERE o.note = l.label RETURNING o.code
MERGE INTO links l USING orders o ON l.order_id = o.id WHEN MATCHED AND o.code = 'k1' THEN UPDATE SET label = o.note WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND o.user_id IS NOT NULL THEN INSERT VALUES (o.user_id, o.id, o.code) RETURNING merge_action(), l.label
MERGE INTO audit a USING users u ON a.msg = u.email WHEN MATCHED THEN UPDATE SET msg = 'seen' WHEN NOT MATCHED BY SOURCE THEN DELETE
CREATE TEMP TABLE mine AS SELECT email FROM users
SELECT email INTO TEMP mine FROM users WHERE name = 'Bob'
CREATE UNIQUE INDEX ON users (name)
ALTER TABLE users ADD CHECK (age > 18)
ALTER TABLE orders ADD FOREIGN KEY (user_id) REFERENCES users (id)
ALTER TABLE links ALTER COLUMN label TYPE int USING length(label)
ALTER TABLE links ALTER COLUMN label TYPE int USING label::int
ALTER TABLE links ADD COLUMN loud text GENERATED ALWAYS AS (upper(label)) STORED
SELECT nullif(age, 31) IS NULL, coalesce(nullif(name, 'Bob'), email) FROM users
SELECT coalesce(nullif(name, 'Bob'), (1 / (id - id))::text) FROM users WHERE id IN (2, 3)
SELECT age > 30 AND 1 / (id - 1) > 0 FROM users WHERE id = 1
SELECT email LIKE 'ann\\' FROM users
SELECT sum(age) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM users
SELECT s.v FROM (VALUES ('ann@x'), ('bob@x')) s (v) JOIN users u ON u.email = s.v
SELECT max(name) FROM users GROUP BY active HAVING max(age) > 30
SELECT u.name FROM users u ORDER BY (SELECT min(o.note) FROM orders o WHERE o.user_id = u.id), u.id
SELECT array_agg(DISTINCT name ORDER BY name) FROM users
SELECT id, email FROM users WHERE random() < 2 ORDER BY id
SELECT id FROM users WHERE ctid = '(0,1)'
SELECT l.label = ANY (ARRAY(SELECT email FROM users)) FROM links l
SELECT 'Bob' IN (name, email) FROM users
SELECT id FROM users WHERE 'Bob' IN (name, email)
SELECT id FROM users WHERE '{"n": 1}' <@ data
SELECT id FROM users WHERE tags && '{a}'
SELECT id FROM users WHERE born BETWEEN '1980-01-01' AND '1991-01-01'
`
  .split('\n')
  .filter((line) => line !== '');

/** Whether a run of it has to be followed by a look at what it left behind. */
export function writes(statement: string): boolean {
  return /\b(INSERT|UPDATE|DELETE|MERGE)\b|\bkept\(/.test(statement) && !/FOR UPDATE/.test(statement);
}
