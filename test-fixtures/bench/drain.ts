/**
 * Reads a whole result as fast as it comes and keeps nothing: `node drain.ts '{target}' 'statement' repetitions`.
 * Prints, as JSON, rows a second and bytes a second of the fastest of the repetitions after one to warm up.
 */
import { query } from '../clients/frontend-messages.ts';
import { RawPostgres, type RawTarget } from '../clients/raw-postgres.ts';

const target = JSON.parse(process.argv[2] ?? '') as RawTarget;
const statement = query(process.argv[3] ?? '');
const repetitions = Number(process.argv[4] ?? '3');

const client = await RawPostgres.connect(target);
// From here on the messages are counted, not kept.
client.socket.removeAllListeners('data');
let best = { rows: 0, seconds: Number.POSITIVE_INFINITY, bytes: 0 };
for (let round = 0; round <= repetitions; round++) {
  const started = process.hrtime.bigint();
  const { rows, bytes } = await drain();
  const seconds = Number(process.hrtime.bigint() - started) / 1e9;
  if (round > 0 && seconds < best.seconds) best = { rows, seconds, bytes };
}
console.log(
  JSON.stringify({
    rowsPerSecond: best.rows / best.seconds,
    bytesPerSecond: best.bytes / best.seconds,
    rows: best.rows,
  }),
);
client.socket.destroy();

function drain(): Promise<{ rows: number; bytes: number }> {
  return new Promise((resolve, reject) => {
    let rows = 0;
    let bytes = 0;
    let left: Buffer = Buffer.alloc(0);
    const take = (chunk: Buffer) => {
      bytes += chunk.length;
      const data = left.length === 0 ? chunk : Buffer.concat([left, chunk]);
      let at = 0;
      while (data.length - at >= 5) {
        const end = at + 1 + data.readInt32BE(at + 1);
        if (end > data.length) break;
        const type = data[at];
        if (type === 0x44) rows++;
        else if (type === 0x45) return reject(new Error(data.toString('utf8', at + 5, end)));
        else if (type === 0x5a) {
          client.socket.off('data', take);
          return resolve({ rows, bytes });
        }
        at = end;
      }
      left = data.subarray(at);
    };
    client.socket.on('data', take);
    client.socket.write(statement);
  });
}
