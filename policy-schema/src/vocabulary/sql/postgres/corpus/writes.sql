-- Statements that change rows, and COPY. Each line is a statement, what follows it with --> its actions. No catalog, search path public.

insert into orders values (1, 'a')
--> insert public.orders[*]

insert into orders (id, status) values (1, 'a')
--> insert public.orders[id,status]

insert into orders default values
--> insert public.orders[]

insert into orders (id) values (1) returning id, status
--> insert public.orders[id]
--> select public.orders[id,status]

insert into orders (id) values (1) returning *
--> insert public.orders[id]
--> select public.orders[*]

insert into orders as o (id) values (1) returning o.total
--> insert public.orders[id]
--> select public.orders[total]

insert into orders (id) select id from orders_archive where total > 3
--> insert public.orders[id]
--> select public.orders_archive[id,total]

insert into orders (id, "point".x, tags[f(1)]) values (1, 2, 3)
--> insert public.orders[id,point,tags]
--> call public.f

insert into orders (id, status) values (1, 'a') on conflict do nothing
--> insert public.orders[id,status]

insert into orders (id, status) values (1, 'a') on conflict (id) do nothing
--> insert public.orders[id,status]
--> select public.orders[id]

insert into orders (id, status) values (1, 'a') on conflict (id) do update set status = excluded.status where orders.total > 3
--> insert public.orders[id,status]
--> select public.orders[id,status,total]
--> update public.orders[status]

insert into orders (id) values (1) on conflict (lower(status)) where total > 3 do update set (a, b) = (select email, name from customers)
--> insert public.orders[id]
--> select public.orders[email,name,status,total]
--> update public.orders[a,b]
--> select public.customers[email,name]

insert into orders (id) values (1) on conflict on constraint orders_pkey do update set status = 'x' returning *
--> insert public.orders[id]
--> select public.orders[*]
--> update public.orders[status]

with x as (select 1 as id) insert into x select id from x
--> insert public.x[*]

insert into orders (id) with y as (select id from archive) select id from y
--> insert public.orders[id]
--> select public.archive[id]

update orders set status = 'x'
--> update public.orders[status]

update orders set status = 'x' where id = 1
--> update public.orders[status]
--> select public.orders[id]

update orders set status = 'x' where true
--> update public.orders[status]

update orders set status = 'x' where 1 = 1
--> update public.orders[status]

update orders set status = 'x' where now() > '2020-01-01'
--> update public.orders[status]

update orders set status = 'x' where exists (select 1 from customers c where c.id = orders.customer_id)
--> update public.orders[status]
--> select public.orders[customer_id]
--> select public.customers[id]

update orders set total = total + 1 where id = 1
--> update public.orders[total]
--> select public.orders[id,total]

update orders o set status = c.name from customers c where c.id = o.customer_id
--> update public.orders[status]
--> select public.orders[customer_id]
--> select public.customers[id,name]

update orders set (status, total) = ('x', 1) where id = 1
--> update public.orders[status,total]
--> select public.orders[id]

update orders set (status, total) = (select name, credit from customers where customers.id = orders.customer_id) where id = 1
--> update public.orders[status,total]
--> select public.orders[credit,customer_id,id,name]
--> select public.customers[credit,id,name]

update orders set status = default where current of cur
--> update public.orders[status]

update orders set status = 'x' where id = 1 returning old.status, new.status
--> update public.orders[status]
--> select public.orders[id,status]

update orders set status = 'x' where id = 1 returning with (old as o, new as n) o.status, n.*
--> update public.orders[status]
--> select public.orders[*,id,status]

update only orders set tags[1] = 'x' where id = 1
--> update public.orders[tags]
--> select public.orders[id]

with x as (select id from archive) update orders set status = 'x' from x where x.id = orders.id
--> select public.archive[id]
--> update public.orders[status]
--> select public.orders[id]

update pg_settings set setting = 'on' where name = 'x'
--> set *
--> update pg_catalog.pg_settings[setting]
--> select pg_catalog.pg_settings[name]

