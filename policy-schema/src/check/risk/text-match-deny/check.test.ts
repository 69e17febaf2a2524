import { test } from 'node:test';
import { finds, mends, policyOf, ruleOf, silent } from '../../check.fixture.ts';

const code = 'text-match-deny';
const deny = (when: string) => ruleOf(`name: x\neffect: deny\nwhen: '${when}'`);

test('a search for a word is found, with the action that it means', () => {
  finds(code, deny('«request.text.contains("DROP")»'), [/actions: \[drop\]/]);
  finds(
    code,
    deny('request.sql.hasWhere || «request.text.lowerAscii().matches("(delete|truncate) +from")»'),
    [/actions: \[delete, truncate\]/],
  );
});

test('a search for a name is found too, and in rules that hold', () => {
  finds(code, ruleOf(`name: x\neffect: approve\nwhen: '«request.text.contains("secrets")»'`), [
    /request\.sql/,
  ]);
});

test('what must be in the text is no matter', () => {
  silent(code, deny('!request.text.contains("TICKET-")'));
  silent(code, deny('!(request.text.startsWith("/*") && request.text.contains("TICKET-"))'));
});

test('facts of the statement are no matter, nor is the length of the text', () => {
  silent(code, deny('"public.secrets" in request.sql.tables || request.text.size() > 1000'));
  silent(code, deny('request.sql.tables.exists(t, t.contains("secret"))'));
});

test('allow rules are another matter', () => {
  silent(code, ruleOf(`name: x\neffect: allow\nsql: {}\nwhen: 'request.text.contains("DROP")'`));
});

test('the actions can take the place of the search', () => {
  mends(
    code,
    ruleOf(`name: x\neffect: deny\nwhen: |\n  request.text.upperAscii().contains("DROP")\nmessage: No.`),
    ruleOf('name: x\neffect: deny\nsql: { actions: [drop] }\nmessage: No.'),
    { safety: 'unsafe' },
  );
  mends(
    code,
    policyOf(`rules:\n  - { name: x, effect: deny, when: 'request.text.contains("delete")' }\n`),
    policyOf('rules:\n  - { name: x, effect: deny, sql: { actions: [delete] } }\n'),
  );
});
