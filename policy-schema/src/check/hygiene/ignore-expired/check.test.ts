import { test } from 'node:test';
import { finds, ruleOf, silent } from '../../check.fixture.ts';

const code = 'ignore-expired';

/** A rule that allow-without-tables finds, with a comment above it. */
const above = (comment: string): string =>
  ruleOf('name: x\neffect: allow\nsql: { actions: [select] }').replace('rules:\n', `rules:\n  ${comment}\n`);

test('a comment holds on its last day, and no more the day after', () => {
  const text = above('# gatehouse-ignore allow-without-tables: for now (until «2026-06-01»)');
  silent(code, text.replace(/[«»]/g, ''), { now: new Date('2026-06-01T23:59:59Z') });
  finds(code, text, [/over/], { now: new Date('2026-06-02T00:00:00Z') });
  finds(
    'allow-without-tables',
    text.replace(/[«»]/g, '').replace('select', '«select»'),
    [/Name the tables/],
    {
      now: new Date('2026-06-02T00:00:00Z'),
    },
  );
});

test('a last day that is no day is over', () => {
  finds(code, above('# gatehouse-ignore allow-without-tables: for now (until «next week»)'), [/no day/]);
  finds(code, above('# gatehouse-ignore allow-without-tables: for now (until «2026-13-01»)'), [/no day/]);
});

test('a comment without a last day holds for ever', () => {
  silent(code, above('# gatehouse-ignore allow-without-tables: all of it is public'));
});
