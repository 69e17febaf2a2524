CREATE TABLE parts (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, code text NOT NULL UNIQUE, size integer DEFAULT 7, doubled integer GENERATED ALWAYS AS (size * 2) STORED, made timestamptz DEFAULT timestamptz '2024-01-01 00:00:00+00')

INSERT INTO parts (code) VALUES ('a')

INSERT INTO parts (code, size) VALUES ('b', 1), ('c', 2), ('d', NULL)

INSERT INTO parts (code) VALUES ('e') RETURNING *

INSERT INTO parts (code, size) VALUES ('f', DEFAULT) RETURNING id, size, doubled AS twice

INSERT INTO parts DEFAULT VALUES

INSERT INTO parts (code, size) SELECT 'p' || id, stock FROM products WHERE id < 4

INSERT INTO parts (code) VALUES ('a')

INSERT INTO parts (code) VALUES ('a') ON CONFLICT DO NOTHING

INSERT INTO parts (code, size) VALUES ('a', 99) ON CONFLICT (code) DO UPDATE SET size = excluded.size RETURNING code, size

INSERT INTO parts (code, size) VALUES ('a', 5) ON CONFLICT ON CONSTRAINT parts_code_key DO UPDATE SET size = parts.size + 1 WHERE parts.size > 1000 RETURNING *

INSERT INTO parts (id, code) VALUES (500, 'forced')

INSERT INTO parts (id, code) OVERRIDING SYSTEM VALUE VALUES (500, 'forced') RETURNING id

INSERT INTO parts (doubled) VALUES (1)

INSERT INTO parts (nothing) VALUES (1)

INSERT INTO parts (code) VALUES (NULL)

INSERT INTO parts (code, size) VALUES ('x')

INSERT INTO nowhere VALUES (1)

INSERT INTO orders (customer_id) VALUES (999)

INSERT INTO orders (customer_id, status) VALUES (1, 'lost')

INSERT INTO products VALUES (99, 'Bad price', 'home', -1, 0, '{}', '{}', '2024-01-01')

INSERT INTO order_items VALUES (1, 9, 1, 0, 1)

INSERT INTO orders (customer_id, total, note) VALUES (1, 12.5, 'corpus') RETURNING id, status, total, note

INSERT INTO parts AS p (code) VALUES ('alias') RETURNING p.id, p.code

INSERT INTO customer_totals VALUES (1)

SELECT * FROM parts ORDER BY id

INSERT INTO parts (code) SELECT 'many' || i FROM generate_series(1, 200) AS i

INSERT INTO parts (code, size) VALUES ('overflow', 99999999999)

INSERT INTO secrets VALUES ('same', '1'), ('same', '2')
