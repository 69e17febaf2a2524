import assert from 'node:assert/strict';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { Listener } from '../core/listener.ts';
import { readPolicyFiles } from './files.ts';
import { type ListenerPlan, Listeners } from './listeners.ts';
import { type SampleFolder, sampleFolder, sampleWorkspace } from './samples.ts';
import { type Snapshot, snapshotFiles } from './snapshot.ts';

let sample: SampleFolder;
let events: string[];
let taken: Set<number>;
beforeEach(() => {
  sample = sampleFolder();
  events = [];
  taken = new Set();
});
afterEach(() => sample.discard());

async function snapshot(edit: (text: string) => string = (text) => text): Promise<Snapshot> {
  sample.write('.gatehouse/gatehouse.yaml', edit(sampleWorkspace));
  const result = await snapshotFiles(sample.folder, await readPolicyFiles(sample.folder));
  assert.ok(result.ok, JSON.stringify(result));
  return result.snapshot;
}

function make(): Listeners {
  let next = 5000;
  const open = async (plan: ListenerPlan, wanted: number): Promise<Listener> => {
    if (taken.has(wanted)) throw Object.assign(new Error('address in use'), { code: 'EADDRINUSE' });
    const port = wanted === 0 ? next++ : wanted;
    const at = `${plan.resource.name}:${port}`;
    events.push(`open ${at} → ${plan.resource.host}`);
    return {
      host: '127.0.0.1',
      port,
      sessions: 1,
      names: async () => ({ tables: [], partial: false }),
      close: async () => void events.push(`close ${at}`),
    };
  };
  return new Listeners({ open, portsFile: sample.state.ports, log: () => {} });
}

const second = '  - { name: b, protocol: postgres, host: h, database: d, user: u }\n';

describe('the listeners', () => {
  it('follow the accepted workspace: changed ones are made anew, the others keep their sessions', async () => {
    const listeners = make();
    await listeners.apply(await snapshot((text) => text + second));
    assert.deepEqual(events.splice(0), ['open shop-db:5000 → 127.0.0.1', 'open b:5001 → h']);
    await listeners.apply(await snapshot((text) => `# a comment moves every line\n${text}${second}`));
    assert.deepEqual(events.splice(0), []);
    await listeners.apply(await snapshot((text) => text.replace('127.0.0.1', '192.0.2.1') + second));
    assert.deepEqual(events.splice(0), ['close shop-db:5000', 'open shop-db:5000 → 192.0.2.1']);
    await listeners.apply(await snapshot((text) => text.replace('127.0.0.1', '192.0.2.1')));
    assert.deepEqual(events.splice(0), ['close b:5001']);
    await listeners.close();
    assert.deepEqual(events.splice(0), ['close shop-db:5000']);
    assert.deepEqual(listeners.list(), []);
  });

  it('keep the port that was picked, unless another program has it', async () => {
    await make().apply(await snapshot((text) => text + second));
    const again = make();
    taken.add(5001);
    events = [];
    await again.apply(await snapshot((text) => text + second));
    assert.deepEqual(events, ['open shop-db:5000 → 127.0.0.1', 'open b:5000 → h']);
  });

  it('say why one is down, and try again with the next change', async () => {
    const listeners = make();
    taken.add(6432);
    const fixed = (text: string) => text.replace('    port: 5432\n', '    port: 5432\n    listen: 6432\n');
    await listeners.apply(await snapshot(fixed));
    assert.deepEqual(listeners.list(), [
      {
        name: 'shop-db',
        protocol: 'postgres',
        upstream: 'shop_owner@127.0.0.1:5432/shop',
        sessions: 0,
        problem: 'address in use',
      },
    ]);
    assert.equal(listeners.find('shop-db')?.problem, 'address in use');
    taken.clear();
    await listeners.apply(await snapshot(fixed));
    assert.deepEqual(listeners.list()[0]?.listen, { host: '127.0.0.1', port: 6432 });
  });
});
