SELECT id, category, row_number() OVER (PARTITION BY category ORDER BY price DESC, id) FROM products ORDER BY category, 3 LIMIT 15

SELECT id, rank() OVER w, dense_rank() OVER w, percent_rank() OVER w FROM products WINDOW w AS (ORDER BY stock) ORDER BY id LIMIT 10

SELECT id, total, sum(total) OVER (ORDER BY id) FROM orders WHERE customer_id = 5 ORDER BY id

SELECT id, avg(total) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING)::numeric(10,2) FROM orders WHERE id < 8 ORDER BY id

SELECT id, lag(total) OVER (ORDER BY id), lead(total, 2, 0.0) OVER (ORDER BY id) FROM orders WHERE id < 6 ORDER BY id

SELECT id, first_value(name) OVER w, last_value(name) OVER w, nth_value(name, 2) OVER w FROM products WHERE id < 5 WINDOW w AS (ORDER BY id RANGE BETWEEN UNBOUNDED PRECEDING AND UNBOUNDED FOLLOWING) ORDER BY id

SELECT id, ntile(4) OVER (ORDER BY id), cume_dist() OVER (ORDER BY id) FROM products WHERE id < 9 ORDER BY id

SELECT id, count(*) OVER (ORDER BY price GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM products WHERE id < 9 ORDER BY id

SELECT status, count(*) FILTER (WHERE total > 100) OVER (PARTITION BY status) FROM orders WHERE id < 12 ORDER BY id

SELECT placed_at::date, sum(total) OVER (ORDER BY placed_at RANGE BETWEEN interval '2 days' PRECEDING AND CURRENT ROW) FROM orders WHERE id < 10 ORDER BY id

SELECT row_number() OVER () FROM generate_series(1, 3)

SELECT row_number() OVER (ORDER BY id), rank() FROM products
