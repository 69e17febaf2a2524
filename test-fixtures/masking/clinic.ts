import * as send from '../clients/frontend-messages.ts';
import { type BackendMessage, dataRow, errorFields, RawPostgres } from '../clients/raw-postgres.ts';
import { type RunningGate, startGate } from '../servers/gate.ts';
import { type RunningPostgres, startPostgres } from '../servers/postgres.ts';

/** A clinic whose patients have columns under each kind of mask, behind a gate that allows everything else. */

export const clinicPolicy = (masks: string): string => `gatehouse: v1
kind: Policy
name: clinic
applies: { to: [clinic] }
rules:
  - { name: everything, effect: allow, sql: { actions: ["*"] } }
masks:
${masks}`;

export const clinicMasks = `
  - { columns: [public.patients.email, public.letters.recipient], with: tokenize }
  - { columns: [public.patients.number, public.visits.number], with: tokenize }
  - { columns: [public.patients.ssn, public.parts.ssn, public.made.ssn], with: redact, harmless: [length] }
  - { columns: [public.patients.phone], with: hash }
  - { columns: [public.patients.flag], with: tokenize }
`;

const schema = `
  CREATE TABLE patients (id int PRIMARY KEY, name text NOT NULL, email text, number int, ssn text, phone text, flag boolean);
  CREATE TABLE visits (id int PRIMARY KEY, number int, room text);
  CREATE TABLE letters (id int PRIMARY KEY, recipient text, body text);
  CREATE TABLE notes (id serial PRIMARY KEY, note text UNIQUE);
  INSERT INTO patients VALUES
    (1, 'Ann', 'ann@hidden.example', 471100101, 'hidden-1', '555-hidden-1', true),
    (2, 'Bob', 'bob@hidden.example', 471100102, 'hidden-2', '555-hidden-2', false),
    (3, 'Cid', NULL, NULL, 'hidden-2', NULL, true);
  INSERT INTO visits VALUES (1, 471100101, 'A'), (2, 471100101, 'B'), (3, 471100102, 'A');
  INSERT INTO letters VALUES (1, 'ann@hidden.example', 'Dear'), (2, 'eve@hidden.example', 'Hello');
  CREATE VIEW contacts AS SELECT id, name, email AS mail, upper(ssn) AS code FROM patients;
  CREATE VIEW contacts_of AS SELECT c.id, c.name, c.mail FROM contacts c;
  CREATE TABLE parts (id int, ssn text) PARTITION BY LIST (id);
  CREATE TABLE part PARTITION OF parts DEFAULT;
  CREATE TABLE made (id int, ssn text, shout text GENERATED ALWAYS AS (upper(ssn)) STORED);
  CREATE TABLE owned (a int);
  CREATE ROLE clerk LOGIN PASSWORD 'clerk-password';
  GRANT ALL ON SCHEMA public TO clerk;
  GRANT ALL ON ALL TABLES IN SCHEMA public TO clerk;
  GRANT ALL ON ALL SEQUENCES IN SCHEMA public TO clerk;
  ALTER TABLE owned OWNER TO clerk;
  GRANT TEMPORARY ON DATABASE clinic TO clerk;
`;

/** What no answer may hold. */
export const hiddenValues = /hidden|4711001|HIDDEN/;

export interface Clinic {
  readonly server: RunningPostgres;
  readonly gate: RunningGate;
  stop(): Promise<void>;
}

export async function startClinic(masks = clinicMasks): Promise<Clinic> {
  const server = await startPostgres({ database: 'clinic' });
  try {
    await server.sql(schema);
    const gate = await startGate({
      resources: [{ name: 'clinic', server, user: 'clerk', password: 'clerk-password' }],
      policies: { clinic: clinicPolicy(masks) },
    });
    const stop = async () => {
      await gate.stop();
      await server.stop();
    };
    return { server, gate, stop };
  } catch (error) {
    await server.stop();
    throw error;
  }
}

/** What one exchange said. */
export interface Said {
  readonly rows: readonly (readonly (string | null)[])[];
  /** Fields of the first error. */
  readonly error: Readonly<Record<string, string>> | undefined;
  readonly tags: readonly string[];
  /** Every byte, as Latin-1. */
  readonly bytes: string;
}

export function said(messages: readonly BackendMessage[]): Said {
  const error = messages.find(({ type }) => type === 'E');
  return {
    rows: messages.filter(({ type }) => type === 'D').map(({ body }) => dataRow(body)),
    error: error === undefined ? undefined : errorFields(error.body),
    tags: messages
      .filter(({ type }) => type === 'C')
      .map(({ body }) => body.toString('latin1', 0, body.length - 1)),
    bytes: messages.map(({ body }) => body.toString('latin1')).join(''),
  };
}

/** An agent on its own connection, who sends statements in one way. */
export class Agent {
  readonly connection: RawPostgres;

  constructor(connection: RawPostgres) {
    this.connection = connection;
  }

  static async of(clinic: Clinic): Promise<Agent> {
    return new Agent(await RawPostgres.connect(await clinic.gate.login('clinic')));
  }

  async simple(text: string): Promise<Said> {
    return said(await this.connection.exchange(send.query(text)));
  }

  async extended(text: string, options: send.BindOptions = {}, types: readonly number[] = []): Promise<Said> {
    const { connection } = this;
    return said(
      await connection.exchange(
        send.parse(text, '', types),
        send.bind(options),
        send.describe('P'),
        send.execute(),
        send.sync,
      ),
    );
  }

  /** Parse and Describe in one batch, Bind and Execute in the next, without a Describe of the portal. */
  async prepared(text: string, options: send.BindOptions = {}): Promise<Said> {
    const { connection } = this;
    const statement = `s${Math.random().toString(36).slice(2)}`;
    const parsed = said(
      await connection.exchange(send.parse(text, statement), send.describe('S', statement), send.sync),
    );
    if (parsed.error !== undefined) return parsed;
    return said(await connection.exchange(send.bind({ ...options, statement }), send.execute(), send.sync));
  }

  end(): Promise<void> {
    return this.connection.end();
  }
}
