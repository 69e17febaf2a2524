-- What names mean.
SELECT u.email FROM users u
--> email: users.email
SELECT users.email FROM public.users
--> email: users.email
SELECT public.users.email FROM public.users
--> email: users.email
SELECT u.email FROM users u JOIN orders o ON true WHERE o.label = u.email
--> email: users.email
--> WHERE equality orders.label = {users.email}
--> WHERE equality users.email = {orders.label}
SELECT (SELECT email FROM users WHERE id = o.user_id) FROM orders o
--> email: users.email
--> WHERE equality users.id = {orders.user_id}
--> WHERE equality orders.user_id = {users.id}
SELECT email FROM orders, LATERAL (SELECT users.email FROM users) s
--> email: users.email
SELECT a, b FROM users AS x (a, b)
--> a: users.id
--> b: users.email
SELECT x.name FROM users AS x (a, b)
--> name: users.name
SELECT id FROM users u WHERE EXISTS (SELECT FROM orders WHERE id = u.id AND email = 'x')
--> id: users.id
--> WHERE equality orders.id = {users.id}
--> WHERE equality users.id = {orders.id}
--> WHERE equality users.email = 'x'
SELECT email FROM (SELECT id FROM users) s, users
--> email: users.email
SELECT nowhere FROM users
--> nowhere: ANYTHING
--> code
SELECT * FROM unknown_table
--> *: ANYTHING
--> code
SELECT email, id FROM unknown_table, users
--> email: ANYTHING computed(users.email)
--> id: ANYTHING computed(users.id)
--> code
SELECT * FROM stats
--> query: ANYTHING
--> calls: ANYTHING
SELECT query FROM stats s WHERE s.calls > 3
--> query: ANYTHING
--> WHERE condition ANYTHING
SELECT * FROM other.sales
--> id: sales.id
--> amount: sales.amount
SELECT sales.amount FROM other.sales
--> amount: sales.amount
SELECT ctid, tableoid, xmin FROM users
--> ctid: users.-1
--> tableoid: users.-6
--> xmin: users.-2
SELECT u FROM users u
--> u: computed(users.0)
SELECT u.* FROM users u
--> id: users.id
--> email: users.email
--> name: users.name
--> note: users.note
--> age: users.age
--> data: users.data
--> tags: users.tags
--> born: users.born
SELECT users FROM users
--> users: computed(users.0)
SELECT (u).email FROM users u
--> email: users.email
SELECT (u).* FROM links u
--> user_id: links.user_id
--> order_id: links.order_id
--> email: links.email
SELECT email(u) FROM users u
--> email: users.email
SELECT lower(u.email), u.lower FROM users u
--> lower: lower(users.email)
--> lower: computed(users.0)
SELECT upper(s) FROM (SELECT email FROM users) s
--> upper: computed(users.email)
SELECT s.x FROM (SELECT email AS x FROM users) s
--> x: users.email
SELECT row(email, 1) FROM users
--> row: computed(users.email)
SELECT (row(email, name)).f1 FROM users
--> f1: users.email
SELECT (s.r).f2 FROM (SELECT row(email, name) AS r FROM users) s
--> f2: users.name
SELECT row_to_json(u) FROM users u
--> row_to_json: computed(users.0)
SELECT to_jsonb(u) FROM links u
--> to_jsonb: computed(links.0)
SELECT to_jsonb(u) FROM users u
--> to_jsonb: computed(users.0)
SELECT count(*), count(u), count(email), count(DISTINCT email) FROM users u
--> count: -
--> count: count(users.0)
--> count: count(users.email)
--> count: count(users.email)
--> DISTINCT grouping users.email
