import { bind, binary, close, describe, execute, parse, query, sync } from '../clients/frontend-messages.ts';
import type { BackendMessage, RawPostgres } from '../clients/raw-postgres.ts';
import type { Outcome } from './outcome.ts';

/** A way by which a client may send statements. */
export interface Path {
  readonly name: string;
  /** Whether the statement must be a query that gives rows. */
  readonly queriesOnly: boolean;
  run(client: RawPostgres, steps: readonly string[]): Promise<Outcome>;
}

async function each(
  steps: readonly string[],
  send: (step: string) => Promise<readonly BackendMessage[]>,
): Promise<Outcome> {
  const messages: BackendMessage[] = [];
  for (const step of steps) messages.push(...(await send(step)));
  return { messages };
}

function extended(format: number) {
  return (client: RawPostgres, steps: readonly string[]) =>
    each(steps, (step) =>
      client.exchange(parse(step), bind({ resultFormats: [format] }), describe('P'), execute(), sync),
    );
}

export const paths: readonly Path[] = [
  {
    name: 'simple',
    queriesOnly: false,
    run: (client, steps) => each(steps, (step) => client.exchange(query(step))),
  },
  { name: 'extended', queriesOnly: false, run: extended(0) },
  { name: 'extended, binary', queriesOnly: false, run: extended(binary) },
  {
    name: 'prepared once, described once, run twice',
    queriesOnly: true,
    run: async (client, steps) => {
      const last = steps.at(-1) ?? '';
      const before = await each(steps.slice(0, -1), (step) => client.exchange(query(step)));
      const messages = [
        ...before.messages,
        ...(await client.exchange(parse(last, 'again'), describe('S', 'again'), sync)),
        ...(await client.exchange(bind({ statement: 'again' }), execute(), sync)),
        ...(await client.exchange(query('SELECT 1'))),
        ...(await client.exchange(
          bind({ statement: 'again', portal: 'p' }),
          execute('p', 2),
          execute('p'),
          sync,
        )),
      ];
      await client.exchange(close('S', 'again'), sync);
      return { messages };
    },
  },
  {
    name: 'cursor',
    queriesOnly: true,
    run: async (client, steps) => {
      const last = steps.at(-1) ?? '';
      const before = await each(steps.slice(0, -1), (step) => client.exchange(query(step)));
      const rest = await each(
        [
          'BEGIN',
          `DECLARE looked CURSOR FOR ${last}`,
          'FETCH 2 FROM looked',
          'FETCH ALL FROM looked',
          'ROLLBACK',
        ],
        (step) => client.exchange(query(step)),
      );
      return { messages: [...before.messages, ...rest.messages] };
    },
  },
  {
    name: 'COPY',
    queriesOnly: true,
    run: (client, steps) =>
      each(
        [
          ...steps.slice(0, -1),
          `COPY (${steps.at(-1)}) TO STDOUT`,
          `COPY (${steps.at(-1)}) TO STDOUT (FORMAT binary)`,
        ],
        (step) => client.exchange(query(step)),
      ),
  },
  {
    name: 'PREPARE',
    queriesOnly: true,
    run: (client, steps) =>
      each(
        [
          ...steps.slice(0, -1),
          `PREPARE by_name AS ${steps.at(-1)}`,
          'EXECUTE by_name',
          'DEALLOCATE by_name',
        ],
        (step) => client.exchange(query(step)),
      ),
  },
];
