SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer_id WHERE o.id < 6 ORDER BY o.id

SELECT o.id, c.name, c.email FROM orders o, customers c WHERE c.id = o.customer_id AND o.id IN (10, 20) ORDER BY o.id

SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id AND o.total > 500 ORDER BY c.id, o.id LIMIT 20

SELECT c.id, o.id FROM orders o RIGHT JOIN customers c ON o.customer_id = c.id AND o.id < 3 ORDER BY c.id, o.id LIMIT 12

SELECT a.id, b.id FROM (SELECT id FROM products WHERE id < 4) a FULL JOIN (SELECT id FROM products WHERE id BETWEEN 3 AND 5) b ON a.id = b.id ORDER BY 1, 2

SELECT count(*) FROM products CROSS JOIN (VALUES (1), (2)) v (n)

SELECT order_id, line, name FROM order_items i JOIN products p ON p.id = i.product_id WHERE order_id = 7 ORDER BY line

SELECT id, total, status FROM orders NATURAL JOIN (SELECT id, status FROM orders WHERE id < 4) x ORDER BY id

SELECT id, a.name, b.price FROM products a JOIN products b USING (id) WHERE id < 3 ORDER BY id

SELECT j.id, p.twice, q.price FROM products a JOIN products b USING (id) AS j JOIN LATERAL (SELECT j.id * 2 AS twice) AS p ON true CROSS JOIN LATERAL (SELECT b.price) q WHERE j.id = 1

SELECT c.name, x.id FROM customers c CROSS JOIN LATERAL (SELECT o.id FROM orders o WHERE o.customer_id = c.id ORDER BY o.total DESC, o.id LIMIT 2) x WHERE c.id < 4 ORDER BY c.id, x.id

SELECT c.name, p.name, sum(i.quantity) FROM customers c JOIN orders o ON o.customer_id = c.id JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id WHERE c.id = 12 GROUP BY 1, 2 ORDER BY 3 DESC, 2

SELECT a.id AS left_id, b.id AS right_id FROM products a JOIN products b ON a.stock = b.stock AND a.id < b.id ORDER BY 1, 2

SELECT g, p.name FROM generate_series(1, 3) g LEFT JOIN products p ON p.id = g * 20 ORDER BY g

SELECT * FROM unnest(ARRAY[1,2,3], ARRAY['a','b']) WITH ORDINALITY AS u (n, t, o)

SELECT * FROM ROWS FROM (generate_series(1, 2), generate_series(5, 7)) AS r (a, b)

SELECT o.status, p.category, sum(i.quantity * i.price) FROM orders o JOIN order_items i ON i.order_id = o.id JOIN products p ON p.id = i.product_id GROUP BY o.status, p.category ORDER BY o.status, p.category

SELECT count(*) FROM orders o WHERE NOT EXISTS (SELECT 1 FROM order_items i WHERE i.order_id = o.id AND i.quantity > 2)

SELECT name FROM customers WHERE id NOT IN (SELECT customer_id FROM orders WHERE status = 'returned') ORDER BY id LIMIT 5

SELECT (SELECT name FROM products WHERE id = i.product_id) AS product, i.quantity FROM order_items i WHERE order_id = 3 ORDER BY line
