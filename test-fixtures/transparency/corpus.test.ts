import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { readCorpus } from '../corpora/corpus.ts';
import type { RunningPostgres } from '../servers/postgres.ts';
import { startPair } from './pair.ts';
import { type Answer, differences, runConversations, runStatements } from './runs.ts';

/**
 * Every backend message of protocol 3 but three kinds: CopyBothResponse, which only replication sends;
 * NegotiateProtocolVersion, which needs a client from the future; and authentication, which is not compared.
 */
const everyBackendMessage = [...'123ACDEGHIKNSTVZcdnst'];

test('the corpus is as large as promised, and each statement stands in it with its place', () => {
  const statements = readCorpus('postgres');
  assert.ok(statements.length >= 520, `${statements.length} statements`);
  assert.equal(new Set(statements.map((each) => each.place)).size, statements.length);
});

for (const version of ['18', 'system'] as const) {
  describe(`the corpus on two servers, ${version}`, () => {
    let pair: readonly [RunningPostgres, RunningPostgres];
    before(async () => {
      pair = await startPair(version);
    });
    after(async () => {
      for (const server of pair) await server.stop();
    });

    test('answers alike, message by message, and covers every kind of message', async () => {
      const seen = new Set<string>();
      const codes = new Set<string>();
      for (const run of [(server: RunningPostgres) => runStatements('extended', server), runConversations]) {
        const [left, right] = [await run(pair[0]), await run(pair[1])];
        assert.deepEqual(differences(left, right), []);
        collect(left, seen, codes);
      }
      assert.deepEqual([...seen].filter((kind) => kind !== 'closed').sort(), [...everyBackendMessage].sort());
      assert.ok(codes.size >= 60, `${codes.size} SQLSTATEs: ${[...codes].sort().join(' ')}`);
    });
  });
}

function collect(answers: readonly Answer[], kinds: Set<string>, codes: Set<string>): void {
  for (const word of answers.flatMap((each) => each.answer)) {
    kinds.add(word.split(' ', 1)[0] ?? '');
    const code = /^E .*\bC=(\w{5})/.exec(word)?.[1];
    if (code !== undefined) codes.add(code);
  }
}
