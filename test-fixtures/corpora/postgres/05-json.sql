SELECT attributes FROM products WHERE id < 4 ORDER BY id

SELECT attributes -> 'weight', attributes ->> 'colour', attributes #> '{weight}', attributes #>> '{colour}' FROM products WHERE id < 4 ORDER BY id

SELECT id FROM products WHERE attributes @> '{"colour":"red"}' ORDER BY id LIMIT 3

SELECT id FROM products WHERE attributes ? 'weight' AND attributes ?| ARRAY['a','colour'] AND attributes ?& ARRAY['weight','colour'] ORDER BY id LIMIT 2

SELECT '{"a": {"b": [1, 2, {"c": null}]}}'::jsonb #> '{a,b,2,c}', '[1,2,3]'::jsonb -> -1, '{"a":1}'::jsonb || '{"b":2}', '{"a":1,"b":2}'::jsonb - 'a', '[1,2]'::jsonb #- '{0}'

SELECT json_build_object('a', 1, 'b', ARRAY[1,2]), json_build_array(1, 'x', NULL), to_json('a"b'::text), row_to_json(row(1, 'x'))

SELECT jsonb_agg(name ORDER BY id), jsonb_object_agg(id, stock) FROM products WHERE id < 4

SELECT * FROM jsonb_each('{"a":1,"b":"x"}') ORDER BY key

SELECT * FROM jsonb_array_elements('[1,"a",null,{"k":true}]')

SELECT * FROM json_to_recordset('[{"a":1,"b":"x"},{"a":2}]') AS r (a int, b text)

SELECT jsonb_set('{"a":1}', '{b}', '2'), jsonb_insert('[1,3]', '{1}', '2'), jsonb_strip_nulls('{"a":null,"b":1}')

SELECT jsonb_path_query('{"a":[1,2,3]}', '$.a[*] ? (@ > 1)')

SELECT jsonb_path_exists('{"a":1}', '$.a'), jsonb_path_match('{"a":1}', '$.a == 1'), '{"a":1}'::jsonb @? '$.b', '{"a":1}'::jsonb @@ '$.a > 0'

SELECT jsonb_pretty('{"a":[1,2],"b":{"c":null}}')

SELECT jsonb_typeof('1'), jsonb_typeof('"x"'), jsonb_typeof('null'), jsonb_typeof('[]'), json_typeof('{}')

SELECT '{"a":1, "a":2}'::json, '{"a":1, "a":2}'::jsonb

SELECT ('{"weight":5}'::jsonb)['weight'], ('{"a":{"b":1}}'::jsonb)['a']['b']

SELECT JSON_OBJECT('a': 1, 'b': NULL ABSENT ON NULL)

SELECT JSON_ARRAYAGG(id ORDER BY id) FROM products WHERE id < 4

SELECT JSON_VALUE('{"a":5}', '$.a' RETURNING int), JSON_QUERY('{"a":[1]}', '$.a'), JSON_EXISTS('{"a":1}', '$.b')

SELECT * FROM JSON_TABLE('[{"n":1,"t":"x"},{"n":2}]', '$[*]' COLUMNS (n int PATH '$.n', t text PATH '$.t', o FOR ORDINALITY)) AS j

SELECT '{"a":1}' IS JSON, '[1' IS JSON, '[]' IS JSON ARRAY, '{}' IS JSON OBJECT WITH UNIQUE KEYS

SELECT '{"broken":'::json

SELECT '{"a":1}'::jsonb -> 'a' -> 'b' -> 'c' IS NULL

SELECT xmlelement(name a, xmlattributes(1 AS b), 'text'), xmlforest(1 AS x, 2 AS y)

SELECT xpath('/a/b/text()', '<a><b>1</b><b>2</b></a>')

SELECT '<a'::xml
