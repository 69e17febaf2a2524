import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'timestamp-in-the-past';
const when = (condition: string, effect = 'allow') =>
  ruleOf(`name: x\neffect: ${effect}\nsql: { actions: [select] }\nwhen: |\n      ${condition}`);
const past = 'timestamp("2026-01-31T00:00:00Z")';
const future = 'timestamp("2026-12-31T00:00:00Z")';

test('a time that is over is found, whichever way it is compared', () => {
  finds(code, when(`«now < ${past}»`), [/no longer true since 2026-01-31/]);
  finds(code, when(`request.sql.hasLimit && «${past} <= now»`), [/always true since/]);
});

test('a deny rule that has run out is more than an information', () => {
  const [found] = finds(code, when(`«now < ${past}»`, 'deny'), [/Remove the rule/]);
  if (found?.severity !== 'warning') throw new Error('it must be a warning');
});

test('a time to come still decides', () => {
  silent(code, when(`now < ${future}`));
  silent(code, when(`now < ${past}`), { now: new Date('2026-01-30T12:00:00Z') });
});

test('lengths of time and hours go on', () => {
  silent(code, when(`now - ${past} > duration("90h")`));
  silent(code, when('now.getFullYear() > 2025'));
});
