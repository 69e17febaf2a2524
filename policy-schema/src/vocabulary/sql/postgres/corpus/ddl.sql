-- Definitions of everything that has one. Each line is a statement, what follows it with --> its actions. No catalog, search path public.

create table t (id int primary key, a text default f(), b int check (g(b) > 0), c int references customers (id), d int references orders)
--> create public.t (table)
--> call public.f
--> call public.g
--> select public.customers[id]
--> select public.orders[*]

create table if not exists s.t (id int)
--> create s.t (table)

create temp table t (id int)
--> create pg_temp.t (table)

create unlogged table t (id serial)
--> create public.t (table)

create table t (like customers including all)
--> create public.t (table)
--> select public.customers[*]

create table t () inherits (customers)
--> create public.t (table)
--> alter public.customers (table)

create table t partition of events for values from (f(1)) to (maxvalue)
--> create public.t (table)
--> alter public.events (table)
--> call public.f

create table t (id int) partition by range (lower(note))
--> create public.t (table)

create table t (id int generated always as identity, x int generated always as (h(id)) stored)
--> create public.t (table)
--> call public.h

create table t (a int, b int, foreign key (a, b) references k (x, y), exclude using gist (f(a) with &&) where (g(b)), unique (a) include (b))
--> create public.t (table)
--> select public.k[x,y]
--> call public.g
--> call public.f

create table t of my_type
--> create public.t (table)

create table t as select email from customers
--> create public.t (table)
--> select public.customers[email]

create table if not exists t (a) as select email from customers with no data
--> create public.t (table)
--> select public.customers[email]

create temp table t as values (1)
--> create pg_temp.t (table)

create table t as execute p
--> undecidable: prepared statement "p" does not exist
--> create public.t (table)
--> execute 'p'

create table t as table orders
--> create public.t (table)
--> select public.orders[*]

create view v as select email from customers where id = 1
--> create public.v (view)
--> select public.customers[email,id]

create or replace temp view v (a) as select email from customers
--> create pg_temp.v (view)
--> select public.customers[email]

create recursive view v (n) as select 1 union all select n + 1 from v
--> create public.v (view)

create materialized view m as select * from orders
--> create public.m (materialized view)
--> select public.orders[*]

create foreign table ft (id int) server files options (filename '/etc/passwd')
--> create public.ft (foreign table) 'files'

create index on orders (status)
--> create public.orders[status] (index)

create unique index concurrently if not exists i on public.orders (lower(note), status) include (total) where total > f(1)
--> create public.orders[*,status,total] (index) 'i'
--> select public.orders[note,total]
--> call public.f

create statistics st on a, (f(b)) from orders
--> create public.orders (statistics) 'st'
--> select public.orders[b]
--> call public.f

alter statistics st set statistics 5
--> alter (statistics) 'public.st'

create sequence s.q owned by t.id
--> create s.q (sequence)

create temp sequence q
--> create pg_temp.q (sequence)

alter sequence q restart with 5
--> alter public.q (sequence)

create trigger tr before update of status on orders for each row when (old.total > f(new.total)) execute function audit.log('x')
--> create public.orders (trigger) 'tr'
--> call audit.log
--> call public.f

create constraint trigger tr after insert on orders from customers deferrable for each row execute function g()
--> create public.orders (trigger) 'tr'
--> select public.customers[*]
--> call public.g

create rule r as on delete to orders where old.total > 3 do instead (update archive set gone = true where id = old.id; notify gone)
--> create public.orders (rule) 'r'
--> update public.archive[gone]
--> select public.archive[id]
--> notify 'gone'

create policy p on orders using (owner = current_user) with check (check_it(total))
--> create public.orders (policy) 'p'
--> call public.check_it

alter policy p on orders using (f(1) > 0)
--> alter public.orders (policy) 'p'
--> call public.f

create event trigger e on ddl_command_start execute function g()
--> call public.g
--> create (event trigger) 'e'

alter event trigger e disable
--> alter (event trigger) 'e'

create schema s
--> create (schema) 's'

