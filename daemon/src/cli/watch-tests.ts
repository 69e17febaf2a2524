import { watchPolicyFiles } from '../workspace/watch.ts';
import type { ExitCode } from './exit-codes.ts';
import { clock } from './format.ts';
import { complain } from './run.ts';
import { err } from './terminal.ts';

/**
 * Run something now, and again whenever a file of the workspace's `.gatehouse` changed, until Ctrl-C. Files with errors
 * are told, and waited out.
 * @returns what the last run that went to its end came to
 */
export async function watching(
  root: string,
  once: () => Promise<ExitCode>,
  failed: ExitCode,
): Promise<ExitCode> {
  let last: ExitCode = failed;
  const again = async (): Promise<void> => {
    try {
      last = await once();
    } catch (error) {
      complain(error);
      last = failed;
    }
    err.line(err.paint('dim', `${clock(new Date().toISOString())} watching .gatehouse; Ctrl-C ends`));
  };
  const ended = new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve());
  });
  const watch = await watchPolicyFiles(root, again, (line) => err.line(line));
  await again();
  await ended;
  await watch.close();
  return last;
}
