SELECT 'a' || 'b', concat('a', NULL, 1), concat_ws('-', 'a', NULL, 'b'), format('%s is %I or %L', 'x', 'Y y', 'z''z')

SELECT upper('abc'), lower('ABC'), initcap('the end'), length('añ'), octet_length('añ'), char_length('日本')

SELECT substring('abcdef' FROM 2 FOR 3), substr('abcdef', -1, 4), left('abc', 2), right('abc', -1), overlay('abcdef' PLACING 'XX' FROM 2 FOR 3), position('c' IN 'abc')

SELECT trim(BOTH 'x' FROM 'xxaxx'), ltrim('  a'), rtrim('a  '), btrim('..a..', '.'), lpad('7', 3, '0'), rpad('a', 3, '-'), repeat('ab', 3), reverse('abc')

SELECT replace('aXbX', 'X', '-'), translate('abc', 'ab', 'xy'), split_part('a.b.c', '.', 2), strpos('abc', 'd'), ascii('A'), chr(8364), quote_ident('A b'), quote_literal('it''s')

SELECT regexp_replace('foobar', 'o+', '<\&>'), regexp_match('a1b22', '\d+'), regexp_matches('a1b22', '\d+', 'g'), regexp_split_to_array('a1b2', '\d'), regexp_count('aaa', 'a')

SELECT md5('x'), encode(sha256('x'), 'hex'), to_hex(255), crc32('x'::bytea)

SELECT starts_with('abc', 'ab'), 'abc' ^@ 'a', 'abc' COLLATE "C" < 'abd', 'é' = normalize('é', NFC)

SELECT 'Ünïcödé ✓ 日本語 😀' AS "größe", 'ß', U&'\+01F600', E'\u00e9'

SELECT '😀' AS emoji, length('😀'), octet_length('😀')

SELECT 'line one
line two' AS two_lines

SELECT repeat('x', 100000) AS large

SELECT repeat('0123456789', 300000) AS three_megabytes

SELECT length(repeat('y', 10000000))

SELECT string_agg(name, E'\n' ORDER BY id) FROM products

SELECT i, repeat(chr(65 + i % 26), i * 100) FROM generate_series(1, 60) AS i

SELECT E'\000'

SELECT 'a' LIKE 'A', 'a_b' LIKE 'a\_b', 'a%b' LIKE 'a!%b' ESCAPE '!', 'abc' NOT LIKE 'b%'

SELECT 'unterminated

SELECT "unterminated

SELECT $a$unterminated

SELECT 'x' AS "a very long alias that is longer than the sixty-three bytes that an identifier may have in PostgreSQL"
