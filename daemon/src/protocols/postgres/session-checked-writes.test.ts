import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Agent, type Clinic, startClinic } from '@gatehouse/test-fixtures/masking/clinic.ts';

/** Copies of masked values into columns that the server looks at, and so tells of them by what it refuses. */

const masks = `
  - { columns: [public.kept.first, public.kept.second, public.kept.third], with: redact }
  - { columns: [public.fired.first, public.fired.second], with: tokenize }
`;

let clinic: Clinic;
let agent: Agent;
before(async () => {
  clinic = await startClinic(masks);
  await clinic.server.sql(`
    CREATE TABLE kept (id int PRIMARY KEY, first text, second text CHECK (second < 'm'), third text, note text);
    INSERT INTO kept VALUES (1, 'hidden', 'hidden', NULL, 'note');
    CREATE VIEW kept_as AS SELECT id, first AS one, second AS two, third AS three FROM kept;
    CREATE FUNCTION fires() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';
    CREATE TABLE fired (id int PRIMARY KEY, first text, second text);
    CREATE TRIGGER fires BEFORE UPDATE ON fired FOR EACH ROW EXECUTE FUNCTION fires();
    GRANT ALL ON kept, kept_as, fired TO clerk`);
  agent = await Agent.of(clinic);
});
after(async () => {
  await agent?.end();
  await clinic?.stop();
});

for (const text of [
  'UPDATE kept SET second = first',
  'UPDATE kept SET (note, second) = (note, first)',
  'UPDATE kept_as SET two = one',
  'INSERT INTO kept (id, second) SELECT 2, first FROM kept',
  'INSERT INTO kept (id) VALUES (1) ON CONFLICT (id) DO UPDATE SET second = excluded.first',
  'MERGE INTO kept USING (SELECT 1 AS n) s ON id = n WHEN MATCHED THEN UPDATE SET second = first',
  'UPDATE fired SET second = first',
]) {
  test(`a masked value is not tried out on another column: ${text}`, async () => {
    const { error } = await agent.simple(text);
    assert.equal(error?.C, '42501');
    assert.match(error?.M ?? '', /whether public\.\w+\.second takes its value would tell of it/);
    assert.match(error?.H ?? '', /that no constraint, index or trigger looks at/);
  });
}

for (const text of [
  'UPDATE kept SET third = first',
  'UPDATE kept_as SET three = one',
  'UPDATE kept SET second = second, first = first',
  "UPDATE kept SET second = 'a' WHERE id = 1",
  'INSERT INTO kept (id, third) SELECT 2, first FROM kept',
  'UPDATE fired SET second = second',
]) {
  test(`what nothing looks at, or has held the value, takes it: ${text}`, async () => {
    await agent.simple('BEGIN');
    const { error } = await agent.simple(text);
    assert.equal(error, undefined, error?.M);
    await agent.simple('ROLLBACK');
  });
}
