import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { Agent, type Clinic, hiddenValues, startClinic } from '@gatehouse/test-fixtures/masking/clinic.ts';

/** Tokens of sets: patients and letters share one, visits and phones have others. */
const masks = `
  - { columns: [public.patients.email, public.letters.recipient], with: tokenize, tokens: people }
  - { columns: [public.letters.body], with: tokenize, tokens: bodies }
  - { columns: [public.patients.number], with: tokenize, tokens: people }
  - { columns: [public.visits.number], with: tokenize, tokens: rooms }
  - { columns: [public.patients.phone], with: tokenize }
`;

let clinic: Clinic;
let agent: Agent;
before(async () => {
  clinic = await startClinic(masks);
  await clinic.server.sql(
    'UPDATE letters SET body = recipient; UPDATE patients SET phone = email WHERE id = 1',
  );
  agent = await Agent.of(clinic);
});
after(async () => {
  await agent?.end();
  await clinic?.stop();
});

const ways = ['simple', 'extended', 'prepared'] as const;

describe('tokens of sets', () => {
  test('are equal within a set, and have nothing in common across sets', async () => {
    for (const way of ways) {
      const { rows, bytes } = await agent[way](
        `SELECT p.email, p.phone, l.recipient, l.body, p.number, v.number
         FROM patients p JOIN letters l ON l.id = p.id JOIN visits v ON v.id = p.id WHERE p.id = 1`,
      );
      const [email, phone, recipient, body, number, visited] = rows[0] ?? [];
      assert.equal(recipient, email);
      assert.equal(new Set([email, phone, body]).size, 3);
      assert.notEqual(number, visited);
      assert.doesNotMatch(bytes, hiddenValues);
    }
  });

  test('are turned back for the columns of their set alone', async () => {
    const [[email, body] = []] = (await agent.simple('SELECT recipient, body FROM letters WHERE id = 1'))
      .rows;
    for (const way of ways) {
      const own = await agent[way](`SELECT id FROM patients WHERE email = '${email}'`);
      assert.deepEqual(own.rows, [['1']]);
      const other = await agent[way](`SELECT id FROM patients WHERE email = '${body}'`);
      assert.match(String(other.error?.M), /no token/);
    }
  });

  const refused: Readonly<Record<string, string>> = {
    'in a join': 'SELECT p.id FROM patients p JOIN letters l ON l.body = p.email',
    'in a join with tokens of no set': 'SELECT id FROM patients WHERE phone = email',
    'in a join of numbers': 'SELECT p.id FROM patients p JOIN visits v USING (number)',
    'in a subquery': 'SELECT id FROM patients WHERE email IN (SELECT body FROM letters)',
    'by a set operation': 'SELECT email FROM patients INTERSECT SELECT body FROM letters',
    'by DISTINCT over both':
      'SELECT DISTINCT e FROM (SELECT email AS e FROM patients UNION ALL SELECT body FROM letters) t',
    'by copying one into the other': 'UPDATE letters SET body = recipient',
  };
  for (const [what, text] of Object.entries(refused)) {
    test(`are not compared across sets ${what}`, async () => {
      for (const way of ways) {
        const { rows, error } = await agent[way](text);
        assert.deepEqual(rows, []);
        assert.match(String(error?.M), /is masked \(tokenize\)/);
      }
    });
  }

  test('are redacted where a column could show those of two sets', async () => {
    for (const way of ways) {
      const { rows, bytes } = await agent[way](
        'SELECT email FROM patients WHERE id = 1 UNION ALL SELECT body FROM letters WHERE id = 1',
      );
      assert.equal(rows.length, 2);
      assert.ok(
        rows.every(([value]) => !String(value).startsWith('tok_')),
        JSON.stringify(rows),
      );
      assert.equal(rows[0]?.[0], rows[1]?.[0]);
      assert.doesNotMatch(bytes, hiddenValues);
    }
  });
});
