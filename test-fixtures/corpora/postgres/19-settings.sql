SHOW server_version_num

SHOW search_path

SHOW timezone

SET timezone = 'Europe/Berlin'

SELECT timestamptz '2024-06-01 12:00:00+00'

SET TIME ZONE INTERVAL '-05:00' HOUR TO MINUTE

SELECT timestamptz '2024-06-01 12:00:00+00'

SET TIME ZONE LOCAL

SET datestyle = 'German, DMY'

SELECT date '2024-02-03', timestamp '2024-02-03 04:05:06'

SET datestyle TO ISO, MDY

SET intervalstyle = 'iso_8601'

SELECT interval '1 year 2 days 03:04:05'

RESET intervalstyle

SET application_name = 'corpus ünïcode'

SHOW application_name

SET application_name TO DEFAULT

SET statement_timeout = '10min'

SHOW statement_timeout

BEGIN

SET LOCAL statement_timeout = 1234

SHOW statement_timeout

ROLLBACK

SHOW statement_timeout

RESET statement_timeout

SET extra_float_digits = 0

SELECT 0.1::float8 + 0.2::float8, 1.1::float4

RESET extra_float_digits

SET bytea_output = 'escape'

SELECT '\x00ff41'::bytea

SET bytea_output = 'hex'

SELECT current_setting('work_mem'), current_setting('nosuch.setting', true)

SET custom.value = 'x y'

SHOW custom.value

SELECT set_config('custom.value', 'z', false), current_setting('custom.value')

RESET custom.value

SET SESSION lock_timeout TO '3s'

RESET lock_timeout

SET default_text_search_config = 'pg_catalog.german'

RESET ALL

SELECT name, setting FROM pg_settings WHERE name IN ('block_size', 'max_identifier_length') ORDER BY name

SET SCHEMA 'public'

SET search_path TO "$user", public, pg_catalog

SHOW search_path

RESET search_path

SET NAMES 'UTF8'

SHOW client_encoding

SHOW standard_conforming_strings

SET escape_string_warning = off

RESET escape_string_warning

SET SEED TO 0.5

SET xmloption = document

RESET xmloption

SET plan_cache_mode = force_generic_plan

SET plan_cache_mode = auto

DISCARD PLANS

DISCARD SEQUENCES

DISCARD TEMP

LOAD 'no_such_library'

CHECKPOINT
