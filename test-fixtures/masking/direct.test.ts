import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attacks } from '../corpora/masking/attacks.ts';
import { mount, nameOf } from './mount.ts';
import { Needles } from './needles.ts';
import { bytesOf, comparable } from './outcome.ts';
import { paths } from './paths.ts';
import { startTwins } from './twins.ts';

test('each attack tells of a masked value where no gate is', async () => {
  const twins = await startTwins();
  try {
    const clients = { a: await twins.direct('a'), b: await twins.direct('b') };
    const needles = new Needles('a');
    const [simple] = paths;
    assert.ok(simple);
    const useless: string[] = [];
    for (const attack of attacks) {
      const a = await mount(attack, simple, clients.a);
      const b = await mount(attack, simple, clients.b);
      if (comparable(a) === comparable(b) && needles.find(bytesOf(a)) === undefined)
        useless.push(nameOf(attack));
    }
    assert.deepEqual(useless, []);
    await clients.a.end();
    await clients.b.end();
  } finally {
    await twins.stop();
  }
});
