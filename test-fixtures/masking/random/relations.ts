/** What stands in the schema of the corpus, for queries that are made at random. */

export type Kind = 'text' | 'number' | 'boolean' | 'date' | 'json';

export interface Column {
  /** How an expression names it. */
  readonly sql: string;
  readonly kind: Kind;
  readonly masked: boolean;
  /** The table under the policy and its column, whose tokens may stand in equalities. */
  readonly token?: 'email';
}

export interface Relation {
  readonly sql: string;
  readonly columns: readonly Column[];
}

type Listed = readonly [name: string, kind: Kind, masked?: 'masked' | 'email'];

const customers: readonly Listed[] = [
  ['id', 'number'],
  ['name', 'text'],
  ['city', 'text'],
  ['vip', 'boolean'],
  ['email', 'text', 'email'],
  ['ssn', 'text', 'masked'],
  ['card', 'text', 'masked'],
  ['phone', 'text', 'masked'],
  ['salary', 'number', 'masked'],
  ['credit', 'number', 'masked'],
  ['born', 'date', 'masked'],
  ['notes', 'json', 'masked'],
  ['email_key', 'text', 'masked'],
];

const relations: Readonly<Record<string, readonly Listed[]>> = {
  customers,
  orders: [
    ['id', 'number'],
    ['customer_id', 'number'],
    ['email', 'text', 'email'],
    ['amount', 'number'],
    ['placed', 'date'],
    ['status', 'text'],
  ],
  staff: [
    ['id', 'number'],
    ['name', 'text'],
    ['pin', 'text', 'masked'],
  ],
  partners: [...customers, ['level', 'number']],
  events: [
    ['id', 'number'],
    ['day', 'date'],
    ['actor', 'text', 'email'],
  ],
  events_early: [
    ['id', 'number'],
    ['actor', 'text', 'email'],
  ],
  scratch: [
    ['id', 'number'],
    ['word', 'text'],
    ['number', 'number'],
    ['doc', 'json'],
    ['day', 'date'],
  ],
  mails: [
    ['id', 'number'],
    ['mail', 'text', 'email'],
  ],
  mails_again: [
    ['id', 'number'],
    ['contact', 'text', 'email'],
    ['shouted', 'text', 'masked'],
  ],
  names: [
    ['id', 'number'],
    ['name', 'text'],
    ['city', 'text'],
  ],
  spread: [
    ['city', 'text'],
    ['people', 'number'],
    ['last_mail', 'text', 'masked'],
  ],
  chain: [
    ['n', 'number'],
    ['mail', 'text', 'masked'],
  ],
  mail_copy: [
    ['id', 'number'],
    ['email', 'text', 'email'],
    ['city', 'text'],
  ],
  'all_customers()': customers,
};

const names = ['customers', 'customers', 'customers', 'orders', 'orders', ...Object.keys(relations)];

/** @returns one of them under an alias */
export function relation(pick: (below: number) => number, alias: string): Relation {
  const name = names[pick(names.length)] ?? 'customers';
  const columns = (relations[name] ?? customers).map(([column, kind, masked]) => ({
    sql: `${alias}.${column}`,
    kind,
    masked: masked !== undefined,
    ...(masked === 'email' ? { token: masked } : {}),
  }));
  return { sql: `${name} ${alias}`, columns };
}
