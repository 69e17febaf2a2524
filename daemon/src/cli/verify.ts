import { existsSync } from 'node:fs';
import { Command, InvalidArgumentError } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import type { ChainHead } from '../recordings/chain.ts';
import { segmentName } from '../recordings/segments.ts';
import type { VerifyProgress } from '../recordings/verify.ts';
import { contextOf } from './context.ts';
import { symbolOf } from './effects.ts';
import { exitCodes } from './exit-codes.ts';
import { count } from './format.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';
import { plural } from './text.ts';

interface VerifyOptions {
  readonly anchor: readonly ChainHead[];
  readonly json?: boolean;
}

export function verifyCommand(): Command {
  return new Command('verify')
    .summary('check that no record was changed')
    .description(
      'Read the records from the first to the last and check that each carries the hash of the one before. Names the first that does not.',
    )
    .option(
      '--anchor <seq:hash>',
      'an end of the chain that was noted elsewhere before; repeatable. Without one, a cut-off end cannot be seen',
      anchorOf,
      [],
    )
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse verify
  $ gatehouse verify --anchor 8123:9f86d081884c7d65…

Exit status: 0 unbroken, 1 broken, 2 could not run.`,
    )
    .action(
      run(async (options: VerifyOptions, command: Command) => {
        const { state } = await contextOf(command);
        if (!existsSync(state.records)) {
          throw new ConfigFault('workspace-missing', 'Nothing is recorded for this workspace yet.');
        }
        const { verify } = await import('../recordings/verify.ts');
        const result = await verify(state.records, {
          anchors: options.anchor,
          ...(err.interactive && options.json !== true ? { onProgress: drawProgress } : {}),
        });
        if (err.interactive && options.json !== true) err.write('\r\u001b[K');
        const { firstBad, head } = result;
        if (options.json === true) {
          json({ ok: firstBad === undefined, ...result });
        } else if (firstBad === undefined) {
          const records = `${plural(result.lines, 'record')} in ${plural(result.segments, 'segment')}`;
          out.line(
            out.paint(
              'green',
              `${symbolOf('allow')} Unbroken: ${records.replace(/^\d+/, count(result.lines))}`,
            ),
          );
          out.line(out.paint('dim', `  anchor ${head.seq}:${head.hash}`));
          if (result.unfinished !== undefined) {
            out.line(
              out.paint(
                'dim',
                `  ${result.unfinished.bytes} bytes at the end are no record yet (a daemon writes, or was killed)`,
              ),
            );
          }
        } else {
          const place = `${segmentName(firstBad.segment)}:${firstBad.line}`;
          out.line(
            out.paint(
              'red',
              `${symbolOf('deny')} Broken at ${place} (${firstBad.reason}): ${firstBad.message}`,
            ),
          );
          out.line(
            `  ${plural(result.lines, 'record')} before it ${result.lines === 1 ? 'is' : 'are'} proven, up to record ${head.seq}.`,
          );
        }
        return firstBad === undefined ? exitCodes.ok : exitCodes.no;
      }),
    );
}

function anchorOf(value: string, before: readonly ChainHead[]): readonly ChainHead[] {
  const match = /^(\d{1,15}):([0-9a-f]{64})$/i.exec(value);
  if (match === null)
    throw new InvalidArgumentError('It is SEQ:HASH, as an earlier `gatehouse verify` printed it.');
  return [...before, { seq: Number(match[1]), hash: (match[2] ?? '').toLowerCase() }];
}

const barColumns = 30;

function drawProgress({ segment, segments, lines }: VerifyProgress): void {
  const done = Math.round((segment / segments) * barColumns);
  const bar = '█'.repeat(done) + '░'.repeat(barColumns - done);
  err.write(`\r${bar} ${segment}/${segments} segments, ${count(lines)} records`);
}
