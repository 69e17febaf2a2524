import { test } from 'node:test';
import { finds, mends, policyOf, silent } from '../../check.fixture.ts';

const code = 'rule-overridden-by-deny';
const deny =
  '  - { name: no-writes, effect: deny, sql: { actions: [insert, update, delete] }, message: Ask. }\n';
const allow = (name: string, block: string, more = '') =>
  `  - { name: ${name}, effect: allow, sql: { ${block} }${more} }\n`;

test('an allow rule inside an unconditional deny rule is found, with the deny rule', () => {
  const [found] = finds(
    code,
    policyOf(`rules:\n${deny}${allow('«logs»', 'actions: [insert], tables: [public.log]')}`),
    [/`no-writes` denies/],
  );
  const [related] = found?.related ?? [];
  if (related?.message !== 'This rule denies it.') throw new Error('no related place');
});

test('so is an approve rule, and one of another policy whose scope lies inside', () => {
  finds(
    code,
    policyOf(`rules:\n${deny}  - { name: «held», effect: approve, sql: { actions: [delete] } }\n`),
    [/holds for approval/],
  );
  finds(
    code,
    {
      'policies/a.policy.yaml': policyOf(`rules:\n${deny}`, { name: 'a', to: '["*"]' }),
      'policies/b.policy.yaml': policyOf(`rules:\n${allow('«logs»', 'actions: [update]')}`, { name: 'b' }),
    },
    [/of the policy `a`/],
  );
});

test('an allow rule with the condition of the deny rule is found too', () => {
  const when = ', when: request.sql.hasWhere';
  finds(
    code,
    policyOf(
      `rules:\n  - { name: d, effect: deny, sql: { actions: [delete] }${when} }\n${allow('«x»', 'actions: [delete]', when)}`,
    ),
    [/`d` denies/],
  );
});

test('a deny rule under a condition, or for less, leaves the other something to do', () => {
  silent(
    code,
    policyOf(
      `rules:\n  - { name: d, effect: deny, sql: { actions: [delete] }, when: "!request.sql.hasWhere" }\n${allow('x', 'actions: [delete]')}`,
    ),
  );
  silent(code, policyOf(`rules:\n${deny}${allow('x', 'actions: [select, insert]')}`));
  silent(
    code,
    policyOf(
      `rules:\n  - { name: d, effect: deny, sql: { tables: [public.secrets] } }\n${allow('x', 'tables: ["public.*"]')}`,
    ),
  );
});

test('a deny rule of another place, or one that is only observed, overrides nothing', () => {
  const files = (head: string) => ({
    'policies/a.policy.yaml': `gatehouse: v1\nkind: Policy\nname: a\n${head}rules:\n${deny}`,
    'policies/b.policy.yaml': policyOf(`rules:\n${allow('x', 'actions: [update]')}`, { name: 'b' }),
  });
  silent(code, files('applies: { to: [dev-db] }\n'));
  silent(code, files('applies: { to: ["*"], agents: [claude] }\n'));
  silent(code, files('applies: { to: ["*"] }\nmode: observe\n'));
});

test('columns may be none at all, which a deny rule about columns lets pass', () => {
  silent(
    code,
    policyOf(
      `rules:\n  - { name: d, effect: deny, sql: { columns: ["*"] } }\n${allow('x', 'actions: [select], columns: [id]')}`,
    ),
  );
});

test('the rule can be removed', () => {
  mends(code, policyOf(`rules:\n${deny}${allow('logs', 'actions: [insert]')}`), policyOf(`rules:\n${deny}`), {
    safety: 'unsafe',
  });
});