create schema authorization bob
--> create (schema) 'bob'

create schema s create table t (id int) create view v as select id from t create index i on t (id) grant select on t to bob
--> create (schema) 's'
--> create s.t (table)
--> create s.v (view)
--> select s.t[id]
--> create s.t[id] (index) 'i'
--> grant s.t[*] (table) 'bob'

create function f(a int default g(1)) returns int language sql as 'select 1'
--> create (function) 'public.f'
--> call public.g

create or replace function s.f(a int) returns int language sql begin atomic delete from orders where id = a; select f.a from customers; end
--> create (function) 's.f'
--> delete public.orders[*]
--> select public.orders[a,id]
--> select public.customers[]

create function f(a int) returns int language sql return lower(a) || (select max(email) from customers)
--> create (function) 'public.f'
--> select public.customers[email]

create procedure p() language plpgsql as 'begin end'
--> create (procedure) 'public.p'

create function f() returns void language c as '/tmp/x.so', 'y'
--> create (function) 'public.f'

alter function f(int) security definer
--> alter (function) 'public.f'

alter procedure s.p() set search_path = x
--> alter (procedure) 's.p'

alter function f(int) depends on extension e
--> alter (function) 'public.f'

create aggregate agg (int) (sfunc = s.step, stype = int, finalfunc = done)
--> create (aggregate) 'public.agg'
--> call s.step
--> call public.done

create operator public.=== (leftarg = int, rightarg = int, function = s.cmp, restrict = eqsel)
--> create (operator) 'public.==='
--> call s.cmp
--> call pg_catalog.eqsel

create type ty as (a int, b text)
--> create (type) 'public.ty'

create type mood as enum ('a', 'b')
--> create (type) 'public.mood'

create type r as range (subtype = int, subtype_diff = s.diff)
--> call s.diff
--> create (type) 'public.r'

create type base (input = ty_in, output = ty_out)
--> create (type) 'public.base'
--> call public.ty_in
--> call public.ty_out

create domain d as text check (value ~ f(value))
--> create (domain) 'public.d'
--> call public.f

alter domain s.d add constraint c check (g(value))
--> alter (domain) 's.d'
--> call public.g

alter domain d set default f(1)
--> alter (domain) 'public.d'
--> call public.f

alter type ty add attribute c int
--> alter (type) 'public.ty'

alter type mood add value 'c'
--> alter (type) 'public.mood'

alter type base set (typmod_in = f)
--> call public.f
--> alter (type) 'public.base'

alter type ty rename attribute a to b
--> alter (type) 'public.ty'

create collation c (locale = 'C')
--> create (collation) 'public.c'

alter collation c refresh version
--> alter (collation) 'public.c'

create conversion c for 'UTF8' to 'LATIN1' from s.conv
--> call s.conv
--> create (conversion) 'public.c'

create cast (int as text) with function s.f(int)
--> call s.f
--> create (cast) 'pg_catalog.int4.text'

create cast (int as text) without function
--> create (cast) 'pg_catalog.int4.text'

create transform for int language plperl (from sql with function f(internal), to sql with function g(internal))
--> call public.f
--> call public.g
--> create (transform) 'pg_catalog.int4.plperl'

create access method am type index handler s.h
--> call s.h
--> create (access method) 'am'

create language l handler s.h validator s.v
--> call s.h
--> call s.v
--> create (language) 'l'

create operator class c for type int using btree as operator 1 <, function 1 s.f(int, int)
--> call s.f
--> create (operator class) 'public.c'

create operator family s.fam using btree
--> create (operator family) 's.fam'

alter operator family fam using btree add function 1 (int, int) s.f(int, int)
--> call s.f
--> alter (operator family) 'public.fam'

alter operator family fam using btree drop function 1 (int, int)
--> alter (operator family) 'public.fam'

alter operator + (int, int) set (restrict = s.f)
--> call s.f
--> alter (operator) 'public.+'

create text search dictionary d (template = simple)
--> create (text search dictionary) 'public.d'

