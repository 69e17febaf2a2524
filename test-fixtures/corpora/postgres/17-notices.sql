DO $$ BEGIN RAISE NOTICE 'plain notice'; END $$

DO $$ BEGIN RAISE WARNING 'a % with %', 'warning', 42 USING DETAIL = 'the detail', HINT = 'the hint'; END $$

DO $$ BEGIN RAISE INFO 'info'; RAISE LOG 'not shown'; RAISE DEBUG 'not shown'; END $$

SET client_min_messages = debug1

DO $$ BEGIN RAISE DEBUG 'shown now'; END $$

SET client_min_messages TO warning

DO $$ BEGIN RAISE NOTICE 'hidden now'; END $$

RESET client_min_messages

DO $$ BEGIN FOR i IN 1..5 LOOP RAISE NOTICE 'round %', i; END LOOP; END $$

DO $$ BEGIN RAISE EXCEPTION 'custom' USING ERRCODE = 'P0042', DETAIL = 'd', HINT = 'h', SCHEMA = 'sch', TABLE = 'tab', COLUMN = 'col', DATATYPE = 'typ', CONSTRAINT = 'con'; END $$

DO $$ BEGIN RAISE unique_violation; END $$

DO $$ BEGIN PERFORM 1 / 0; EXCEPTION WHEN division_by_zero THEN RAISE NOTICE 'caught %', SQLSTATE; END $$

DO LANGUAGE plpgsql 'BEGIN ASSERT false, ''asserted''; END'

DO $$ DECLARE x int; BEGIN SELECT stock INTO STRICT x FROM products WHERE id = -1; END $$

DO $$ DECLARE x int; BEGIN SELECT stock INTO STRICT x FROM products; END $$

DO $$ BEGIN INSERT INTO secrets VALUES ('do', 'do'); COMMIT; DELETE FROM secrets WHERE name = 'do'; END $$

DO $$ BEGIN EXECUTE 'SELECT broken'; END $$

DO $$ this is not plpgsql $$

DO LANGUAGE nolanguage ''

DROP TABLE IF EXISTS never_was, nor_this

CREATE TABLE notice_pk (a int PRIMARY KEY)

CREATE TABLE notice_fk (b int REFERENCES notice_pk)

DROP TABLE notice_pk CASCADE

DROP TABLE notice_fk

ROLLBACK

LISTEN corpus_channel

NOTIFY corpus_channel

NOTIFY corpus_channel, 'with a payload'

SELECT pg_notify('corpus_channel', 'from ' || 'a function')

BEGIN

NOTIFY corpus_channel, 'held until commit'

SELECT 1

COMMIT

BEGIN

NOTIFY corpus_channel, 'never sent'

ROLLBACK

SELECT pg_listening_channels()

UNLISTEN corpus_channel

NOTIFY corpus_channel, 'nobody hears'

LISTEN "Quoted Channel"

NOTIFY "Quoted Channel", 'ünïcode 😀'

UNLISTEN *
