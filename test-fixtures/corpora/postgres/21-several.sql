--! several
SELECT 1; SELECT 2

--! several
SELECT 1; SELECT 2;

--! several
SELECT 'a;b'; SELECT $$c;d$$; -- and; a comment

--! several
INSERT INTO secrets VALUES ('several', '1'); SELECT count(*) FROM secrets; DELETE FROM secrets WHERE name = 'several'

--! several
INSERT INTO secrets VALUES ('lost', '1'); SELECT 1 / 0; SELECT 3

SELECT count(*) FROM secrets WHERE name = 'lost'

--! several
BEGIN; INSERT INTO secrets VALUES ('kept', '1'); COMMIT; SELECT 1 / 0

SELECT count(*) FROM secrets WHERE name = 'kept'

--! several
DELETE FROM secrets WHERE name = 'kept'; BEGIN; SELECT 1

--! several
SELECT 2; ROLLBACK; SELECT 3

--! several
BEGIN; SAVEPOINT s; SELECT broken; ROLLBACK TO s; COMMIT

ROLLBACK

--! several
SELECT 1; SELEC 2

--! several
CREATE TABLE several_t (a int); INSERT INTO several_t VALUES (1), (2); SELECT * FROM several_t; DROP TABLE several_t

--! several
SET statement_timeout = '7s'; SHOW statement_timeout; RESET statement_timeout

--! several
DO $$ BEGIN RAISE NOTICE 'one'; END $$; SELECT 'between'; DO $$ BEGIN RAISE NOTICE 'two'; END $$

--! several
PREPARE in_several AS SELECT 5; EXECUTE in_several; DEALLOCATE in_several

--! several
BEGIN; DECLARE c CURSOR FOR SELECT 1 UNION ALL SELECT 2; FETCH ALL c; COMMIT

--! several
SELECT 1;; ;SELECT 2

--! several
VACUUM products; SELECT 1

--! text ""

--! text ";"

--! text "  \n\t "

--! text "-- only a comment"

--! text "/* only a comment */"

--! text ";;  ; ;"

--! text "SELECT 1;\n\n\nSELECT 2;\n\n"

--! text "SELECT\n\n1"
