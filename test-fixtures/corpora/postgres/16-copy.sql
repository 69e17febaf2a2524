CREATE TABLE copied (a int, b text, c numeric)

--! copy "1\tone\t1.5\n2\ttwo\t\\N\n"
COPY copied FROM STDIN

--! copy "3,three,3\n4,\"with \"\"quotes\"\", and comma\",\n"
COPY copied (a, b, c) FROM STDIN WITH (FORMAT csv)

--! copy "a;b;c\n5;x;-\n"
COPY copied FROM STDIN (FORMAT csv, HEADER true, DELIMITER ';', NULL '-')

--! copy ""
COPY copied FROM STDIN

--! copy "6\tsix\t6\n\\.\n7\tnever\t7\n"
COPY copied FROM STDIN

--! copy "x\tbad\t1\n"
COPY copied FROM STDIN

--! copy "1\n"
COPY copied FROM STDIN

--! copy "1\tone\t1\textra\n"
COPY copied FROM STDIN

--! copy-fail "the client gave up"
COPY copied FROM STDIN

--! copy "8\teight\t8\n9\tnine\t9\n"
COPY copied FROM STDIN WHERE a > 8

--! copy "ñ\t1\n"
COPY copied (b, a) FROM STDIN WITH (ENCODING 'UTF8')

--! copy "nine\tx\t1\n10\tten\t10\n"
COPY copied FROM STDIN WITH (ON_ERROR ignore)

COPY copied TO STDOUT

COPY copied (a, b) TO STDOUT WITH (FORMAT csv, HEADER)

COPY copied TO STDOUT WITH (FORMAT csv, FORCE_QUOTE *, NULL 'nil', DELIMITER '|')

COPY copied TO STDOUT (FORMAT binary)

COPY (SELECT id, name, tags, attributes FROM products WHERE id < 4 ORDER BY id) TO STDOUT

COPY (SELECT 1 WHERE false) TO STDOUT

COPY (VALUES (1, E'tab\there'), (2, E'new\nline'), (3, NULL)) TO STDOUT

COPY (INSERT INTO copied VALUES (50, 'fifty', 50) RETURNING *) TO STDOUT

COPY (SELECT i, repeat('x', 500) FROM generate_series(1, 2000) i) TO STDOUT

COPY products TO STDOUT WITH (FORMAT text, DELIMITER ',')

COPY customer_totals TO STDOUT

COPY nowhere TO STDOUT

COPY copied (nothing) TO STDOUT

COPY (SELECT 1 / (a - 50) FROM copied ORDER BY a) TO STDOUT

COPY copied FROM '/nonexistent/file'

COPY copied TO '/nonexistent/folder/file'

BEGIN

--! copy "99\ttx\t1\n"
COPY copied FROM STDIN

SELECT count(*) FROM copied WHERE a = 99

--! copy-fail "not in this transaction"
COPY copied FROM STDIN

SELECT 1

ROLLBACK

--! copy "100\tlast\t1\n"
COPY copied FROM STDIN; SELECT count(*) FROM copied

COPY copied TO STDOUT; SELECT 'after' AS a

DROP TABLE copied
