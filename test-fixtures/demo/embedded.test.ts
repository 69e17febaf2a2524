import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type DemoServer, startDemoServer } from '@gatehouse/daemon/demo/demo-server.ts';
import { type RunningGate, startGate } from '../servers/gate.ts';
import { shopDatabase, shopRole } from '../servers/shop.ts';
import { type Agent, startAgent } from './processes.ts';
import { RecordLines } from './record-lines.ts';
import { story } from './story.ts';

const policy = fileURLToPath(
  new URL('../../daemon/src/demo/workspace/.gatehouse/policies/shop.policy.yaml', import.meta.url),
);

describe('the demo that needs nothing installed', () => {
  let server: DemoServer;
  let gate: RunningGate;
  let agent: Agent;
  const lines = new RecordLines();

  before(async () => {
    const { user, password } = shopRole;
    server = await startDemoServer({
      password,
      port: 0,
      idleMs: 3_600_000,
      onIdle: () => {},
      log: console.error,
    });
    gate = await startGate({
      resources: [
        {
          name: 'shop-db',
          server: { host: '127.0.0.1', port: server.port, user, password, database: shopDatabase },
        },
      ],
      policies: { shop: readFileSync(policy, 'utf8') },
    });
    await gate.control.follow(
      0,
      (line) => lines.add(line),
      () => {},
    );
    agent = await startAgent(await gate.token('shop-db', 'demo'), () => {});
  });
  after(async () => {
    agent?.stop();
    await gate?.stop();
    await server?.close();
  });

  for (const [index, step] of story.entries()) {
    test(step.title, async () => {
      lines.forget();
      const attempt = agent.attempt(index);
      if (step.effect === 'approve') {
        const { approval } = await lines.first('approval.asked');
        await gate.control.answer({ id: approval, answer: 'approve' });
      }
      const seen = await attempt;
      const decided = await lines.first('request.decided');
      assert.equal(decided.effect, step.effect, decided.reason);
      assert.equal(step.wrong(seen), undefined, JSON.stringify(seen));
      if (step.rule !== undefined)
        assert.ok(decided.actions.some(({ rules }) => rules.some(({ rule }) => rule === step.rule)));
    });
  }
});
