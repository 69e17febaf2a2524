/** What `gatehouse init` writes. */

export const workspaceSample = `# What agents may want to reach, and where Gatehouse gets the real credentials.
# Agents never see those: they log in with short-lived tokens (\`gatehouse env\`).
gatehouse: v1
kind: Workspace

resources:
  - name: shop-db
    protocol: postgres
    labels: { env: dev }
    host: 127.0.0.1
    port: 5432
    database: shop
    user: shop_app
    # One of:
    #   { command: [op, read, op://shop/db/password] }   the output of a command, run without a shell
    #   { file: /home/me/.secrets/shop-db }               a file that only you can read (chmod 600)
    #   { stdin: shop-db }                                gatehouse up --secrets-stdin
    #   { env: SHOP_DB_PASSWORD }                         a variable of the daemon (agents may read it too)
    password: { env: SHOP_DB_PASSWORD }
    # verify-full unless you say otherwise; \`disable\` is for a database on this machine.
    tls: { mode: disable }
    # listen: 6432     the loopback port for agents; without it one is picked and kept

# records:
#   durability: durable      a request goes on once its record is on disk (written: once it is written)
#   results: { rows: 100, bytes: 64KB }
`;

export const policySample = `# What agents may do with shop-db.
#
# Nothing is allowed that no rule allows. Deny beats approve beats allow, whatever the order.
# A statement passes only if everything in it does: a DELETE hidden in a CTE is a DELETE.
# Try it:  gatehouse decide --resource shop-db --agent claude 'select * from orders'
gatehouse: v1
kind: Policy
name: shop
applies: { to: [shop-db], agents: ["*"] }

rules:
  - name: read-shop
    effect: allow
    sql: { actions: [select, explain, show], tables: [public.products, public.orders, public.customers] }

  # What most clients send of their own accord.
  - name: session
    effect: allow
    sql: { actions: [begin, commit, rollback, savepoint, values] }

  - name: write-orders
    effect: allow
    sql: { actions: [insert, update, delete], tables: [public.orders] }

  - name: whole-table-writes-need-a-person
    effect: approve
    sql: { actions: [update, delete] }
    when: "!request.sql.hasWhere"
    approval: { by: ["*"], within: 10m }
    message: Without WHERE, every row of the table is written.

  - name: no-schema-changes
    effect: deny
    sql: { actions: [create, alter, drop, truncate, grant] }
    message: Schema changes go through a migration.

masks:
  - { columns: [public.customers.email], with: redact }
  - { columns: ["*.ssn", "*.card_number"], with: redact }

limits: { rows: 1000, statementsPerMinute: 240 }
`;

export const readmeSample = `# Gatehouse

These files say what coding agents may reach from this workspace, and what they may do there.

| file | |
| --- | --- |
| \`gatehouse.yaml\` | resources, and where their credentials come from (never the credentials themselves) |
| \`policies/*.policy.yaml\` | rules, masks and limits; commit them, review them |

\`\`\`
gatehouse check            are the files sound?
gatehouse decide …         what would be decided, and why
gatehouse up               start the daemon
gatehouse exec shop-db -- psql
gatehouse log --follow     watch decisions
gatehouse approvals        answer what waits
gatehouse accept           put a change in force that allows more
\`\`\`

Changes that only tighten apply at once. Changes that could allow more wait until a person accepts them.
`;