with x as (update pg_catalog.pg_settings set setting = 'on' where name = 'x') select 1
--> set *
--> update pg_catalog.pg_settings[setting]
--> select pg_catalog.pg_settings[name]

delete from orders
--> delete public.orders[*]

delete from orders where id = 1
--> delete public.orders[*]
--> select public.orders[id]

delete from orders where true
--> delete public.orders[*]

delete from orders o using customers c where c.id = o.customer_id and c.email = 'x'
--> delete public.orders[*]
--> select public.orders[customer_id]
--> select public.customers[email,id]

delete from orders where id = 1 returning *
--> delete public.orders[*]
--> select public.orders[*,id]

delete from only orders where ctid = '(0,1)'
--> delete public.orders[*]
--> select public.orders[ctid]

with d as (delete from orders where id = 1 returning *) select id from d
--> delete public.orders[*]
--> select public.orders[*,id]

with d as (delete from orders where id = 1 returning *) insert into archive select * from d
--> delete public.orders[*]
--> select public.orders[*,id]
--> insert public.archive[*]

with d as (delete from a returning *) insert into b select * from d
--> delete public.a[*]
--> select public.a[*]
--> insert public.b[*]

with a as (insert into t1 values (1)), b as (update t2 set x = 1), c as (delete from t3) select 1
--> insert public.t1[*]
--> update public.t2[x]
--> delete public.t3[*]

with a as (delete from t3) select id from orders where id = 1
--> delete public.t3[*]
--> select public.orders[id]

merge into orders o using customers c on o.customer_id = c.id when matched and c.email = 'x' then update set status = c.name when not matched then insert (id, status) values (c.id, 'new') when not matched by source then delete
--> update public.orders[status]
--> insert public.orders[id,status]
--> delete public.orders[*]
--> select public.orders[customer_id]
--> select public.customers[email,id,name]

merge into orders using (select id from archive) a on orders.id = a.id when matched then delete
--> delete public.orders[*]
--> select public.orders[id]
--> select public.archive[id]

merge into orders o using archive a on true when matched then update set status = 'x'
--> update public.orders[status]
--> select public.archive[]

merge into orders o using archive a on o.id = a.id when not matched then insert values (a.id) when matched then do nothing
--> insert public.orders[*]
--> select public.orders[id]
--> select public.archive[id]

merge into orders o using archive a on o.id = a.id when not matched then insert default values returning merge_action(), o.*
--> insert public.orders[]
--> select public.orders[*,id]
--> select public.archive[id]

with m as (merge into orders o using archive a on o.id = a.id when matched then delete returning o.id) select id from m
--> delete public.orders[*]
--> select public.orders[id]
--> select public.archive[id]

truncate orders
--> truncate public.orders[*]

truncate orders, only customers restart identity
--> truncate public.orders[*]
--> truncate public.customers[*]

truncate table public.orders cascade
--> truncate public.orders[*]
--> truncate * (*) '*'

copy orders from stdin
--> insert public.orders[*]

copy orders (id, status) from stdin with (format csv)
--> insert public.orders[id,status]

copy orders from stdin where total > f(1)
--> insert public.orders[*]
--> call public.f

copy orders to stdout
--> select public.orders[*]

copy orders (id) to stdout
--> select public.orders[id]

copy (select email from customers) to stdout
--> select public.customers[email]

copy (delete from orders returning id) to stdout
--> delete public.orders[*]
--> select public.orders[id]

copy orders to '/tmp/x'
--> copy (file) '/tmp/x'
--> select public.orders[*]

copy orders from '/etc/passwd'
--> copy (file) '/etc/passwd'
--> insert public.orders[*]

copy orders to program 'curl example.com'
--> copy (program) 'curl example.com'
--> select public.orders[*]

copy (select 1) to program 'sh'
--> copy (program) 'sh'

copy orders from program 'cat /etc/passwd'
--> copy (program) 'cat /etc/passwd'
--> insert public.orders[*]

lock orders
--> lock public.orders

lock table only orders, customers in share mode nowait
--> lock public.orders
--> lock public.customers
