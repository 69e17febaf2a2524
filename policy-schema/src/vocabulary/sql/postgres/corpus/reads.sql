-- Queries, and what they read. Each line is a statement, what follows it with --> its actions. No catalog, search path public.

select 1
--> values

select 1 + 2 as three, now(), lower('A'), random()
--> values

values (1, 'a'), (2, 'b')
--> values

select * from orders
--> select public.orders[*]

table orders
--> select public.orders[*]

select id, email from customers
--> select public.customers[email,id]

select c.email from public.customers c
--> select public.customers[email]

select customers.email from public.customers
--> select public.customers[email]

select public.customers.email from public.customers
--> select public.customers[email]

select shop.public.customers.email from shop.public.customers
--> select public.customers[email]

select count(*) from customers
--> select public.customers[]

select count(email) from customers
--> select public.customers[email]

select "Email" from "Customers"
--> select public.Customers[Email]

select c.* from customers c, orders o
--> select public.customers[*]
--> select public.orders[]

select c.email, o.total from customers c join orders o on o.customer_id = c.id
--> select public.customers[email,id]
--> select public.orders[customer_id,total]

select email, total from customers join orders using (customer_id)
--> select public.customers[customer_id,email,total]
--> select public.orders[customer_id,email,total]

select * from customers natural join orders
--> select public.customers[*]
--> select public.orders[*]

select u.customer_id, j.total from (customers join orders using (customer_id) as u) as j
--> select public.customers[customer_id,total]
--> select public.orders[customer_id,total]

select a from (select email as a from customers) x
--> select public.customers[email]

select x.* from (select email from customers) x
--> select public.customers[email]

select (select max(total) from orders) as top
--> select public.orders[total]

select id from orders where customer_id in (select id from customers where email = 'a')
--> select public.orders[customer_id,email,id]
--> select public.customers[email,id]

select id from orders o where exists (select 1 from customers c where c.id = o.customer_id)
--> select public.orders[customer_id,id]
--> select public.customers[id]

select id from orders where total > all (select total from orders_archive)
--> select public.orders[id,total]
--> select public.orders_archive[total]

select array(select email from customers)
--> select public.customers[email]

select o.id, l.email from orders o, lateral (select email from customers c where c.id = o.customer_id) l
--> select public.orders[customer_id,email,id]
--> select public.customers[email,id]

select o.id, l.email from orders o cross join lateral (select email from customers c where c.id = o.customer_id) l
--> select public.orders[customer_id,email,id]
--> select public.customers[email,id]

select id from orders union select id from orders_archive
--> select public.orders[id]
--> select public.orders_archive[id]

select id from orders union all (select id from orders_archive intersect select id from orders_old) order by id limit 3
--> select public.orders[id]
--> select public.orders_archive[id]
--> select public.orders_old[id]

with x as (select * from orders) select id from x
--> select public.orders[*]

with x as (select * from orders), y as (select * from x) select id from y
--> select public.orders[*]

with y as (select * from x), x as (select * from orders) select id from y
--> select public.x[*]
--> select public.orders[*]

with recursive y as (select * from x), x as (select * from orders) select id from y
--> select public.orders[*]

with recursive t(n) as (select 1 union all select n + 1 from t where n < 10) select n from t
--> values

with orders as (select 1 as id) select id from orders
--> values

with orders as (select 1 as id) select id from public.orders
--> select public.orders[id]

with orders as (select * from orders) select id from orders
--> select public.orders[*]

with x as (with orders as (select 1 as id) select id from orders) select x.id from x, orders
--> select public.orders[]

with x as materialized (select email from customers) select x.email from x
--> select public.customers[email]

with t(a, b) as (select id, email from customers) select b from t
--> select public.customers[email,id]

with recursive s as (select id, customer_id from orders) search depth first by id set path select path from s
--> select public.orders[customer_id,id]

with recursive s as (select id, customer_id from orders) cycle id set looped to true default false using path select looped from s
--> select public.orders[customer_id,id]

select id from (values (1), (2)) v(id)
--> values

select g from generate_series(1, 3) g
--> values

select * from unnest(array[1,2]) with ordinality u(x, n)
--> values

select * from rows from (generate_series(1,2), f(3)) as r(a, b)
--> call public.f

select * from json_to_recordset('[]') as r(a int, b text)
--> values

select t.a from orders o, json_table(o.payload, '$[*]' columns (a int path '$.a', nested path '$.b' columns (c text path '$.c' default g() on empty))) t
--> select public.orders[payload]
--> call public.g

