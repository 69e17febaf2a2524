-- What expressions depend on.
SELECT tags[1], tags[2:3], data['k'] FROM users
--> tags: computed(users.tags)
--> tags: computed(users.tags)
--> data: computed(users.data)
SELECT tags[age] FROM users
--> tags: computed(users.age) computed(users.tags)
SELECT data -> 'k', data ->> 'k', data #> '{a,b}', data @> '{}' FROM users
--> ?column?: computed(users.data)
--> ?column?: computed(users.data)
--> ?column?: computed(users.data)
--> ?column?: computed(users.data)
SELECT loud, "full" FROM made
--> loud: computed(made.email) made.loud
--> full: computed(made.email) computed(made.loud) made.full
SELECT loud FROM people
--> loud: upper(users.email)
SELECT mail FROM folk
--> mail: users.email
SELECT id FROM selfish
--> id: ANYTHING
SELECT id FROM blind
--> id: ANYTHING
--> code
SELECT p.mail FROM people p WHERE p.loud = 'X'
--> mail: users.email
--> WHERE condition upper(users.email)
SELECT email || name, email || 'x', email || 1, email || $1 FROM users
--> ?column?: computed(users.email) computed(users.name)
--> ?column?: computed(users.email)
--> ?column?: computed(users.email)
--> ?column?: computed(users.email)
--> operator risk users.email by ||
--> exposed $1
SELECT tags || 'x', tags || tags, data || '{}' FROM users
--> ?column?: computed(users.tags)
--> ?column?: computed(users.tags)
--> ?column?: computed(users.data)
--> operator risk users.tags by ||
SELECT email || repeat('x', 1000) FROM users
--> ?column?: computed(users.email)
--> operator risk users.email by ||
SELECT concat(email, name), concat_ws(',', email, 1), format('%s', email), format('%I', email) FROM users
--> concat: computed(users.email) computed(users.name)
--> concat_ws: computed(users.email)
--> format: computed(users.email)
--> format: computed(users.email)
--> function risk users.email by format
SELECT left(email, 3), left(email, age), substr(email, 2), substr(email, 1, -1), substring(email from 'a') FROM users
--> left: computed(users.email)
--> left: computed(users.age) computed(users.email)
--> substr: computed(users.email)
--> substr: computed(users.email)
--> substring: computed(users.email)
--> function risk users.age users.email by left
--> function risk users.email by substr
--> function risk users.email by substring
SELECT replace(email, 'a', 'b'), replace(email, 'a', name), split_part(email, '@', 2), split_part(email, '@', 0) FROM users
--> replace: computed(users.email)
--> replace: computed(users.email) computed(users.name)
--> split_part: computed(users.email)
--> split_part: computed(users.email)
--> function risk users.email users.name by replace
--> function risk users.email by split_part
SELECT lpad(email, 5), lpad(email, 5, '*'), lpad(email, 100000000) FROM users
--> lpad: computed(users.email)
--> lpad: computed(users.email)
--> lpad: computed(users.email)
--> function risk users.email by lpad
SELECT length(email), octet_length(email), length(lower(email)), upper(lower(email)) FROM users
--> length: length(users.email)
--> octet_length: octet_length(users.email)
--> length: lower(users.email)
--> upper: lower(users.email)
SELECT num_nulls(email), num_nulls(email, name), num_nonnulls(lower(email)) FROM users
--> num_nulls: null-test(users.email)
--> num_nulls: null-test(users.email) null-test(users.name)
--> num_nonnulls: lower(users.email)
SELECT email IS NULL, lower(email) IS NULL, (email, name) IS NULL FROM users
--> ?column?: null-test(users.email)
--> ?column?: lower(users.email)
--> ?column?: null-test(users.email) null-test(users.name)
SELECT age + 1, -age, age / 2, abs(age), age % 2 FROM users
--> ?column?: computed(users.age)
--> ?column?: computed(users.age)
--> ?column?: computed(users.age)
--> abs: computed(users.age)
--> ?column?: computed(users.age)
--> operator risk users.age by +
--> operator risk users.age by -
--> operator risk users.age by /
--> function risk users.age by abs
--> operator risk users.age by %
SELECT age::text, email::text, note::text, email::varchar, email::varchar(3), email::int, age::int8, age::int2 FROM users
--> age: computed(users.age)
--> email: users.email
--> note: users.note
--> email: users.email
--> email: computed(users.email)
--> email: computed(users.email)
--> age: computed(users.age)
--> age: computed(users.age)
--> cast risk users.email by int4
--> cast risk users.age by int2
SELECT data::text, data::json, email::json, total::float8, total::int FROM users, orders
--> data: computed(users.data)
--> data: computed(users.data)
--> email: computed(users.email)
--> total: computed(orders.total)
--> total: computed(orders.total)
--> cast risk users.email by json
--> cast risk orders.total by float8
--> cast risk orders.total by int4
SELECT email::checked, email::mood, 'x'::mood FROM users
--> email: ANYTHING computed(users.email)
--> email: computed(users.email)
--> mood: -
--> cast risk users.email by checked
--> cast risk users.email by mood
--> code
SELECT email::text[], '{a}'::text[] FROM users
--> email: computed(users.email)
--> text: -
--> cast risk users.email by text
SELECT email COLLATE "C", email COLLATE "de-x-icu" FROM users
--> email: users.email
--> email: computed(users.email)
SELECT coalesce(email, name), coalesce(email, 'none'), coalesce(lower(email), 'none') FROM users
--> coalesce: computed(users.email) computed(users.name)
--> coalesce: computed(users.email)
--> coalesce: lower(users.email)
SELECT coalesce(email, (1 / $1)::text), coalesce(lower(email), (1 / $1)::text) FROM users
--> coalesce: computed(users.email)
--> coalesce: lower(users.email)
--> CASE condition null-test(users.email)
--> CASE condition lower(users.email)
--> exposed $1
SELECT nullif(email, 'x'), nullif(lower(email), 'x') FROM users
--> nullif: computed(users.email)
--> nullif: lower(users.email)
--> CASE equality users.email = 'x'
--> CASE condition lower(users.email)
SELECT greatest(email, name), least(age, 3) FROM users
--> greatest: computed(users.email) computed(users.name)
--> least: computed(users.age)
SELECT CASE WHEN email = 'x' THEN name ELSE note END FROM users
--> note: computed(users.name) computed(users.note)
--> CASE equality users.email = 'x'
SELECT CASE email WHEN 'x' THEN 1 WHEN name THEN 2 END FROM users
--> case: -
--> CASE equality users.email = 'x'
--> CASE equality users.email = {users.name}
--> CASE equality users.name = {users.email}
SELECT CASE 'x' WHEN email THEN 1 WHEN name THEN 2 END FROM users
--> case: -
--> CASE condition users.email
--> CASE condition users.name
SELECT CASE 'x' WHEN email THEN 1 END FROM users
--> case: -
--> CASE equality users.email = 'x'
SELECT email = 'x' AND age > 3, NOT paid, email = 'x' OR 1 / age > 0 FROM users, orders
--> ?column?: computed(users.age) computed(users.email)
--> ?column?: computed(orders.paid)
--> ?column?: computed(users.age) computed(users.email)
--> operator risk users.age by /
--> CASE condition computed(users.email)
--> CASE condition computed(users.age)
SELECT email = 'x', email > 'x', age BETWEEN 1 AND 2, email IN ('a', 'b'), email LIKE 'a%', email LIKE 'a\', email LIKE name FROM users
--> ?column?: computed(users.email)
--> ?column?: computed(users.email)
--> ?column?: computed(users.age)
--> ?column?: computed(users.email)
--> ?column?: computed(users.email)
--> ?column?: computed(users.email)
--> ?column?: computed(users.email) computed(users.name)
--> operator risk users.email by ~~
--> operator risk users.email users.name by ~~
SELECT email ~ 'x', email SIMILAR TO 'x', email ILIKE '%x' FROM users
--> ?column?: computed(users.email)
--> ?column?: computed(users.email)
--> ?column?: computed(users.email)
--> operator risk users.email by ~
SELECT age === 3, email OPERATOR(pg_catalog.=) 'x', email OPERATOR(public.=) 'x' FROM users
--> ?column?: ANYTHING computed(users.age)
--> ?column?: computed(users.email)
--> ?column?: ANYTHING computed(users.email)
--> operator risk users.age by ===
--> operator risk users.email by public.=
--> code
SELECT id FROM users WHERE email OPERATOR(pg_catalog.=) 'x'
--> id: users.id
--> WHERE equality users.email = 'x'
SELECT id FROM users WHERE email === 'x'
--> id: users.id
--> operator risk users.email by ===
--> WHERE condition ANYTHING computed(users.email)
--> code
SELECT array[email, name], array[tags, tags], array(SELECT email FROM users) FROM users
--> array: computed(users.email) computed(users.name)
--> array: computed(users.tags)
--> array: computed(users.email)
--> operator risk users.tags by ARRAY
SELECT min(email), max(age), sum(age), avg(total), sum(total), array_agg(email), string_agg(email, ','), json_agg(email), bool_or(paid) FROM users, orders
--> min: computed(users.email)
--> max: computed(users.age)
--> sum: sum(users.age)
--> avg: avg(orders.total)
--> sum: sum(orders.total)
--> array_agg: computed(users.email)
--> string_agg: computed(users.email)
--> json_agg: computed(users.email)
--> bool_or: bool_or(orders.paid)
SELECT array_agg(tags), sum(born - born), jsonb_agg(data), json_object_agg(id, email), json_object_agg(email, id) FROM users
--> array_agg: computed(users.tags)
--> sum: computed(users.born)
--> jsonb_agg: computed(users.data)
--> json_object_agg: computed(users.email) computed(users.id)
--> json_object_agg: computed(users.email) computed(users.id)
--> function risk users.tags by array_agg
--> operator risk users.born by -
--> function risk computed(users.born) by sum
--> function risk users.email users.id by json_object_agg
--> function risk users.email users.id by json_object_agg
SELECT string_agg(email, ',' ORDER BY name) FILTER (WHERE note = 'x') FROM users
--> string_agg: computed(users.email)
--> ORDER BY condition users.name
--> FILTER equality users.note = 'x'
SELECT percentile_disc(0.5) WITHIN GROUP (ORDER BY age), mode() WITHIN GROUP (ORDER BY email), percentile_cont(0.5) WITHIN GROUP (ORDER BY age) FROM users
--> percentile_disc: computed(users.age)
--> mode: computed(users.email)
--> percentile_cont: computed(users.age)
--> function risk users.age by percentile_cont
SELECT row_number() OVER (ORDER BY email), lag(email, 1) OVER (PARTITION BY name), count(*) OVER w FROM users WINDOW w AS (PARTITION BY note)
--> row_number: -
--> lag: computed(users.email)
--> count: -
--> ORDER BY condition users.email
--> PARTITION BY grouping users.name
--> PARTITION BY grouping users.note
SELECT first_value(email) OVER (ORDER BY id), nth_value(email, 2) OVER (), ntile(age) OVER (), sum(age) OVER (ROWS 2 PRECEDING) FROM users
--> first_value: computed(users.email)
--> nth_value: computed(users.email)
--> ntile: computed(users.age)
--> sum: sum(users.age)
--> ORDER BY condition users.id
--> function risk users.age by ntile
SELECT unnest(tags), generate_series(1, age), jsonb_array_elements(data), json_each_text(data::json) FROM users
--> unnest: computed(users.tags)
--> generate_series: computed(users.age)
--> jsonb_array_elements: computed(users.data)
--> json_each_text: computed(users.data)
--> function risk users.tags by unnest
--> function risk users.age by generate_series
--> function risk users.data by jsonb_array_elements
--> function risk computed(users.data) by json_each_text
SELECT extract(year FROM born), date_trunc('year', born), age(born), born + 1 FROM users
--> extract: computed(users.born)
--> date_trunc: computed(users.born)
--> age: computed(users.born)
--> ?column?: computed(users.born)
--> function risk users.born by date_trunc
--> function risk users.born by age
--> operator risk users.born by +
SELECT md5(email), sha256(email::bytea), encode(email::bytea, 'hex') FROM users
--> md5: md5(users.email)
--> sha256: computed(users.email)
--> encode: computed(users.email)
--> cast risk users.email by bytea
--> function risk computed(users.email) by encode
SELECT pg_typeof(email), pg_column_size(email), current_setting('x'), current_query(), now(), current_user FROM users
--> pg_typeof: pg_typeof(users.email)
--> pg_column_size: pg_column_size(users.email)
--> current_setting: -
--> current_query: ANYTHING
--> now: -
--> current_user: -
SELECT nextval('s'), pg_sleep(1), set_config('a', email, false), pg_notify('x', email) FROM users
--> nextval: -
--> pg_sleep: -
--> set_config: computed(users.email)
--> pg_notify: computed(users.email)
--> function risk users.email by set_config
--> function risk users.email by pg_notify
SELECT query_to_xml('select 1', true, true, ''), pg_read_file('x'), pg_stat_get_activity(1), lo_get(1)
--> query_to_xml: ANYTHING
--> pg_read_file: ANYTHING
--> pg_stat_get_activity: ANYTHING
--> lo_get: ANYTHING
--> code
SELECT no_such_function(email) FROM users
--> no_such_function: ANYTHING computed(users.email)
--> function risk users.email by no_such_function
--> code
SELECT hash_of(email), hidden(), public.hash_of('x') FROM users
--> hash_of: ANYTHING computed(users.email)
--> hidden: ANYTHING
--> hash_of: ANYTHING
--> function risk users.email by public.hash_of
--> code
SELECT email_of(1), email_of(age), email_of(wanted => id), email_of() FROM users
--> email_of: computed(users.email)
--> email_of: computed(users.email)
--> email_of: computed(users.email)
--> email_of: ANYTHING
--> WHERE equality users.id = {-}
--> WHERE equality users.id = {users.age}
--> WHERE equality users.age = {users.id}
--> WHERE equality users.id = {users.id}
--> WHERE equality users.id = {users.id}
--> code
SELECT by_email(email), (by_email('x')).name FROM users
--> by_email: computed(users.id) computed(users.name)
--> name: computed(users.name)
--> function condition null-test(users.email)
--> WHERE equality users.email = {users.email}
--> WHERE equality users.email = {-}
SELECT b.name FROM by_email('x') b
--> name: computed(users.name)
--> WHERE equality users.email = {-}
SELECT keep(email) FROM users
--> keep: computed(orders.id)
--> write orders.label <- {users.email}
SELECT piecewise(id) FROM orders
--> piecewise: computed(orders.id) computed(users.email)
--> WHERE equality users.id = {computed(orders.id) computed(users.email)}
--> WHERE condition computed(orders.id) computed(users.email)
--> operator risk computed(orders.id) computed(users.email) by ||
--> function risk computed(orders.id) computed(users.email) by public.piecewise
SELECT twice(email) FROM users
--> twice: ANYTHING computed(users.email)
--> function risk users.email by public.twice
--> code
SELECT xmlelement(name a, email), xmlforest(email), xmlparse(document email), xmlserialize(content xmlcomment(email) AS text) FROM users
--> xmlelement: computed(users.email)
--> xmlforest: computed(users.email)
--> xmlparse: computed(users.email)
--> xmlserialize: computed(users.email)
--> function risk users.email by xmlelement
--> function risk users.email by xmlforest
--> function risk users.email by xmlparse
--> function risk users.email by xmlcomment
--> function risk computed(users.email) by xmlserialize
SELECT json_object('a': email), json_object(email: 1), json_array(email), json_scalar(age), json(email), json_value(data, '$.x'), email IS JSON FROM users
--> json_object: computed(users.email)
--> json_object: computed(users.email)
--> json_array: computed(users.email)
--> json_scalar: computed(users.age)
--> json: computed(users.email)
--> json_value: computed(users.data)
--> ?column?: computed(users.email)
--> function risk users.email by json_object
--> function risk users.email by json
--> function risk users.data by json_query
SELECT json_arrayagg(email ORDER BY name), json_objectagg(id: email), json_array(SELECT email FROM users) FROM users
--> json_arrayagg: computed(users.email)
--> json_objectagg: computed(users.email) computed(users.id)
--> json_array: computed(users.email)
--> ORDER BY condition users.name
--> function risk users.email users.id by json_objectagg
SELECT grouping(name), merge_action(), current_date FROM users GROUP BY name
--> grouping: -
--> merge_action: -
--> current_date: -
--> GROUP BY grouping users.name
