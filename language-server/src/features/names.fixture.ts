/** A workspace whose files use each other's names. */
export const shop = {
  'gatehouse.yaml': `gatehouse: v1
kind: Workspace
resources:
  - { name: shop-db, protocol: postgres, labels: { env: prod, team: shop }, host: localhost, database: shop, user: rw }
  - { name: dev-db, protocol: postgres, labels: { env: dev }, host: localhost, database: shop, user: rw }
groups: { dba: Whoever runs the databases., privacy: Whoever may see all. }
`,
  'policies/lists.policy.yaml': `gatehouse: v1
kind: Policy
name: lists
applies: { to: ["*"] }
lists:
  catalogue: [public.products, public.prices]
  shop: [$catalogue, public.orders]
  shops: [shop-db]
`,
  'policies/other.policy.yaml': `gatehouse: v1
kind: Policy
name: other
applies: { to: [$shops] }
rules:
  - { name: read, effect: allow, sql: { actions: [select], tables: [$catalogue] } }
`,
  'policies/shop.policy.yaml': `gatehouse: v1
kind: Policy
name: shop
owner: group:dba
applies: { to: [shop-db, "env=prod", "shop-*"], agents: [claude] }
rules:
  - name: read
    effect: allow
    sql: { actions: [select], tables: [$catalogue, $shop, public.notes] }
  - name: write
    effect: approve
    sql: { actions: [update], tables: ["$catalogue"] }
    approval: { by: ["group:dba", "person:ada@example.com"] }
    when: |
      resource.name == "shop-db" && resource.labels.env == 'prod' &&
      "dba" in principal.groups && principal.agent != "claude"
masks:
  - { columns: ["*.ssn"], with: redact, unless: { groups: [privacy, "d*"] } }
`,
} as const;

export type ShopFile = keyof typeof shop;

/** The workspace with the cursor (`▮`) put in front of the first place of a text that holds one, such as `na▮me: read`. */
export function shopAt(file: ShopFile, at: string): Readonly<Record<string, string>> {
  const text = shop[file];
  const plain = at.replace('▮', '');
  if (!text.includes(plain)) throw new Error(`${file} has no ${plain}`);
  return { ...shop, [file]: text.replace(plain, () => at) };
}
