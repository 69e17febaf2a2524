-- What decides about rows.
SELECT id FROM users WHERE email = 'x'
--> id: users.id
--> WHERE equality users.email = 'x'
SELECT id FROM users WHERE 'x' = email
--> id: users.id
--> WHERE equality users.email = 'x'
SELECT id FROM users WHERE email <> 'x' AND NOT email = 'y' OR email IS DISTINCT FROM NULL
--> id: users.id
--> WHERE equality users.email = 'x'
--> WHERE equality users.email = 'y'
--> WHERE equality users.email = NULL
SELECT id FROM users WHERE email = $1 AND name = $2::text AND note = ANY ($3) AND age = ANY ($4::int[])
--> id: users.id
--> WHERE equality users.email = $1
--> WHERE equality users.name = $2
--> WHERE equality users.note = $3[]
--> WHERE equality users.age = $4[]
SELECT $1, id FROM users WHERE email = $1
--> ?column?: -
--> id: users.id
--> WHERE equality users.email = $1
--> exposed $1
SELECT id FROM users WHERE lower(email) = $1 AND email = $1
--> id: users.id
--> WHERE condition lower(users.email)
--> WHERE equality users.email = $1
--> exposed $1
SELECT id FROM users WHERE email = 'x'::text AND note = 'y'::varchar AND email = 'z'::varchar(1) AND email = 'w'::bpchar
--> id: users.id
--> WHERE equality users.email = 'x'
--> WHERE equality users.note = 'y'
--> WHERE equality users.email = {-}
--> WHERE equality users.email = {-}
SELECT id FROM users WHERE email = E'a\'b' AND name = U&'d\0061t' AND note = $q$x$q$ AND email = 'it''s'
--> id: users.id
--> WHERE equality users.email = E'a\'b'
--> WHERE equality users.name = U&'d\0061t'
--> WHERE equality users.note = $q$x$q$
--> WHERE equality users.email = 'it''s'
SELECT id FROM users WHERE name = U&'d!0061t' UESCAPE '!' AND age = - 5 AND age = 0x1F AND age = +3
--> id: users.id
--> WHERE equality users.name = U&'d!0061t' UESCAPE '!'
--> WHERE equality users.age = - 5
--> WHERE equality users.age = 0x1F
--> WHERE equality users.age = {-}
SELECT id FROM users WHERE email = 'ä' AND name = 'ö€😀' AND note = 'x'
--> id: users.id
--> WHERE equality users.email = 'ä'
--> WHERE equality users.name = 'ö€😀'
--> WHERE equality users.note = 'x'
SELECT id FROM users WHERE email = N'x' AND born = date '2020-01-01'
--> id: users.id
--> WHERE equality users.email = {-}
--> WHERE equality users.born = '2020-01-01'
SELECT id FROM users WHERE email IN ('a', $1, NULL, name, lower(name))
--> id: users.id
--> WHERE equality users.email = 'a', $1, NULL, {users.name}, {lower(users.name)}
--> WHERE equality users.name = {users.email}
--> WHERE condition lower(users.name)
SELECT id FROM users WHERE email NOT IN ('a', 'b')
--> id: users.id
--> WHERE equality users.email = 'a', 'b'
SELECT id FROM users WHERE 'a' IN (email, 'b')
--> id: users.id
--> WHERE equality users.email = 'a'
SELECT id FROM users WHERE 'a' IN (email, name)
--> id: users.id
--> WHERE condition users.email
--> WHERE condition users.name
SELECT id FROM users WHERE email = ANY ('{a,b}') AND name = ANY (ARRAY['x', 'y']::text[]) AND note <> ALL (ARRAY['q', $1])
--> id: users.id
--> WHERE equality users.email = '{a,b}'
--> WHERE equality users.name = 'x', 'y'
--> WHERE equality users.note = 'q', $1
SELECT id FROM users WHERE 'a' = ANY (tags)
--> id: users.id
--> WHERE condition users.tags
SELECT id FROM users WHERE email = ANY (tags)
--> id: users.id
--> WHERE equality users.email = {users.tags}
--> WHERE condition users.tags
SELECT id FROM users WHERE email = ANY (ARRAY(SELECT label FROM orders))
--> id: users.id
--> WHERE equality users.email = {computed(orders.label)}
--> WHERE condition computed(orders.label)
SELECT id FROM users WHERE email > 'a' AND age BETWEEN 1 AND 3 AND email LIKE 'x%'
--> id: users.id
--> WHERE condition computed(users.email)
--> WHERE condition computed(users.age)
--> WHERE condition computed(users.email)
SELECT id FROM users WHERE email || '' = 'x'
--> id: users.id
--> WHERE condition computed(users.email)
SELECT id FROM users WHERE email COLLATE "C" = 'x' AND email COLLATE "und-x-icu" = 'x'
--> id: users.id
--> WHERE equality users.email = 'x'
--> WHERE condition computed(users.email)
SELECT id FROM users WHERE email IS NULL AND lower(name) IS NOT NULL
--> id: users.id
--> WHERE condition null-test(users.email)
--> WHERE condition lower(users.name)
SELECT id FROM orders WHERE paid
--> id: orders.id
--> WHERE condition orders.paid
SELECT id FROM orders WHERE NOT paid AND (paid IS TRUE) AND paid IS NOT UNKNOWN
--> id: orders.id
--> WHERE condition orders.paid
SELECT id FROM orders WHERE paid = true
--> id: orders.id
--> WHERE equality orders.paid = true
SELECT id FROM users WHERE (email, name) = ('a', $1)
--> id: users.id
--> WHERE equality users.email = 'a'
--> WHERE equality users.name = $1
SELECT id FROM users WHERE (email, name) IN (('a', 'b'), ('c', note))
--> id: users.id
--> WHERE equality users.email = 'a', 'c'
--> WHERE equality users.name = 'b', {users.note}
--> WHERE equality users.note = {users.name}
SELECT id FROM users WHERE (email, name) = (SELECT label, 'x' FROM orders)
--> id: users.id
--> WHERE equality users.email = {orders.label}
--> WHERE equality orders.label = {users.email}
--> WHERE equality users.name = {-}
SELECT id FROM users WHERE (email, name) IN (SELECT label, 'x' FROM orders)
--> id: users.id
--> WHERE equality users.email = {orders.label}
--> WHERE equality orders.label = {users.email}
--> WHERE equality users.name = {-}
SELECT id FROM users WHERE (email, name) < ('a', 'b')
--> id: users.id
--> WHERE condition computed(users.email) computed(users.name)
SELECT id FROM users u WHERE u = row(1, 'a')
--> id: users.id
--> WHERE condition computed(users.0)
SELECT id FROM users WHERE id IN (SELECT user_id FROM orders WHERE label = 'x')
--> id: users.id
--> WHERE equality orders.label = 'x'
--> WHERE equality users.id = {orders.user_id}
--> WHERE equality orders.user_id = {users.id}
SELECT id FROM users WHERE id NOT IN (SELECT user_id FROM orders)
--> id: users.id
--> WHERE equality users.id = {orders.user_id}
--> WHERE equality orders.user_id = {users.id}
SELECT id FROM users WHERE email = ANY (SELECT label FROM orders) AND age > ALL (SELECT total FROM orders)
--> id: users.id
--> WHERE equality users.email = {orders.label}
--> WHERE equality orders.label = {users.email}
--> WHERE condition computed(orders.total) computed(users.age)
SELECT id FROM users u WHERE EXISTS (SELECT FROM orders o WHERE o.label = u.email)
--> id: users.id
--> WHERE equality orders.label = {users.email}
--> WHERE equality users.email = {orders.label}
SELECT id FROM users WHERE email = (SELECT max(label) FROM orders)
--> id: users.id
--> WHERE equality users.email = {computed(orders.label)}
--> WHERE condition computed(orders.label)
SELECT id FROM users WHERE CASE WHEN email = 'x' THEN true ELSE age > 3 END
--> id: users.id
--> CASE equality users.email = 'x'
--> WHERE condition computed(users.age)
SELECT id FROM users WHERE coalesce(email, 'x') = 'x'
--> id: users.id
--> WHERE condition computed(users.email)
SELECT id FROM users WHERE nullif(email, 'x') IS NULL
--> id: users.id
--> CASE equality users.email = 'x'
--> WHERE condition computed(users.email)
SELECT id FROM users WHERE $1 = 'x' AND true AND NULL
--> id: users.id
--> exposed $1
SELECT id FROM users WHERE s = 'x'
--> id: users.id
--> WHERE condition ANYTHING
--> code
SELECT e FROM (SELECT email AS e FROM users) s WHERE e = 'x'
--> e: users.email
--> WHERE equality users.email = 'x'
SELECT e FROM (SELECT email AS e FROM users UNION ALL SELECT label FROM orders) s WHERE e = 'x'
--> e: orders.label users.email
--> WHERE condition orders.label users.email