create text search configuration c (copy = english)
--> create (text search configuration) 'public.c'

create text search parser p (start = f, gettoken = g, end = h, lextypes = i)
--> create (text search parser) 'public.p'
--> call public.f
--> call public.g
--> call public.h
--> call public.i

alter text search dictionary d (stopwords = x)
--> alter (text search dictionary) 'public.d'

alter text search configuration c add mapping for word with simple
--> alter (text search configuration) 'public.c'

create extension if not exists pgcrypto schema s
--> create (extension) 'pgcrypto'

alter extension pgcrypto update
--> alter (extension) 'pgcrypto'

alter extension pgcrypto add function f(int)
--> alter (extension) 'pgcrypto'
--> alter (function) 'public.f'

alter extension pgcrypto drop table orders
--> alter (extension) 'pgcrypto'
--> alter public.orders (table)

alter table orders add column note text default f(1), drop column secret, alter column total type int using g(status), alter status set not null
--> alter public.orders[note,secret,status,total] (table)
--> select public.orders[status]
--> call public.f
--> call public.g

alter table if exists s.orders drop column a cascade
--> alter s.orders[a] (table)
--> alter * (*) '*'

alter table orders add constraint c foreign key (customer_id) references customers (id) not valid
--> alter public.orders[*] (table)
--> select public.customers[id]

alter table orders add constraint c check (total > f(status))
--> alter public.orders[*] (table)
--> select public.orders[status,total]
--> call public.f

alter table orders validate constraint c
--> alter public.orders[*] (table)

alter table orders inherit base, no inherit old_base
--> alter public.orders[*] (table)
--> alter public.base (table)
--> alter public.old_base (table)

alter table events attach partition events_2024 for values from (1) to (2)
--> alter public.events[*] (table)
--> alter public.events_2024 (table)

alter table events detach partition events_2024 concurrently
--> alter public.events[*] (table)
--> alter public.events_2024 (table)

alter table orders owner to bob
--> alter public.orders[*] (table)

alter table orders disable row level security
--> alter public.orders[*] (table)

alter table orders disable trigger all
--> alter public.orders[*] (table)

alter table orders replica identity using index i
--> alter public.orders[*] (table)

alter table orders set schema archive
--> alter public.orders[*] (table)
--> create archive.orders (table)

alter table orders rename to old_orders
--> alter public.orders[*] (table)
--> create public.old_orders (table)

alter table s.orders rename to old_orders
--> alter s.orders[*] (table)
--> create s.old_orders (table)

alter table orders rename column a to b
--> alter public.orders[a,b] (table)

alter table orders rename constraint a to b
--> alter public.orders (constraint) 'a'
--> alter public.orders (constraint) 'b'

alter table all in tablespace a set tablespace b
--> alter * (table) 'a'

alter view v alter column a set default 1
--> alter public.v[a] (view)

alter view v rename to w
--> alter public.v[*] (view)
--> create public.w (view)

alter materialized view m set tablespace x
--> alter public.m[*] (materialized view)

alter index i rename to j
--> alter (index) 'public.i'
--> create (index) 'public.j'

alter index s.i set tablespace x
--> alter (index) 's.i'

alter sequence q rename to r
--> alter public.q[*] (sequence)
--> create public.r (sequence)

alter sequence q owner to bob
--> alter public.q[*] (sequence)

alter sequence q set schema x
--> alter public.q[*] (sequence)
--> create x.q (sequence)

alter foreign table ft options (set x 'y')
--> alter public.ft[*] (foreign table)

alter schema a rename to b
--> alter (schema) 'a'
--> create (schema) 'b'

alter schema a owner to bob
--> alter (schema) 'a'

alter function f(int) rename to g
--> alter (function) 'public.f'
--> create (function) 'public.g'

alter function s.f(int) rename to g
--> alter (function) 's.f'
--> create (function) 's.g'

alter function f(int) set schema x
--> alter (function) 'public.f'
--> create (function) 'x.f'

alter function f(int) owner to bob
--> alter (function) 'public.f'