select x.a from orders o, xmltable('/r' passing o.doc columns a int path '@a' default h(1)) x
--> select public.orders[doc]
--> call public.h

select * from orders tablesample bernoulli (10) repeatable (1)
--> select public.orders[*]

select * from orders tablesample custom_method (10)
--> call public.custom_method
--> select public.orders[*]

select case when o.total > 3 then o.status else coalesce(o.note, 'x') end from orders o
--> select public.orders[note,status,total]

select o.total, sum(o.total) over (partition by o.customer_id order by o.id rows between 1 preceding and current row) from orders o
--> select public.orders[customer_id,id,total]

select sum(total) filter (where status = 'open'), array_agg(id order by placed_at) from orders
--> select public.orders[id,placed_at,status,total]

select customer_id, count(*) as n from orders group by customer_id having count(*) > 3 order by n
--> select public.orders[customer_id]

select status as s from orders group by s
--> select public.orders[s,status]

select distinct on (customer_id) customer_id, id from orders order by customer_id, placed_at desc
--> select public.orders[customer_id,id,placed_at]

select rank() over w from orders window w as (order by total)
--> select public.orders[total]

select grouping(status) from orders group by cube (status, customer_id)
--> select public.orders[customer_id,status]

select total::numeric(10,2), cast(note as text), note collate "C" from orders
--> select public.orders[note,total]

select extract(year from placed_at), position('a' in note), substring(note from 1 for 2), trim(both from note), overlay(note placing 'x' from 1) from orders
--> select public.orders[note,placed_at]

select placed_at at time zone 'UTC', current_timestamp, current_user, session_user from orders
--> select public.orders[placed_at]

select note like 'a%', note similar to 'b', total between 1 and 2, (total, id) = (1, 2), total in (1, 2), note is null from orders
--> select public.orders[id,note,total]

select xmlelement(name a, note), xmlforest(status), xmlserialize(content doc as text) from orders
--> select public.orders[doc,note,status]

select json_object('a': note), json_array(status), json_value(payload, '$.a' default f() on empty), json_arrayagg(id order by total), payload is json from orders
--> select public.orders[id,note,payload,status,total]
--> call public.f

select json_array(select email from customers)
--> select public.customers[email]

select (payload).a, (payload).b[1], tags[1:2] from orders
--> select public.orders[payload,tags]

select (o).total from orders o
--> select public.orders[*,o]

select (o).* from orders o
--> select public.orders[*,o]

select o from orders o
--> select public.orders[*,o]

select row_to_json(o) from orders o
--> select public.orders[*,o]

select row(o.*) from orders o
--> select public.orders[*]

select to_jsonb(x) from (select email from customers) x
--> select public.customers[email]

select c.a from customers as c(a, b)
--> select public.customers[*]

select c.email from customers as c(a, b)
--> select public.customers[email]

select x.a from customers x(a, b) join orders y(c, d) on x.a = y.c
--> select public.customers[*]
--> select public.orders[*]

select * from only customers
--> select public.customers[*]

select * from customers for update
--> select public.customers[*]
--> update public.customers[]

select * from customers c, orders o for share of o
--> select public.customers[*]
--> select public.orders[*]
--> update public.orders[]

select * from (select * from customers) x for no key update
--> select public.customers[*]
--> update public.customers[]

with x as (select * from customers) select * from x for update
--> select public.customers[*]

select id from orders limit 3
--> select public.orders[id]

select id from orders limit all
--> select public.orders[id]

select id from orders limit null
--> select public.orders[id]

select id from orders fetch first 3 rows only
--> select public.orders[id]

select id from orders offset 3
--> select public.orders[id]

select id from orders order by total using <
--> select public.orders[id,total]

select id into archive from orders
--> create public.archive (table)
--> select public.orders[id]

select id into temp archive from orders
--> create pg_temp.archive (table)
--> select public.orders[id]

select id into pg_temp.archive from orders
--> create pg_temp.archive (table)
--> select public.orders[id]

select $1::int, $2
--> values

select id from orders where total > $1
--> select public.orders[id,total]

select id from orders where true
--> select public.orders[id]

select id from orders where id = 1 union select id from orders
--> select public.orders[id]

select * from pg_class
--> select pg_catalog.pg_class[*]

select * from pg_catalog.pg_authid
--> select pg_catalog.pg_authid[*]

select * from information_schema.tables
--> select information_schema.tables[*]

select * from pg_temp.scratch
--> select pg_temp.scratch[*]
