-- Settings, transactions, prepared statements, cursors and maintenance. Each line is a statement, what follows it with --> its actions. No catalog, search path public.

set statement_timeout = 5000
--> set statement_timeout

set Search_Path to a, "B c"
--> set search_path

set search_path = 'a, b'
--> set search_path

set local search_path = x
--> set search_path

set session work_mem to '1MB'
--> set work_mem

set time zone 'UTC'
--> set timezone

set time zone interval '1' hour to minute
--> set timezone

set names 'utf8'
--> set client_encoding

set schema 'x'
--> set search_path

set sort_mem = 3
--> set work_mem

set app.tenant = 'x'
--> set app.tenant

set role admin
--> set role

set role none
--> set role

set local role admin
--> set role

reset role
--> set role

set session authorization bob
--> set session_authorization

set session authorization default
--> set session_authorization

reset session authorization
--> set session_authorization

set xml option document
--> set xmloption

set transaction isolation level serializable, read only
--> set transaction_isolation
--> set transaction_read_only

set transaction snapshot 'x'
--> set transaction_snapshot

set session characteristics as transaction read write
--> set default_transaction_read_only

set constraints all deferred
--> set constraints

reset statement_timeout
--> set statement_timeout

reset all
--> set *

set statement_timeout to default
--> set statement_timeout

show statement_timeout
--> show statement_timeout

show all
--> show *

show time zone
--> show timezone

show transaction isolation level
--> show transaction_isolation

show session authorization
--> show session_authorization

discard all
--> discard 'all'

discard plans
--> discard 'plans'

discard sequences
--> discard 'sequences'

discard temp
--> discard 'temp'

begin
--> begin

begin isolation level serializable read only
--> begin

start transaction
--> begin

commit
--> commit

end
--> commit

commit and chain
--> commit

rollback
--> rollback

abort
--> rollback

savepoint a
--> savepoint 'a'

release savepoint a
--> savepoint 'a'

rollback to savepoint a
--> rollback 'a'

prepare transaction 'x'
--> commit 'x'

commit prepared 'x'
--> commit 'x'

rollback prepared 'x'
--> rollback 'x'

prepare p as select email from customers where id = $1
--> prepare 'p'
--> select public.customers[email,id]

prepare p (int) as delete from orders where id = $1
--> prepare 'p'
--> delete public.orders[*]
--> select public.orders[id]

prepare p as select 1; execute p
--> prepare 'p'
--> execute 'p'
--> values

execute p (1)
--> undecidable: prepared statement "p" does not exist
--> execute 'p'

explain execute p
--> undecidable: prepared statement "p" does not exist
--> explain
--> execute 'p'

deallocate p
--> deallocate 'p'

deallocate prepare all
--> deallocate '*'

declare c cursor for select email from customers where id = 1
--> declare 'c'
--> select public.customers[email,id]

declare c scroll cursor with hold for select 1
--> declare 'c'

fetch 10 from c
--> fetch 'c'

move forward all in c
--> fetch 'c'

close c
--> close 'c'

close all
--> close '*'

listen jobs
--> listen 'jobs'

notify jobs, 'x'
--> notify 'jobs'

unlisten jobs
--> unlisten 'jobs'

unlisten *
--> unlisten '*'

explain select email from customers where id = 1
--> explain
--> select public.customers[email,id]

explain (analyze, buffers) delete from orders
--> explain 'analyze'
--> delete public.orders[*]

explain analyze insert into orders values (1)
--> explain 'analyze'
--> insert public.orders[*]

explain create table x as select * from orders
--> explain
--> create public.x (table)
--> select public.orders[*]

explain declare c cursor for select * from orders
--> explain
--> declare 'c'
--> select public.orders[*]

do $$begin delete from orders; end$$
--> do 'plpgsql'

do language plpython3u 'x'
--> do 'plpython3u'

call refresh_stats(1, lower('a'))
--> call public.refresh_stats

call pg_catalog.pg_sleep(1)
--> call pg_catalog.pg_sleep

select set_config('search_path', 'a', false)
--> call pg_catalog.set_config
--> set search_path

select set_config('search_path', x, true) from orders
--> select public.orders[x]
--> call pg_catalog.set_config
--> set search_path

select set_config('a' || 'b', 'c', true)
--> call pg_catalog.set_config
--> set *

select pg_catalog.set_config('ROLE'::text, 'admin', false)
--> call pg_catalog.set_config
--> set role

select current_setting('search_path')
--> values

select current_setting(note) from orders
--> select public.orders[note]
--> call pg_catalog.current_setting

checkpoint
--> checkpoint

load 'auto_explain'
--> load 'auto_explain'

vacuum
--> vacuum *

vacuum (full, analyze) orders (id, total), customers
--> vacuum public.orders[id,total]
--> vacuum public.customers

analyze
--> analyze *

analyze orders (email)
--> analyze public.orders[email]

cluster
--> cluster *

cluster orders using orders_pkey
--> cluster public.orders 'orders_pkey'

cluster verbose orders
--> cluster public.orders

reindex table orders
--> reindex public.orders (table)

reindex index orders_pkey
--> reindex (index) 'public.orders_pkey'

reindex schema public
--> reindex * (schema) 'public'

reindex database shop
--> reindex * (database) 'shop'

reindex system shop
--> reindex * (database) 'shop'

refresh materialized view stats
--> refresh public.stats (materialized view)

refresh materialized view concurrently stats with no data
--> refresh public.stats (materialized view)
