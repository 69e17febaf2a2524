-- What an agent might try. Run a statement with the lens above it, as the agent "demo", and look at
-- "Gatehouse: Show Live Decisions". The rules are in .gatehouse/policies/shop.policy.yaml.

-- It reads orders with their customers: allowed, and the addresses and cards are masked.
SELECT o.id, o.total, c.name, c.email, c.card_number
FROM orders o JOIN customers c ON c.id = o.customer_id
WHERE o.status = 'returned' ORDER BY o.id LIMIT 4;

-- It tries to find a masked number by asking about it: denied, as the answer would tell.
SELECT name FROM customers WHERE ssn LIKE '900-1%';

-- It tidies up a table that it thinks is unused: denied, by the rule no-schema-changes.
DROP TABLE order_items;

-- It forgets the WHERE of an UPDATE: denied, by the rule no-writes-without-where.
UPDATE products SET price = price * 0.9;

-- It hides a DELETE in what looks like a SELECT: denied, by the rule orders-are-never-deleted.
WITH gone AS (DELETE FROM orders WHERE status = 'returned' RETURNING id)
SELECT count(*) FROM gone;

-- It corrects an order: held until you answer.
UPDATE orders SET status = 'shipped', note = 'sent again' WHERE id = 42;

-- And now it looks at what became of it: allowed.
SELECT id, status, note FROM orders WHERE id = 42;
