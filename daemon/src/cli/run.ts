import { ConfigFault, PolicyFault, ProtocolFault, RecordFault, TargetFault } from '../core/faults.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { err } from './terminal.ts';

const faults = [ConfigFault, PolicyFault, ProtocolFault, RecordFault, TargetFault];

/** An action whose result is the exit code, and whose errors are words on stderr. */
export function run<Args extends unknown[]>(
  action: (...args: Args) => Promise<ExitCode>,
): (...args: Args) => Promise<void> {
  return async (...args) => {
    try {
      process.exitCode = await action(...args);
    } catch (error) {
      complain(error);
      process.exitCode = exitCodes.unable;
    }
  };
}

export function complain(error: unknown): void {
  const known = faults.some((fault) => error instanceof fault) || isAnswer(error);
  const message = error instanceof Error ? error.message : String(error);
  err.line(`${err.paint('red', 'gatehouse:')} ${message}`);
  if (!known && error instanceof Error && error.stack !== undefined) {
    err.line(err.paint('dim', error.stack.split('\n').slice(1).join('\n')));
  }
}

/** A refusal that the daemon gave in words; told by its shape, as most commands never load the library. */
function isAnswer(error: unknown): boolean {
  return error instanceof Error && 'toJson' in error && 'code' in error && typeof error.code === 'number';
}
