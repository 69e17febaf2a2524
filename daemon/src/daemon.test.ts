import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fakeProtocol } from './cli/fake-protocol.ts';
import { startDaemon } from './daemon.ts';
import { readRecords } from './recordings/read-segments.ts';
import { sampleFolder } from './workspace/samples.ts';

test('what never ends does not keep the records from being closed, and is named', async () => {
  const sample = sampleFolder();
  const said: string[] = [];
  const fake = fakeProtocol();
  try {
    const daemon = await startDaemon({
      workspaceFolder: sample.folder,
      stateFolder: sample.stateRoot,
      log: (line) => said.push(line),
      closeWithinMs: 50,
      protocols: {
        postgres: {
          listen: async (options) => {
            const listener = await fake.listen(options);
            // Its socket goes, and with it what a process would stay for; but it never says so.
            return {
              ...listener,
              close: async () => {
                await listener.close();
                await new Promise<void>(() => {});
              },
            };
          },
        },
      },
    });
    const { records } = daemon.state;
    await daemon.close();
    assert.ok(
      said.some((line) => /Closing the listeners takes longer than 0\.05 s/.test(line)),
      said.join('\n'),
    );
    const kinds: string[] = [];
    for await (const { line } of readRecords(records, { from: 1 })) kinds.push(line.kind);
    assert.equal(kinds.at(-1), 'daemon.stopped');
  } finally {
    sample.discard();
  }
});
