/**
 * Two databases that differ in nothing but the values of masked columns. Whatever an agent sees must be the same from
 * both, but for what a mask itself shows.
 */

export type Twin = 'a' | 'b';

export const ddl = `
CREATE TYPE mood AS ENUM ('calm', 'curious', 'stern');
CREATE DOMAIN ssn_text AS text CHECK (VALUE <> '');
CREATE TYPE address AS (street text, city text);
CREATE TABLE customers (
  id int PRIMARY KEY,
  name text NOT NULL,
  city text NOT NULL,
  vip boolean NOT NULL,
  email text NOT NULL,
  ssn ssn_text,
  card text,
  phone text,
  salary numeric(14, 2),
  credit int8,
  born date,
  ref uuid,
  notes jsonb,
  tags text[],
  feeling mood,
  home address,
  email_key text GENERATED ALWAYS AS (lower(email)) STORED
);
CREATE TABLE orders (
  id int PRIMARY KEY,
  customer_id int NOT NULL REFERENCES customers,
  email text NOT NULL,
  amount numeric(10, 2) NOT NULL,
  placed date NOT NULL,
  status text NOT NULL
);
CREATE TABLE partners (level int) INHERITS (customers);
CREATE TABLE events (id int, day date NOT NULL, actor text) PARTITION BY RANGE (day);
CREATE TABLE events_early PARTITION OF events FOR VALUES FROM ('2026-01-01') TO ('2026-07-01');
CREATE TABLE events_late PARTITION OF events FOR VALUES FROM ('2026-07-01') TO ('2027-01-01');
CREATE TABLE scratch (id int PRIMARY KEY, word text, number numeric, blob bytea, doc jsonb, day date);
CREATE TABLE guesses (word text);
CREATE TABLE staff (id int PRIMARY KEY, name text NOT NULL, pin text);
CREATE VIEW mails AS SELECT id, email AS mail FROM customers;
CREATE VIEW mails_again AS SELECT id, mail AS contact, upper(mail) AS shouted FROM mails;
CREATE VIEW names AS SELECT id, name, city FROM customers;
CREATE VIEW spread AS SELECT city, count(*) AS people, max(email) AS last_mail FROM customers GROUP BY city;
CREATE VIEW everyone AS SELECT c, c.id FROM customers c;
CREATE RECURSIVE VIEW chain (n, mail) AS
  SELECT 1, email FROM customers WHERE id = 1 UNION ALL
  SELECT n + 1, c.email FROM chain JOIN customers c ON c.id = n + 1;
CREATE MATERIALIZED VIEW mail_copy AS SELECT id, email, city FROM customers WITH NO DATA;
CREATE FUNCTION mail_of(int) RETURNS text LANGUAGE sql STABLE AS 'SELECT email FROM customers WHERE id = $1';
CREATE FUNCTION mail_atomic(n int) RETURNS text LANGUAGE sql STABLE BEGIN ATOMIC SELECT email FROM customers WHERE id = n; END;
CREATE FUNCTION is_mail(guess text) RETURNS boolean LANGUAGE sql STABLE AS 'SELECT EXISTS (SELECT FROM customers WHERE email = guess)';
CREATE FUNCTION all_customers() RETURNS SETOF customers LANGUAGE sql STABLE AS 'SELECT * FROM customers';
CREATE FUNCTION mail_in_code(n int) RETURNS text LANGUAGE plpgsql STABLE AS $$
  DECLARE found text; BEGIN SELECT email INTO found FROM customers WHERE id = n; RETURN found; END $$;
CREATE FUNCTION by_name(relation text, col text) RETURNS SETOF text LANGUAGE plpgsql STABLE AS $$
  BEGIN RETURN QUERY EXECUTE format('SELECT %I::text FROM %I ORDER BY id', col, relation); END $$;
CREATE FUNCTION tell(n int) RETURNS int LANGUAGE plpgsql AS $$
  BEGIN RAISE NOTICE 'mail %', (SELECT email FROM customers WHERE id = n); RETURN n; END $$;
CREATE FUNCTION same_text(text, text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS $$
  BEGIN IF $1 = $2 THEN RAISE EXCEPTION 'equal'; END IF; RETURN false; END $$;
CREATE OPERATOR === (LEFTARG = text, RIGHTARG = text, FUNCTION = same_text);
CREATE FUNCTION shout(value text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper(value)';
`;

/** Rows in the order in which both twins take them, so that they lie in the same places. */
export const people = 12;

const letters = 'bcdfghjklmnpqrstvwxz';

/** A generator of its own for each twin and person (mulberry32). */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** The masked values of one person. */
export interface Secrets {
  readonly email: string;
  readonly ssn: string;
  /** The last four, which a mask shows, are the same in both twins. */
  readonly card: string;
  readonly phone: string;
  readonly salary: string;
  readonly credit: string;
  /** The year, which a mask shows, is the same in both twins. */
  readonly born: string;
  readonly ref: string;
  readonly notes: string;
  readonly tag: string;
  readonly feeling: string;
  readonly street: string;
}

