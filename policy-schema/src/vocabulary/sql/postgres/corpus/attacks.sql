-- Ways to hide what a statement does. Each line is a statement, what follows it with --> its actions. No catalog, search path public.

SELECT/**/email/**/FROM/**/customers
--> select public.customers[email]

select email from/* /* nested */ delete from orders */customers
--> select public.customers[email]

SeLeCt EMAIL fRoM CuStOmErS
--> select public.customers[email]

select email from U&"\0063ustomers"
--> select public.customers[email]

select email from U&"!0063ustomers" uescape '!'
--> select public.customers[email]

select email from "customers"
--> select public.customers[email]

select E'\'; delete from orders; --', email from customers
--> select public.customers[email]

select $$; delete from orders; --$$, $x$ $$ $x$, email from customers
--> select public.customers[email]

select 'a' -- comment
--> values

select 'a''; delete from orders; --'
--> values

select 1; delete from orders
--> values
--> delete public.orders[*]

select 1;;; delete from orders;
--> values
--> delete public.orders[*]

; ; ;

/* only a comment */

-- only a comment

with x as (select 1), y as (delete from orders returning id) select 1
--> delete public.orders[*]
--> select public.orders[id]

select (with d as (select email from customers) select max(email) from d)
--> select public.customers[email]

select * from (select pg_sleep(1)) x
--> call pg_catalog.pg_sleep

select 1 where pg_sleep(1) is null
--> call pg_catalog.pg_sleep

select id from orders order by pg_sleep(1)
--> select public.orders[id]
--> call pg_catalog.pg_sleep

select id from orders group by id, pg_sleep(1)
--> select public.orders[id]
--> call pg_catalog.pg_sleep

select id from orders limit (select count(email) from customers)
--> select public.orders[id]
--> select public.customers[email]

select id from orders offset f(1)
--> select public.orders[id]
--> call public.f

insert into orders (id) values ((select count(ssn) from customers))
--> insert public.orders[id]
--> select public.customers[ssn]

update orders set status = (select ssn from customers limit 1) where id = 1
--> update public.orders[status]
--> select public.orders[id,ssn]
--> select public.customers[ssn]

delete from orders where id in (select pg_terminate_backend(pid) from pg_stat_activity)
--> delete public.orders[*]
--> select public.orders[id,pid]
--> select pg_catalog.pg_stat_activity[pid]
--> call pg_catalog.pg_terminate_backend

select c.row_to_json from customers c
--> select public.customers[row_to_json]

select c.full_name from customers c
--> select public.customers[full_name]

select (c).full_name from customers c
--> select public.customers[*,c]

select x.full_name from (select * from customers) x
--> select public.customers[*]

select customers.* from customers
--> select public.customers[*]

select id from customers where customers is not null
--> select public.customers[*,customers,id]

select id from customers c where c = (select c2 from customers c2 limit 1)
--> select public.customers[*,c,c2,id]

select email from customers order by 1
--> select public.customers[email]

select id from orders o where email = 'x'
--> select public.orders[email,id]

select OPERATOR(pg_catalog.-) 1
--> values

select 1 operator(public.===) 2
--> values

select cast('customers' as regclass)
--> values

select 'public.customers'::regclass::oid
--> values

select * from customers_view
--> select public.customers_view[*]

values ((select email from customers limit 1))
--> select public.customers[email]

explain verbose select email from customers
--> explain
--> select public.customers[email]

table customers
--> select public.customers[*]

select into t from customers
--> create public.t (table)
--> select public.customers[]

prepare x as with d as (delete from orders) select 1
--> prepare 'x'
--> delete public.orders[*]

declare c cursor for select pg_read_file('x')
--> declare 'c'
--> call pg_catalog.pg_read_file

copy (select pg_read_file('x')) to stdout
--> call pg_catalog.pg_read_file

create table t (x int default pg_terminate_backend(1))
--> create public.t (table)
--> call pg_catalog.pg_terminate_backend

create view v as select pg_read_file('x')
--> create public.v (view)
--> call pg_catalog.pg_read_file

create index on orders ((pg_read_file(note)))
--> create public.orders[*] (index)
--> select public.orders[note]
--> call pg_catalog.pg_read_file

set search_path = evil; select email from customers
--> set search_path
--> select public.customers[email]

select set_config('search_path', 'evil', false); select email from customers
--> call pg_catalog.set_config
--> set search_path
--> select public.customers[email]

begin; set local role admin; delete from orders; commit
--> begin
--> set role
--> delete public.orders[*]
--> commit

select email from customers where id = 1 -- ; delete from orders
--> select public.customers[email,id]

select lower(email) from customers
--> select public.customers[email]

select email || '' from customers
--> select public.customers[email]

select upper(c.email) as x from customers c
--> select public.customers[email]
