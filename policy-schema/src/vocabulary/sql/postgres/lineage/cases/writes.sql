-- What is written, and what is said of it in return.
INSERT INTO users (id, email) VALUES (1, 'x'), ($1, lower($2)), (DEFAULT, NULL)
--> write users.id <- 1
--> write users.email <- 'x'
--> write users.id <- $1
--> write users.email <- {-}
--> write users.id <- NULL
--> write users.email <- NULL
--> none
--> exposed $2
INSERT INTO users VALUES (1, 'x', 'y')
--> write users.id <- 1
--> write users.email <- 'x'
--> write users.name <- 'y'
--> none
INSERT INTO users DEFAULT VALUES
--> none
INSERT INTO users (email, name) SELECT label, 'x' FROM orders WHERE paid
--> WHERE condition orders.paid
--> write users.email <- {orders.label}
--> write users.name <- 'x'
--> none
INSERT INTO users (email) SELECT 'a' UNION ALL SELECT 'b'
--> write users.email <- 'a'
--> write users.email <- 'b'
--> none
INSERT INTO users SELECT * FROM users
--> write users.id <- {users.id}
--> write users.email <- {users.email}
--> write users.name <- {users.name}
--> write users.note <- {users.note}
--> write users.age <- {users.age}
--> write users.data <- {users.data}
--> write users.tags <- {users.tags}
--> write users.born <- {users.born}
--> none
INSERT INTO orders (label) SELECT email FROM users RETURNING label, id
--> label: orders.label
--> id: orders.id
--> write orders.label <- {users.email}
INSERT INTO orders (label) SELECT s.e FROM (SELECT 'tok' AS e) s
--> write orders.label <- {-}
--> none
INSERT INTO users (tags[1], email) VALUES ('x', 'y')
--> write users.tags <- {-}
--> write users.email <- 'y'
--> none
INSERT INTO people (mail, loud) VALUES ('a', 'b')
--> write users.email <- 'a'
--> write made people.loud <- 'b'
--> none
INSERT INTO unknown_table (a) SELECT email FROM users
--> write made unknown_table.a <- {users.email}
--> none
--> code
INSERT INTO users (email, name) VALUES ('a', 'b') ON CONFLICT DO NOTHING
--> ON CONFLICT equality users.email = 'a'
--> ON CONFLICT equality users.name = 'b'
--> write users.email <- 'a'
--> write users.name <- 'b'
--> none
INSERT INTO users (email) VALUES ('a') ON CONFLICT (email) WHERE age > 3 DO UPDATE SET email = excluded.email, note = excluded.name || users.note WHERE users.name = excluded.name RETURNING *
--> id: users.id
--> email: users.email
--> name: users.name
--> note: users.note
--> age: users.age
--> data: users.data
--> tags: users.tags
--> born: users.born
--> ON CONFLICT equality users.email = 'a'
--> ON CONFLICT condition computed(users.age)
--> ON CONFLICT equality users.name = {users.name}
--> ON CONFLICT equality users.name = {users.name}
--> write users.email <- 'a'
--> write users.email <- {users.email}
--> write users.note <- {computed(users.name) computed(users.note)}
INSERT INTO users (email) VALUES ($1) ON CONFLICT (lower(email)) DO NOTHING RETURNING $1
--> ?column?: -
--> ON CONFLICT condition lower(users.email)
--> write users.email <- $1
--> exposed $1
WITH q AS (SELECT email FROM users) INSERT INTO orders (label) SELECT email FROM q
--> write orders.label <- {users.email}
--> none
INSERT INTO made (email) VALUES ('x') RETURNING loud
--> loud: computed(made.email) made.loud
--> write made.email <- 'x'
UPDATE users SET email = 'x' WHERE email = 'y'
--> WHERE equality users.email = 'y'
--> write users.email <- 'x'
--> none
UPDATE users SET email = name, name = email RETURNING old.email, new.email, email
--> email: users.email
--> email: users.email
--> email: users.email
--> write users.email <- {users.name}
--> write users.name <- {users.email}
UPDATE users SET (email, name) = ('x', $1), (note, age) = (SELECT label, id FROM orders)
--> write users.email <- 'x'
--> write users.name <- $1
--> write users.note <- {orders.label}
--> write users.age <- {orders.id}
--> none
UPDATE users SET (email, name) = row('x', lower(note))
--> write users.email <- 'x'
--> write users.name <- {lower(users.note)}
--> none
UPDATE users SET data['a'] = '1', tags[age] = email
--> operator condition users.age
--> write users.data <- {-}
--> write users.tags <- {users.email}
--> none
UPDATE users u SET email = o.label FROM orders o WHERE o.user_id = u.id RETURNING o.id, u.email
--> id: orders.id
--> email: users.email
--> WHERE equality orders.user_id = {users.id}
--> WHERE equality users.id = {orders.user_id}
--> write users.email <- {orders.label}
UPDATE users SET email = DEFAULT, name = email || 'x', age = age + 1
--> operator risk users.age by +
--> write users.email <- NULL
--> write users.name <- {computed(users.email)}
--> write users.age <- {computed(users.age)}
--> none
UPDATE people SET mail = 'x' WHERE loud = 'X'
--> WHERE condition upper(users.email)
--> write users.email <- 'x'
--> none
UPDATE users SET email = 'x' WHERE CURRENT OF c
--> write users.email <- 'x'
--> none
UPDATE users SET email = 'x' RETURNING WITH (OLD AS o, NEW AS n) o.email, n.name
--> email: users.email
--> name: users.name
--> write users.email <- 'x'
DELETE FROM users WHERE email = 'x' RETURNING id, name
--> id: users.id
--> name: users.name
--> WHERE equality users.email = 'x'
DELETE FROM users u USING orders o WHERE o.label = u.email
--> WHERE equality orders.label = {users.email}
--> WHERE equality users.email = {orders.label}
--> none
DELETE FROM users
--> none
MERGE INTO users u USING orders o ON u.id = o.user_id WHEN MATCHED AND u.email = 'x' THEN UPDATE SET email = o.label WHEN MATCHED THEN DELETE WHEN NOT MATCHED AND o.label = 'q' THEN INSERT (id, email) VALUES (o.id, 'y') RETURNING merge_action(), o.label, u.email
--> merge_action: -
--> label: orders.label
--> email: users.email
--> MERGE equality users.id = {orders.user_id}
--> MERGE equality orders.user_id = {users.id}
--> MERGE equality users.email = 'x'
--> MERGE equality orders.label = 'q'
--> write users.email <- {orders.label}
--> write users.id <- {orders.id}
--> write users.email <- 'y'
MERGE INTO users u USING (SELECT email FROM links) l ON l.email = u.email WHEN NOT MATCHED BY SOURCE THEN DELETE WHEN MATCHED THEN DO NOTHING
--> MERGE equality links.email = {users.email}
--> MERGE equality users.email = {links.email}
--> none
INSERT INTO users (email) SELECT 'tok' UNION SELECT label FROM orders
--> set operation grouping computed(orders.label)
--> write users.email <- {computed(orders.label)}
--> none
INSERT INTO users (email) SELECT $1 UNION ALL SELECT 'x' ORDER BY 1 LIMIT 1
--> write users.email <- {-}
--> none
--> exposed $1
INSERT INTO users (email) VALUES ('a'), ('b') ORDER BY 1 LIMIT 1
--> write users.email <- {-}
--> none
INSERT INTO users (email) (SELECT 'a' UNION ALL SELECT 'b') UNION ALL SELECT 'c'
--> write users.email <- 'a'
--> write users.email <- 'b'
--> write users.email <- 'c'
--> none
INSERT INTO users (email) SELECT email FROM users UNION SELECT label FROM orders
--> set operation grouping orders.label users.email
--> write users.email <- {orders.label users.email}
--> none
UPDATE unknown_table AS u SET email = 'x'
--> write made unknown_table.email <- 'x'
--> none
--> code
INSERT INTO unknown_table VALUES ('x')
--> write made unknown_table.* <- 'x'
--> none
--> code