export function secretsOf(twin: Twin, id: number): Secrets {
  const next = random((twin === 'a' ? 7919 : 104_729) * (id + 1));
  const word = (length: number) =>
    Array.from({ length }, () => letters[Math.floor(next() * letters.length)]).join('');
  const digits = (length: number) => Array.from({ length }, () => 1 + Math.floor(next() * 9)).join('');
  const hex = (length: number) => Array.from({ length }, () => Math.floor(next() * 16).toString(16)).join('');
  const pick = <T>(all: readonly T[]) => all[Math.floor(next() * all.length)] as T;
  return {
    email: `${word(9 + Math.floor(next() * 9))}@${word(7)}.${pick(['org', 'info'])}`,
    ssn: `${word(4)}${digits(9)}`,
    card: `${digits(12)}${String(4000 + id)}`,
    phone: `+${digits(11)}`,
    salary: `${digits(8)}.${digits(2)}`,
    credit: digits(15 + Math.floor(next() * 3)),
    born: `${1950 + id * 3}-${String(1 + Math.floor(next() * 12)).padStart(2, '0')}-${String(1 + Math.floor(next() * 28)).padStart(2, '0')}`,
    ref: `${hex(8)}-${hex(4)}-4${hex(3)}-8${hex(3)}-${hex(12)}`,
    notes: JSON.stringify({ diagnosis: word(10 + Math.floor(next() * 5)), [word(8)]: Number(digits(9)) }),
    tag: word(11 + Math.floor(next() * 4)),
    feeling: pick(['calm', 'curious', 'stern']),
    street: word(13),
  };
}

/** Five people have no ssn, card, phone, salary, credit, born, ref, notes or tags: the same five in both twins. */
const hasAll = (id: number) => id % 5 !== 0;

export function rows(twin: Twin): string {
  const customers: string[] = [];
  const orders: string[] = [];
  const events: string[] = [];
  const cities = ['Lyon', 'Graz', 'Porto'];
  const names = ['Ada', 'Bo', 'Cem', 'Dua', 'Eve', 'Finn', 'Gus', 'Hana', 'Ivo', 'Jana', 'Kai', 'Lea'];
  for (let id = 1; id <= people; id++) {
    const s = secretsOf(twin, id);
    const optional = hasAll(id)
      ? `'${s.ssn}', '${s.card}', '${s.phone}', ${s.salary}, ${s.credit}, '${s.born}', '${s.ref}', '${s.notes}', ARRAY['${s.tag}'], '${s.feeling}', ROW('${s.street}', 'Graz')`
      : 'NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL';
    customers.push(
      `(${id}, '${names[id - 1]}', '${cities[id % 3]}', ${id % 4 === 0}, '${s.email}', ${optional})`,
    );
    for (let nth = 0; nth < 2; nth++) {
      const order = id * 10 + nth;
      orders.push(
        `(${order}, ${id}, '${s.email}', ${(id * 7 + nth) % 50}.50, '2026-0${1 + (id % 8)}-1${nth}', '${nth === 0 ? 'paid' : 'open'}')`,
      );
    }
    events.push(`(${id}, '2026-${String(id).padStart(2, '0')}-15', '${s.email}')`);
  }
  const partner = secretsOf(twin, people + 1);
  return `INSERT INTO customers VALUES ${customers.join(', ')};
INSERT INTO orders VALUES ${orders.join(', ')};
INSERT INTO events VALUES ${events.join(', ')};
INSERT INTO partners VALUES (101, 'Mo', 'Lyon', false, '${partner.email}', '${partner.ssn}', '${partner.card}', '${partner.phone}',
  ${partner.salary}, ${partner.credit}, '${partner.born}', '${partner.ref}', '${partner.notes}', ARRAY['${partner.tag}'], '${partner.feeling}', ROW('${partner.street}', 'Graz'), DEFAULT, 3);
INSERT INTO scratch SELECT n, 'word ' || n, n * 1.5, NULL, '{}', '2026-01-01' FROM generate_series(1, 5) n;
INSERT INTO staff SELECT id, name, ssn FROM customers WHERE id < 7;
INSERT INTO guesses VALUES ('${secretsOf('a', 3).email}'), ('nobody@nowhere.example');
REFRESH MATERIALIZED VIEW mail_copy;
ANALYZE;
`;
}

export const policy = `gatehouse: v1
kind: Policy
name: masked
applies: { to: ["*"] }
rules:
  - { name: everything, effect: allow }
masks:
  - { columns: ["public.*.email", public.events.actor, "public.events_*.actor", public.customers.ref, public.customers.credit], with: tokenize }
  - { columns: [public.staff.pin, public.customers.ssn, public.customers.salary, public.customers.notes, public.customers.tags, public.customers.feeling, public.customers.home], with: redact }
  - { columns: [public.customers.card], with: partial, keep: { first: 0, last: 4 } }
  - { columns: [public.customers.phone], with: hash }
  - { columns: [public.customers.born], with: range, step: year }
`;
