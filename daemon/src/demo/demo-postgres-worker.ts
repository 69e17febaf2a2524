/**
 * The demo's database: PostgreSQL in WebAssembly, in a thread of its own, as a statement holds its thread until it is done.
 * It takes bytes of the protocol and gives what PostgreSQL answers to them; there is one backend, and so one session.
 */
import { parentPort } from 'node:worker_threads';
import { PGlite } from '@electric-sql/pglite';
import { encodeStartupMessage } from '../protocols/postgres/wire/startup-packets.ts';
import type { EngineAnswer } from './engine.ts';
import { shopDatabase, shopGrants, shopRows, shopTables, shopUser } from './shop.ts';

const port = parentPort;
if (port === null) throw new Error('This file is run as a worker.');
const say = (answer: EngineAnswer): void => port.postMessage(answer);

/** As PostgreSQL has it; PGlite's own leaves "$user" out. */
const searchPath = ['-c', 'search_path="$user", public', '-c', 'shared_buffers=16MB'];
const params = PGlite.defaultStartParams.join('\n').replace('-c\nsearch_path=public\n', '').split('\n');
const database = await PGlite.create({ startParams: [...params, ...searchPath] });
await database.exec(shopTables + shopRows);
await database.exec(`CREATE ROLE ${shopUser} LOGIN; ${shopGrants}`);
// There is one database, whose name no command can change from inside.
await database.exec(
  `UPDATE pg_catalog.pg_database SET datname = '${shopDatabase}' WHERE datname = 'postgres'`,
);
// From here on PostgreSQL reports changed parameters, as to a client.
await database.execProtocolRaw(encodeStartupMessage(0, new Map([['user', 'postgres']])));

port.on('message', async (bytes: Uint8Array) => {
  try {
    say({ kind: 'answered', bytes: await database.execProtocolRaw(bytes) });
  } catch (error) {
    // What PostgreSQL itself would answer never comes here: the backend is gone.
    say({ kind: 'died', reason: error instanceof Error ? error.message : JSON.stringify(error) });
  }
});
say({ kind: 'ready' });
