/**
 * A daemon in a process of its own, for the benchmark, which forks it: takes one message with the server and the
 * durability, answers with where to connect, and ends with its parent.
 */
import { startGate } from '../servers/gate.ts';
import type { RunningPostgres } from '../servers/postgres.ts';
import { benchPolicy } from './policy.ts';

export interface GateOrder {
  readonly server: Pick<RunningPostgres, 'host' | 'port' | 'user' | 'password' | 'database'>;
  readonly durability: 'durable' | 'written';
}

process.once('message', async (order: GateOrder) => {
  const gate = await startGate({
    resources: [{ name: 'bench', server: order.server }],
    policies: { bench: benchPolicy },
    durability: order.durability,
    followRecords: false,
  });
  process.once('disconnect', () => void gate.stop().then(() => process.exit()));
  process.send?.(await gate.login('bench', 'bench-agent'));
});
