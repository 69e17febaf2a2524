SELECT c.relname, c.relkind FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('r', 'v', 'S') ORDER BY c.relname

SELECT column_name, data_type, is_nullable, column_default FROM information_schema.columns WHERE table_name = 'orders' ORDER BY ordinal_position

SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull FROM pg_catalog.pg_attribute a WHERE a.attrelid = 'public.products'::regclass AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum

SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'order_items'::regclass ORDER BY conname

SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' ORDER BY indexname

SELECT pg_get_viewdef('customer_totals'::regclass, true)

SELECT proname, pg_get_function_identity_arguments(oid) FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname

SELECT t.typname, e.enumlabel FROM pg_type t JOIN pg_enum e ON e.enumtypid = t.oid WHERE t.typname = 'order_status' ORDER BY e.enumsortorder

SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1

SELECT datname FROM pg_database WHERE datistemplate ORDER BY datname

SELECT to_regclass('orders'), to_regclass('nowhere'), pg_table_is_visible('orders'::regclass)

SELECT col_description('orders'::regclass, 1), pg_column_size(1), pg_relation_size('secrets') > 0

SELECT count(*) > 100 FROM pg_settings

SELECT has_schema_privilege('public', 'usage'), pg_is_in_recovery(), txid_status(3) IS NULL

SELECT setting FROM pg_settings WHERE name = 'server_encoding'

SELECT relname, n_live_tup >= 0 FROM pg_stat_user_tables ORDER BY relname

SELECT pg_encoding_to_char(encoding), datcollate FROM pg_database WHERE datname = current_database()

SELECT grantee, privilege_type FROM information_schema.role_table_grants WHERE table_name = 'secrets' ORDER BY 1, 2

SELECT pg_get_serial_sequence('orders', 'id'), pg_get_expr(adbin, adrelid) FROM pg_attrdef WHERE adrelid = 'orders'::regclass ORDER BY adnum

SELECT extname FROM pg_extension ORDER BY 1

SELECT pg_size_pretty(1048576::bigint), pg_size_bytes('1 MB')

SELECT lo_create(424242)

SELECT lo_put(424242, 0, '\x0102'), lo_get(424242)

SELECT lo_unlink(424242)

SELECT version() IS NOT NULL, pg_backend_pid() > 0, now() IS NOT NULL, clock_timestamp() >= now()

SELECT current_query()

SELECT pg_advisory_lock(42), pg_try_advisory_lock(43)

SELECT pg_advisory_unlock(42), pg_advisory_unlock(43), pg_advisory_unlock(44)

SECURITY LABEL ON TABLE products IS 'x'

DISCARD ALL
