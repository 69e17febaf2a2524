import {
  bind,
  binary,
  close,
  copyData,
  copyDone,
  copyFail,
  describe,
  execute,
  flush,
  parse,
  query,
  sync,
} from '../clients/frontend-messages.ts';
import type { BackendMessage, RawPostgres } from '../clients/raw-postgres.ts';
import type { CorpusStatement } from '../corpora/corpus.ts';

export type Mode = 'simple' | 'extended' | 'prepared' | 'portal' | 'binary';

const returnsRows = /^\s*(select|values|table|with|fetch|show|explain|execute|\()|\breturning\b/i;

/** How each way of asking runs one statement; the answer is every message up to ReadyForQuery. */
export const modes: Readonly<
  Record<Mode, (client: RawPostgres, statement: CorpusStatement) => Promise<BackendMessage[]>>
> = {
  simple: (client, statement) => run(client, statement, query(statement.text)),
  extended: (client, statement) =>
    run(
      client,
      statement,
      parse(statement.text),
      describe('S'),
      bind({ values: statement.parameters }),
      describe('P'),
      execute(),
      sync,
    ),
  prepared: async (client, statement) => {
    const described = await run(
      client,
      statement,
      parse(statement.text, 'kept'),
      describe('S', 'kept'),
      sync,
    );
    const bound = bind({ statement: 'kept', values: statement.parameters });
    const executed = await run(client, statement, bound, execute(), sync);
    const closed = await run(client, statement, close('S', 'kept'), sync);
    return [...described, ...executed, ...closed];
  },
  portal: (client, statement) => {
    // A portal that returns no rows runs once; a second Execute is an error, and would end a transaction.
    const further = returnsRows.test(statement.text)
      ? [execute('p', 3), flush, execute('p'), close('P', 'p')]
      : [];
    return run(
      client,
      statement,
      parse(statement.text),
      bind({ portal: 'p', values: statement.parameters }),
      describe('P', 'p'),
      execute('p', 2),
      ...further,
      sync,
    );
  },
  binary: (client, statement) =>
    run(
      client,
      statement,
      parse(statement.text),
      bind({ values: statement.parameters, resultFormats: [binary] }),
      describe('P'),
      execute(),
      sync,
    ),
};

/** Send, feed COPY when the server asks for it, and collect up to ReadyForQuery. */
function run(
  client: RawPostgres,
  statement: CorpusStatement,
  ...bytes: readonly Buffer[]
): Promise<BackendMessage[]> {
  client.send(...bytes);
  const extended = bytes.at(-1) === sync;
  return client.until('Z', (message) => {
    if (message.type !== 'G') return;
    feed(client, statement);
    // The Sync that was sent before fell into the COPY, where the server ignores it.
    if (extended) client.send(sync);
  });
}

function feed(client: RawPostgres, statement: CorpusStatement): void {
  const copy = statement.copy ?? { fail: 'this statement has no data' };
  if ('data' in copy) {
    const half = Math.floor(copy.data.length / 2);
    client.send(copyData(copy.data.slice(0, half)), copyData(copy.data.slice(half)), copyDone);
  } else {
    client.send(copyData('1\tbegun\t1\n'), copyFail(copy.fail));
  }
}