alter type ty rename to tz
--> alter (type) 'public.ty'
--> create (type) 'public.tz'

alter type ty set schema x
--> alter (type) 'public.ty'
--> create (type) 'x.ty'

alter type s.ty owner to bob
--> alter (type) 's.ty'

alter role a rename to b
--> alter (role) 'a'
--> create (role) 'b'

alter database a rename to b
--> alter (database) 'a'
--> create (database) 'b'

alter trigger tr on orders rename to tt
--> alter public.orders (trigger) 'tr'
--> alter public.orders (trigger) 'tt'

alter policy p on orders rename to q
--> alter public.orders (policy) 'p'
--> alter public.orders (policy) 'q'

alter rule r on orders rename to s
--> alter public.orders (rule) 'r'
--> alter public.orders (rule) 's'

alter domain d rename constraint a to b
--> alter (domain) 'public.d'

alter extension e set schema x
--> alter (extension) 'e'

alter trigger tr on orders depends on extension e
--> alter public.orders (trigger) 'tr'

alter language l rename to m
--> alter (language) 'l'
--> create (language) 'm'

alter large object 5 owner to bob
--> alter (large object) '5'

drop table orders
--> drop public.orders (table)

drop table if exists orders, s.customers cascade
--> drop public.orders (table)
--> drop s.customers (table)
--> drop * (*) '*'

drop view v
--> drop public.v (view)

drop materialized view m
--> drop public.m (materialized view)

drop sequence q
--> drop public.q (sequence)

drop foreign table ft
--> drop public.ft (foreign table)

drop index i, s.j
--> drop (index) 'public.i'
--> drop (index) 's.j'

drop schema s cascade
--> drop (schema) 's'
--> drop * (*) '*'

drop function f(int), s.g
--> drop (function) 'public.f'
--> drop (function) 's.g'

drop procedure p()
--> drop (procedure) 'public.p'

drop routine r()
--> drop (routine) 'public.r'

drop aggregate a(int)
--> drop (aggregate) 'public.a'

drop operator s.+ (int, int)
--> drop (operator) 's.+'

drop type ty
--> drop (type) 'public.ty'

drop domain s.d
--> drop (domain) 's.d'

drop trigger tr on s.orders
--> drop s.orders (trigger) 'tr'

drop rule r on orders
--> drop public.orders (rule) 'r'

drop policy p on orders
--> drop public.orders (policy) 'p'

drop extension pgcrypto
--> drop (extension) 'pgcrypto'

drop cast (int as text)
--> drop (cast) 'pg_catalog.int4.text'

drop transform for int language x
--> drop (transform) 'pg_catalog.int4.x'

drop operator class c using btree
--> drop (operator class) 'public.c'

drop operator family s.f using btree
--> drop (operator family) 's.f'

drop text search dictionary d
--> drop (text search dictionary) 'public.d'

drop event trigger e
--> drop (event trigger) 'e'

drop server srv
--> drop (server) 'srv'

drop foreign data wrapper w
--> drop (foreign data wrapper) 'w'

drop publication p
--> drop (publication) 'p'

drop language l
--> drop (language) 'l'

drop access method am
--> drop (access method) 'am'

drop collation c
--> drop (collation) 'public.c'

drop conversion c
--> drop (conversion) 'public.c'

drop statistics st
--> drop (statistics) 'public.st'

comment on table orders is 'x'
--> comment public.orders (table)

comment on column s.orders.total is 'x'
--> comment s.orders[total] (column)

comment on function f(int) is 'x'
--> comment (function) 'public.f'

comment on constraint c on orders is 'x'
--> comment public.orders (constraint) 'c'

comment on constraint c on domain s.d is 'x'
--> comment (domain) 's.d'

comment on database shop is 'x'
--> comment (database) 'shop'

comment on type s.ty is 'x'
--> comment (type) 's.ty'

comment on large object 5 is 'x'
--> comment (large object) '5'

security label for selinux on table orders is 'x'
--> security-label public.orders (table)
