UPDATE parts SET size = 3 WHERE code = 'b'

UPDATE parts SET size = size + 1, code = code || '!' WHERE id < 3 RETURNING *

UPDATE parts SET (size, code) = (SELECT 9, 'nine') WHERE code = 'c' RETURNING id, code, size

UPDATE parts SET (size) = ROW (11) WHERE code = 'nine'

UPDATE parts p SET size = q.stock FROM products q WHERE p.code = 'p' || q.id RETURNING p.code, q.id, p.size

UPDATE parts SET size = DEFAULT WHERE code = 'nine' RETURNING size

UPDATE parts SET code = 'nine'

UPDATE parts SET doubled = 1

UPDATE parts SET size = 'x' WHERE id = 1

UPDATE parts SET missing = 1

UPDATE parts SET size = 1 / (size - size)

UPDATE parts SET size = size WHERE false

UPDATE ONLY parts SET size = 8 WHERE code LIKE 'many1%'

UPDATE products SET tags[1] = 'first', attributes['added'] = 'true' WHERE id = 2 RETURNING tags, attributes

UPDATE orders SET customer_id = 999 WHERE id = 1

DELETE FROM parts WHERE code = 'nine' RETURNING code

DELETE FROM parts USING products q WHERE parts.code = 'p' || q.id RETURNING parts.code, q.name

DELETE FROM parts WHERE code LIKE 'many%'

DELETE FROM customers WHERE id = 1

DELETE FROM parts WHERE id IN (SELECT id FROM parts WHERE size IS NULL)

DELETE FROM ONLY parts WHERE false

MERGE INTO parts t USING (VALUES ('m1', 1), ('m2', 2)) AS s (code, size) ON t.code = s.code WHEN MATCHED THEN UPDATE SET size = s.size WHEN NOT MATCHED THEN INSERT (code, size) VALUES (s.code, s.size)

MERGE INTO parts t USING (VALUES ('m1', 10), ('m3', 3)) AS s (code, size) ON t.code = s.code WHEN MATCHED AND s.size > 5 THEN DELETE WHEN MATCHED THEN DO NOTHING WHEN NOT MATCHED THEN INSERT (code, size) VALUES (s.code, s.size)

MERGE INTO parts t USING (VALUES ('m3', 30)) AS s (code, size) ON t.code = s.code WHEN MATCHED THEN UPDATE SET size = s.size RETURNING merge_action(), t.code, t.size

MERGE INTO parts t USING (VALUES ('m9', 1)) AS s (code, size) ON t.code = s.code WHEN NOT MATCHED BY SOURCE AND t.code = 'm3' THEN DELETE

UPDATE parts SET size = 1 WHERE code = 'm2' RETURNING old.size, new.size

WITH u AS (UPDATE parts SET size = 77 WHERE code = 'm2' RETURNING *) MERGE INTO parts t USING u ON t.code = u.code WHEN MATCHED THEN DO NOTHING

TRUNCATE parts

TRUNCATE TABLE parts RESTART IDENTITY CASCADE

TRUNCATE products

TRUNCATE nowhere

SELECT count(*) FROM parts

DROP TABLE parts
