/** `dist/mcp.js`: what `gatehouse mcp` does, without the rest of the command, as an editor waits for it. */
import { parseArgs } from 'node:util';
import { exitCodes } from './exit-codes.ts';
import { runMcp } from './run-mcp.ts';
import { complain } from './run.ts';

try {
  const { values } = parseArgs({
    options: {
      workspace: { type: 'string', short: 'C' },
      agent: { type: 'string' },
      task: { type: 'string' },
    },
    // `mcp` itself.
    allowPositionals: true,
  });
  const { workspace: folder = process.cwd(), ...who } = values;
  await runMcp({ folder, ...who });
} catch (error) {
  complain(error);
  process.exitCode = exitCodes.unable;
}
