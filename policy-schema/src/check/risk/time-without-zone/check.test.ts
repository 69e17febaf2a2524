import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'time-without-zone';
const deny = (when: string) => ruleOf(`name: x\neffect: deny\nwhen: |\n  ${when}`);

test('an hour of UTC beside one of a zone is found', () => {
  finds(code, deny('now.getHours("Europe/Berlin") < 8 || now.«getHours»() >= 18'), [/`Europe\/Berlin`/]);
});

test('a zone that another file names counts too', () => {
  const rule = (when: string) => `rules:\n  - { name: x, effect: deny, when: '${when}' }\n`;
  finds(
    code,
    {
      'policies/a.policy.yaml': policyOf(rule('now.«getDayOfWeek»() == 0')),
      'policies/b.policy.yaml': policyOf(rule('now.getHours("Asia/Tokyo") < 8'), { name: 'b' }),
    },
    [/getDayOfWeek\("Asia\/Tokyo"\)/],
  );
});

test('where nobody names a zone, UTC may be meant', () => {
  silent(code, deny('now.getHours() < 8 || now.getHours("UTC") > 18'));
});

test('minutes, and hours with their zone, are no matter', () => {
  silent(code, deny('now.getHours("Europe/Berlin") < 8 && now.getMinutes() < 30'));
  silent(code, deny('now.getHours("Europe/Berlin") < 8 || now.getHours("UTC") == 3'));
});

test('the zone can be put in, in quotes that fit', () => {
  mends(
    code,
    deny('now.getHours("Europe/Berlin") < 8 || now.getHours() >= 18'),
    deny('now.getHours("Europe/Berlin") < 8 || now.getHours("Europe/Berlin") >= 18'),
    { safety: 'unsafe' },
  );
  mends(
    code,
    ruleOf(`name: x\neffect: deny\nwhen: "now.getHours('Europe/Berlin') < 8 || now.getHours() >= 18"`),
    ruleOf(
      `name: x\neffect: deny\nwhen: "now.getHours('Europe/Berlin') < 8 || now.getHours('Europe/Berlin') >= 18"`,
    ),
  );
});
