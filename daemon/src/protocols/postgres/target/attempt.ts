import { TargetFault } from '../../../core/faults.ts';
import type { TargetAddress } from './target-options.ts';

/** `host:port`, or the path of the socket. */
export function placeOf(address: { readonly host: string; readonly port: number }): string {
  if (isSocketFolder(address.host)) return socketPath(address);
  return address.host.includes(':') ? `[${address.host}]:${address.port}` : `${address.host}:${address.port}`;
}

export function isSocketFolder(host: string): boolean {
  return host.startsWith('/');
}

/** Where a server puts its socket in the folder that libpq calls a host. */
export function socketPath(address: { readonly host: string; readonly port: number }): string {
  return `${address.host.replace(/\/+$/, '')}/.s.PGSQL.${address.port}`;
}

/**
 * Run `work` within the address's time and signal. The signal that `work` gets is aborted with the TargetFault to throw;
 * whatever else `work` fails with after that is a consequence and is dropped.
 */
export async function attempt<T>(
  address: TargetAddress,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const place = placeOf(address);
  const late = () => {
    const seconds = (address.timeoutMs / 1000).toLocaleString('en');
    const message = `The database at ${place} did not answer within ${seconds} s. Check that it runs and that no firewall drops the connection.`;
    controller.abort(new TargetFault('unreachable', message));
  };
  const givenUp = () =>
    controller.abort(new TargetFault('disconnected', `The connection to ${place} was given up.`));
  const timer = setTimeout(late, address.timeoutMs);
  address.signal?.addEventListener('abort', givenUp, { once: true });
  if (address.signal?.aborted) givenUp();
  try {
    return await work(controller.signal);
  } catch (error) {
    throw controller.signal.aborted ? controller.signal.reason : error;
  } finally {
    clearTimeout(timer);
    address.signal?.removeEventListener('abort', givenUp);
  }
}

/** `promise`, or the signal's reason as soon as it is aborted. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  let stop = () => {};
  const aborted = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener('abort', stop, { once: true });
    if (signal.aborted) stop();
  });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
