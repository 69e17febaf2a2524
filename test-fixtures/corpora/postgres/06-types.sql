SELECT ARRAY[1,2,3], '{a,"b c",NULL}'::text[], ARRAY[[1,2],[3,4]], '[2:4]={7,8,9}'::int[], '{}'::int[]

SELECT (ARRAY[1,2,3])[2], (ARRAY[1,2,3,4])[2:3], array_length(ARRAY[1,2], 1), cardinality('{}'::int[]), array_dims(ARRAY[[1],[2]])

SELECT ARRAY[1,2] || 3, ARRAY[1] || ARRAY[2], array_append('{1}', 2), array_remove(ARRAY[1,2,1], 1), array_position(ARRAY['a','b'], 'b')

SELECT ARRAY[1,2] @> ARRAY[1], ARRAY[1,2] && ARRAY[2,3], 2 = ANY (ARRAY[1,2]), 3 > ALL (ARRAY[1,2])

SELECT unnest(tags) FROM products WHERE id = 3

SELECT array_to_string(tags, '|', '-'), string_to_array('a,b,,c', ',', '') FROM products WHERE id = 6

SELECT 32767::int2, 2147483647::int4, 9223372036854775807::int8, (-32768)::int2, (-9223372036854775808)::int8

SELECT 1.5::float4, 0.1::float8 + 0.2::float8, 'NaN'::float8, 'Infinity'::float8, '-Infinity'::float4, 1e-300::float8, '-0'::float8

SELECT 123456789.123456789::numeric, 'NaN'::numeric, 'Infinity'::numeric, 1e100::numeric, 0.00001::numeric(10,5), -0.5::numeric

SELECT true, false, 't'::boolean, 'no'::boolean, NULL::boolean

SELECT 'x'::char, 'abc'::char(5), 'abc'::varchar(2), 'a'::"char", 'name'::name, ''::text

SELECT '\xdeadbeef'::bytea, ''::bytea, 'a\000b'::bytea, decode('AQID', 'base64'), encode('\x0102', 'hex')

SELECT date '2024-02-29', date 'infinity', date '-infinity', date '4713-01-01 BC', date '5874897-12-31'

SELECT time '23:59:59.999999', time '24:00', timetz '12:00+02', time(0) '12:34:56.789'

SELECT timestamp '2024-01-01 12:00:00.123456', timestamp 'infinity', timestamp 'epoch', timestamp '0044-03-15 12:00:00 BC'

SELECT timestamptz '2024-06-01 12:00:00+02', timestamptz '2024-06-01 12:00:00 Europe/Berlin', timestamptz '-infinity'

SELECT interval '1 year 2 months 3 days 04:05:06.789', interval '-1 day', interval '0', interval 'P1Y2M', interval '1' hour

SELECT date '2024-03-31' - date '2024-03-01', date '2024-01-31' + interval '1 month', timestamp '2024-01-01' - timestamp '2023-01-01', age(timestamp '2024-03-01', timestamp '2023-01-31')

SELECT extract(epoch FROM timestamptz '2024-01-01 00:00:00+00'), extract(dow FROM date '2024-01-01'), date_part('week', date '2024-01-01'), date_trunc('quarter', timestamp '2024-05-17'), date_bin('15 minutes', timestamp '2024-01-01 10:07', timestamp '2024-01-01')

SELECT to_char(timestamp '2024-01-02 03:04:05', 'YYYY-MM-DD HH24:MI:SS Day'), to_date('02 Jan 2024', 'DD Mon YYYY'), to_timestamp(0), to_char(1234.5, '9G999D99'), to_number('1,234', '9,999')

SELECT timestamptz '2024-06-01 12:00:00+00' AT TIME ZONE 'America/New_York', timestamp '2024-06-01 12:00' AT TIME ZONE 'UTC', make_date(2024, 2, 3), make_interval(days => 10)

SELECT (date '2024-01-01', date '2024-02-01') OVERLAPS (date '2024-01-15', date '2024-03-01'), justify_days(interval '45 days'), isfinite(date 'infinity')

SELECT generate_series(timestamp '2024-01-01', timestamp '2024-01-03', interval '12 hours')

SELECT 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11'::uuid, '00000000-0000-0000-0000-000000000000'::uuid

SELECT '10.0.0.1'::inet, '10.0.0.0/8'::cidr, '08:00:2b:01:02:03'::macaddr, '::1'::inet, inet '192.168.1.5/24' << inet '192.168.0.0/16', '08:00:2b:01:02:03:04:05'::macaddr8

SELECT B'101'::bit(3), B'101'::varbit, 5::bit(8), 12.34::money

SELECT point '(1,2)', line '{1,2,3}', lseg '[(0,0),(1,1)]', box '(1,1),(0,0)', path '((0,0),(1,1))', polygon '((0,0),(1,1),(1,0))', circle '<(0,0),5>', point '(0,0)' <-> point '(3,4)'

SELECT int4range(1, 10), int8range '[1,5]', numrange(1.5, NULL), daterange '[2024-01-01,2024-02-01)', tsrange 'empty', tstzrange(timestamptz '2024-01-01 00:00+00', NULL, '[]')

SELECT int4range(1, 10) @> 5, int4range(1, 3) && int4range(2, 5), int4range(1, 3) + int4range(2, 5), lower(int4range(1, 3)), isempty('empty'::int4range), range_merge(int4range(1, 2), int4range(5, 6))

SELECT '{[1,3), [5,7)}'::int4multirange, int4multirange(int4range(1, 2)), unnest('{[1,2),[4,5)}'::int4multirange)

SELECT to_tsvector('english', 'The quick brown foxes'), to_tsquery('english', 'fox & !dog'), to_tsvector('simple', 'a b') @@ 'a'::tsquery, ts_rank('a:1'::tsvector, 'a'::tsquery)

SELECT 'orders'::regclass, 'int4'::regtype, 'lower(text)'::regprocedure, 'postgres'::regrole, 'public'::regnamespace, '+(int4,int4)'::regoperator

SELECT '1/ABC'::pg_lsn, '10:20:10,14,15'::pg_snapshot, '(0,1)'::tid, 1::oid, '5'::xid

SELECT 'paid'::order_status, enum_range(NULL::order_status), 'new'::order_status < 'shipped'::order_status

SELECT pg_typeof(1), pg_typeof('a'), pg_typeof(ARRAY[1.5]), pg_typeof(row(1)), pg_typeof(NULL)

SELECT NULL::int, NULL::text, NULL::jsonb, NULL::int[], NULL::bytea

SELECT '{"(1,a)","(2,\"b c\")"}'::text, ARRAY[row(1,'a'), row(2,NULL)]

SELECT int2vector '1 2 3', oidvector '1 2', 'a'::cstring

SELECT 1::information_schema.cardinal_number, 'x'::information_schema.sql_identifier

SELECT 'lexeme:1A'::tsvector, 'a <-> b'::tsquery, '$.a'::jsonpath, 'C'::regcollation
