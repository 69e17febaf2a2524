import { attempt } from './attempt.ts';
import { connect } from './connect.ts';
import { type Login, logIn } from './login.ts';
import type { DialOptions, Target } from './target-options.ts';

/**
 * Connect and log in. Asks for protocol 3.2 and takes 3.0 where the server knows no more. The caller owns the stream,
 * on which nobody reads and a listener for late errors is left.
 * @throws TargetFault that says what to do, and what the password's source throws
 */
export async function dialTarget(options: DialOptions): Promise<Target> {
  return await attempt(options, async (signal) => {
    const login = await dialOnce(options, 2, signal);
    if (login.kind === 'in') return login.target;
    const older = await dialOnce(options, 0, signal);
    if (older.kind === 'in') return older.target;
    throw older.fault;
  });
}

async function dialOnce(options: DialOptions, minor: 0 | 2, signal: AbortSignal): Promise<Login> {
  const transport = await connect(options, signal);
  const { stream } = transport;
  const abort = () => stream.destroy();
  signal.addEventListener('abort', abort, { once: true });
  let login: Login | undefined;
  try {
    if (signal.aborted) throw signal.reason;
    login = await logIn(transport, minor, options, signal);
    return login;
  } finally {
    signal.removeEventListener('abort', abort);
    if (login?.kind !== 'in') stream.destroy();
  }
}
