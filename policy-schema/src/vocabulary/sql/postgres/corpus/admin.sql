-- Roles, privileges, servers, and functions that reach further than their arguments. Each line is a statement, what follows it with --> its actions. No catalog, search path public.

grant select on orders to bob
--> grant public.orders[*] (table) 'bob'

grant select (email), update on customers to bob, public
--> grant public.customers[*,email] (table) 'bob'
--> grant public.customers[*,email] (table) 'public'

grant all on all tables in schema public to bob
--> grant * (table) 'public'

grant usage on sequence q to bob
--> grant public.q[*] (sequence) 'bob'

grant usage on schema s to bob
--> grant (schema) 's'

grant execute on function f(int) to bob
--> grant (function) 'public.f'

grant create on database shop to bob
--> grant (database) 'shop'

grant usage on language plpgsql to bob
--> grant (language) 'plpgsql'

grant set on parameter work_mem to bob
--> grant (parameter) 'work_mem'

grant select on large object 5 to bob
--> grant (large object) '5'

grant usage on type ty to bob
--> grant (type) 'public.ty'

grant usage on foreign server srv to bob
--> grant (server) 'srv'

grant admin, ops to bob with admin option
--> grant (role) 'admin'
--> grant (role) 'ops'

revoke select on orders from bob cascade
--> revoke public.orders[*] (table) 'bob'
--> revoke * (*) '*'

revoke admin from bob
--> revoke (role) 'admin'

alter default privileges in schema s grant select on tables to bob
--> alter (default privileges)
--> grant * (table) 'bob'

alter default privileges revoke execute on functions from public
--> alter (default privileges)
--> revoke * (function) 'public'

create role bob login superuser
--> create (role) 'bob'

create user bob password 'x'
--> create (role) 'bob'

alter role bob createdb
--> alter (role) 'bob'

alter role current_user password 'x'
--> alter (role) 'current_user'

alter role bob set search_path = x
--> alter search_path (role) 'bob'

alter role all reset all
--> alter * (role) '*'

alter group g add user bob
--> alter (role) 'g'

drop role bob, if_alice
--> drop (role) 'bob'
--> drop (role) 'if_alice'

drop owned by bob cascade
--> drop * (*) 'bob'

reassign owned by bob, current_user to alice
--> reassign (role) 'bob'
--> reassign (role) 'current_user'
--> reassign (role) 'alice'

create database shop template t0
--> create (database) 'shop'

alter database shop with connection limit 3
--> alter (database) 'shop'

alter database shop set tablespace x
--> alter (database) 'shop'

alter database shop refresh collation version
--> alter (database) 'shop'

alter database shop set work_mem = 1
--> alter work_mem (database) 'shop'

alter database shop reset all
--> alter * (database) 'shop'

drop database if exists shop
--> drop (database) 'shop'

create tablespace x location '/tmp'
--> create (tablespace) 'x'

alter tablespace x set (seq_page_cost = 1)
--> alter (tablespace) 'x'

drop tablespace x
--> drop (tablespace) 'x'

alter system set shared_preload_libraries = 'x'
--> alter shared_preload_libraries (system) 'system'

alter system reset all
--> alter * (system) 'system'

create foreign data wrapper w handler s.h validator v
--> call s.h
--> call public.v
--> create (foreign data wrapper) 'w'

alter foreign data wrapper w no handler
--> alter (foreign data wrapper) 'w'

create server srv foreign data wrapper postgres_fdw options (host 'x')
--> create (server) 'srv'

alter server srv options (set host 'y')
--> alter (server) 'srv'

create user mapping for bob server srv options (password 'x')
--> create (user mapping) 'bob@srv'

alter user mapping for current_user server srv options (set password 'x')
--> alter (user mapping) 'current_user@srv'

drop user mapping if exists for public server srv
--> drop (user mapping) 'public@srv'

import foreign schema remote limit to (a) from server srv into local
--> import (foreign table) 'srv'
--> create * (foreign table) 'local'

create publication p for table orders (id, total) where (total > f(1)), tables in schema s
--> select public.orders[id,total]
--> call public.f
--> select * 's'
--> create (publication) 'p'

create publication p for all tables
--> select *
--> create (publication) 'p'

create publication p
--> create (publication) 'p'

alter publication p add table customers
--> select public.customers[*]
--> alter (publication) 'p'

create subscription sub connection 'host=x' publication p
--> create (subscription) 'sub'

alter subscription sub disable
--> alter (subscription) 'sub'

drop subscription sub
--> drop (subscription) 'sub'

select lo_import('/etc/passwd')
--> call pg_catalog.lo_import

select pg_read_file('/etc/passwd')
--> call pg_catalog.pg_read_file

select * from dblink('host=x', 'select 1') as t(a int)
--> call public.dblink

select query_to_xml('select * from customers', true, true, '')
--> call pg_catalog.query_to_xml

select pg_terminate_backend(1), nextval('orders_id_seq'), setval('S.Q', 1), nextval('"S".q'::regclass), nextval(12345), nextval(note) from orders
--> select public.orders[note]
--> call pg_catalog.pg_terminate_backend
--> call public.orders_id_seq pg_catalog.nextval
--> call s.q pg_catalog.setval
--> call S.q pg_catalog.nextval
--> call * pg_catalog.nextval

select * from ts_stat('select to_tsvector(email) from customers')
--> call pg_catalog.ts_stat

select currval('x'), lastval(), txid_current(), pg_advisory_lock(1), pg_notify('a', 'b')
--> call pg_catalog.txid_current
--> call pg_catalog.pg_advisory_lock
--> call pg_catalog.pg_notify

select public.lower('x'), my_function(1), s.g()
--> call public.lower
--> call public.my_function
--> call s.g

select pg_catalog.pg_read_file('x'), pg_catalog.no_such_function()
--> call pg_catalog.pg_read_file
--> call pg_catalog.no_such_function

select information_schema._pg_truetypid(a) from x
--> select public.x[a]

select has_table_privilege('customers', 'select'), pg_get_viewdef('v'::regclass), version()
--> values
