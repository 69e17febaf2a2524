-- All other statements.
SELECT email, name INTO copied FROM users
--> write made copied.email <- {users.email}
--> write made copied.name <- {users.name}
--> none
SELECT email INTO TEMP copied FROM users UNION SELECT label FROM orders
--> set operation grouping orders.label users.email
--> write temporary copied.email <- {orders.label users.email}
--> none
CREATE TABLE copied (a) AS SELECT email, name FROM users
--> write made copied.a <- {users.email}
--> write made copied.name <- {users.name}
--> none
CREATE TEMP TABLE copied AS TABLE users
--> write temporary copied.id <- {users.id}
--> write temporary copied.email <- {users.email}
--> write temporary copied.name <- {users.name}
--> write temporary copied.note <- {users.note}
--> write temporary copied.age <- {users.age}
--> write temporary copied.data <- {users.data}
--> write temporary copied.tags <- {users.tags}
--> write temporary copied.born <- {users.born}
--> none
CREATE MATERIALIZED VIEW copied AS SELECT lower(email) AS low FROM users
--> write made copied.low <- {lower(users.email)}
--> none
--> keeps text
CREATE TABLE copied AS EXECUTE p('x')
--> write made copied.* <- {ANYTHING}
--> none
--> refers to prepared p
--> with 'x'
CREATE VIEW shown AS SELECT email FROM users WHERE name = 'x'
--> WHERE equality users.name = 'x'
--> write shown shown.email <- {users.email}
--> none
--> keeps text
REFRESH MATERIALIZED VIEW shown
--> none
COPY users TO STDOUT
--> id: users.id
--> email: users.email
--> name: users.name
--> note: users.note
--> age: users.age
--> data: users.data
--> tags: users.tags
--> born: users.born
--> copy
COPY users (email, name) TO STDOUT
--> email: users.email
--> name: users.name
--> copy
COPY made TO STDOUT
--> id: made.id
--> email: made.email
--> copy
COPY (SELECT lower(email) FROM users) TO STDOUT
--> lower: lower(users.email)
--> copy
COPY users (email) TO '/tmp/x'
--> write made /tmp/x.email <- {users.email}
--> none
COPY users TO PROGRAM 'cat'
--> write made cat.id <- {users.id}
--> write made cat.email <- {users.email}
--> write made cat.name <- {users.name}
--> write made cat.note <- {users.note}
--> write made cat.age <- {users.age}
--> write made cat.data <- {users.data}
--> write made cat.tags <- {users.tags}
--> write made cat.born <- {users.born}
--> none
--> code
COPY users (email, name) FROM STDIN
--> write users.email <- {-}
--> write users.name <- {-}
--> none
COPY users (email) FROM STDIN WHERE name = 'x'
--> WHERE equality users.name = 'x'
--> write users.email <- {-}
--> none
COPY (DELETE FROM users RETURNING email) TO STDOUT
--> email: users.email
--> copy
DECLARE c CURSOR FOR SELECT email FROM users WHERE name = 'x'
--> email: users.email
--> WHERE equality users.name = 'x'
FETCH 3 FROM c
--> *: ANYTHING
--> unknown
--> refers to cursor c
MOVE 3 FROM c
--> none
PREPARE p AS SELECT email FROM users WHERE email = $1
--> email: users.email
--> WHERE equality users.email = $1
--> keeps text
EXECUTE p('x', 1, $1, lower('y'))
--> *: ANYTHING
--> unknown
--> refers to prepared p
--> with 'x'
--> with 1
--> with $1
--> with {-}
EXPLAIN SELECT email FROM users WHERE email = 'x'
--> email: users.email
--> WHERE equality users.email = 'x'
--> plan
--> keeps text
EXPLAIN ANALYZE INSERT INTO orders (label) SELECT email FROM users
--> write orders.label <- {users.email}
--> plan
--> keeps text
EXPLAIN EXECUTE p('x')
--> *: ANYTHING
--> plan
--> keeps text
--> refers to prepared p
--> with 'x'
CALL keep('x')
--> write orders.label <- {-}
--> none
CALL hash_of((SELECT email FROM users))
--> *: ANYTHING
--> function risk users.email by public.hash_of
--> unknown
--> code
CALL nobody(1)
--> *: ANYTHING
--> unknown
--> code
DO 'BEGIN END'
--> none
--> code
SET work_mem = '1MB'
--> none
SHOW work_mem
--> none
BEGIN
--> none
LISTEN x
--> none
NOTIFY x, 'y'
--> none
VACUUM users
--> none
ANALYZE users
--> none
TRUNCATE users
--> none
DROP TABLE users
--> none
GRANT SELECT ON users TO x
--> none
CREATE TABLE fresh (id int PRIMARY KEY, email text DEFAULT lower('X') CHECK (email <> ''), loud text GENERATED ALWAYS AS (upper(email)) STORED)
--> write made fresh.email <- {-}
--> none
--> keeps text
CREATE TABLE fresh (user_email text REFERENCES users (email))
--> JOIN condition users.email
--> none
--> keeps text
CREATE TABLE fresh PARTITION OF users FOR VALUES IN ('x')
--> WHERE condition computed(users.0)
--> none
--> keeps text
ALTER TABLE users ADD COLUMN loud text GENERATED ALWAYS AS (upper(email)) STORED
--> write made users.loud <- {upper(users.email)}
--> none
--> keeps text
ALTER TABLE users ADD COLUMN extra text DEFAULT 'x'
--> write made users.extra <- {-}
--> none
--> keeps text
ALTER TABLE users ADD CONSTRAINT c CHECK (email <> 'x')
--> WHERE equality users.email = 'x'
--> none
--> keeps text
ALTER TABLE users ADD UNIQUE (email)
--> GROUP BY grouping users.email
--> none
--> keeps text
ALTER TABLE orders ADD FOREIGN KEY (label) REFERENCES users (email)
--> JOIN condition users.email
--> JOIN condition orders.label
--> none
--> keeps text
ALTER TABLE users ALTER COLUMN email SET NOT NULL
--> WHERE condition null-test(users.email)
--> none
--> keeps text
ALTER TABLE users ALTER COLUMN email TYPE int USING length(email)
--> write users.email <- {length(users.email)}
--> none
--> keeps text
ALTER TABLE users ALTER COLUMN email TYPE int
--> cast risk users.email by int4
--> write users.email <- {computed(users.email)}
--> none
--> keeps text
ALTER TABLE users ALTER COLUMN age TYPE int8
--> write users.age <- {computed(users.age)}
--> none
--> keeps text
ALTER TABLE users VALIDATE CONSTRAINT c
--> WHERE condition computed(users.0)
--> none
--> keeps text
ALTER TABLE users ATTACH PARTITION links FOR VALUES IN ('x')
--> WHERE condition computed(users.0)
--> WHERE condition computed(links.0)
--> write shown users.user_id <- {-}
--> write shown users.order_id <- {-}
--> write shown users.email <- {-}
--> none
--> keeps text
ALTER TABLE users DROP COLUMN email
--> none
--> keeps text
CREATE INDEX ON users (email)
--> none
--> keeps text
CREATE UNIQUE INDEX ON users (email, lower(name)) WHERE note = 'x'
--> GROUP BY grouping users.email
--> function condition lower(users.name)
--> WHERE equality users.note = 'x'
--> none
--> keeps text
CREATE STATISTICS s ON (lower(email)), name FROM users
--> function condition lower(users.email)
--> none
--> keeps text
CREATE POLICY p ON users USING (email = current_user)
--> WHERE equality users.email = {-}
--> none
--> keeps text
CREATE TRIGGER t BEFORE UPDATE ON users FOR EACH ROW WHEN (old.email = 'x') EXECUTE FUNCTION f()
--> WHERE equality users.email = 'x'
--> none
--> keeps text
CREATE RULE r AS ON UPDATE TO users WHERE new.email = 'x' DO ALSO INSERT INTO orders (label) VALUES (old.email)
--> WHERE equality users.email = 'x'
--> write orders.label <- {users.email}
--> none
--> keeps text
CREATE PUBLICATION p FOR TABLE users WHERE (email = 'x')
--> WHERE equality users.email = 'x'
--> none
--> keeps text
ALTER DOMAIN d ADD CHECK (VALUE <> 'x')
--> WHERE condition ANYTHING
--> none
--> keeps text
CREATE FUNCTION f() RETURNS text LANGUAGE sql RETURN (SELECT email FROM users)
--> none
--> keeps text
CREATE EXTENSION hstore
--> none
--> code
CREATE SCHEMA s CREATE TABLE t (id int) CREATE VIEW v AS SELECT email FROM users
--> write shown v.email <- {users.email}
--> none
--> keeps text
CLUSTER users USING users_email
--> ORDER BY condition computed(users.0)
--> none
CLUSTER
--> ORDER BY condition ANYTHING
--> none
ALTER TABLE users CLUSTER ON users_email
--> WHERE condition computed(users.0)
--> none
--> keeps text
ALTER TABLE users ALTER COLUMN email TYPE text COLLATE "ci"
--> operator condition users.email
--> write users.email <- {users.email}
--> none
--> keeps text
CREATE TABLE fresh (email text DEFAULT 'x', name text DEFAULT NULL, note text)
--> write made fresh.email <- {-}
--> none
--> keeps text
ALTER TABLE users ALTER email SET DEFAULT 'x', ALTER name SET DEFAULT NULL, ALTER note DROP DEFAULT
--> write users.email <- {-}
--> none
--> keeps text
CREATE TEMP VIEW shown (mail) AS SELECT 'x', name FROM users
--> write shown shown.mail <- {-}
--> write shown shown.name <- {users.name}
--> none
--> keeps text
ALTER TABLE links RENAME COLUMN url TO email
--> write shown links.email <- {-}
--> none
ALTER TABLE links RENAME TO users
--> write shown users.user_id <- {-}
--> write shown users.order_id <- {-}
--> write shown users.email <- {-}
--> none
ALTER TABLE unknown_table RENAME TO users
--> write shown users.* <- {-}
--> none
ALTER TABLE links SET SCHEMA app
--> write shown links.user_id <- {-}
--> write shown links.order_id <- {-}
--> write shown links.email <- {-}
--> none
ALTER INDEX users_email RENAME TO other
--> none
ALTER TABLE links INHERIT users
--> write shown users.user_id <- {-}
--> write shown users.order_id <- {-}
--> write shown users.email <- {-}
--> none
--> keeps text
