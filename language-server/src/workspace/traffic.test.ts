import assert from 'node:assert/strict';
import { test } from 'node:test';
import { askTraffic } from './traffic.ts';

/** A command that prints what a program makes of its standard input. */
const program = (source: string): readonly string[] => [
  process.execPath,
  '-e',
  `let input = ''; process.stdin.on('data', (part) => { input += part; }).on('end', () => { ${source} });`,
  '--',
];
const rule = {
  ...{ policy: 'shop', rule: 'read', effect: 'allow', file: 'f', line: 6, hits: 3, changes: 1 },
  examples: [
    {
      ...{ seq: 1, at: 't', text: 'SELECT 1', agent: 'a', resource: 'r' },
      before: 'deny',
      reason: 'x',
      times: 2,
    },
  ],
};
const texts = new Map([['.gatehouse/policies/a.policy.yaml', 'text']]);
const asked = () => ({ folder: '/', texts, signal: new AbortController().signal });

test('the command gets the texts, and what it tells of rules is taken, whatever its exit status', async () => {
  const source = `const text = JSON.parse(input)['.gatehouse/policies/a.policy.yaml'];
    process.stdout.write(JSON.stringify({ requests: text.length, rules: ${JSON.stringify([rule])} }));
    process.exitCode = 1;`;
  assert.deepEqual(await askTraffic(program(source), asked()), {
    span: '7 days',
    requests: 4,
    rules: [
      {
        ...{ policy: 'shop', rule: 'read', hits: 3, changes: 1 },
        examples: [{ text: 'SELECT 1', agent: 'a', resource: 'r', at: 't', before: 'deny', times: 2 }],
      },
    ],
  });
});

test('without a command, an answer or sense in it nothing is known', async () => {
  assert.equal(await askTraffic([], asked()), undefined);
  assert.equal(await askTraffic(['/nowhere/gatehouse'], asked()), undefined);
  assert.equal(await askTraffic(program('process.exitCode = 2'), asked()), undefined);
  assert.equal(await askTraffic(program(`process.stdout.write('{"requests":1}')`), asked()), undefined);
});

test('who is no longer wanted is ended', async () => {
  const ending = new AbortController();
  const told = askTraffic(program('setInterval(() => {}, 1000)'), { ...asked(), signal: ending.signal });
  ending.abort();
  assert.equal(await told, undefined);
});
