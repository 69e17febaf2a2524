import { once } from 'node:events';
import type { Duplex } from 'node:stream';
import { encodeErrorResponse } from '../wire/backend-messages.ts';
import type { Report } from '../wire/error-fields.ts';

/** A connection that cannot go on, in the words that the client gets. */
export type Fatal = Omit<Report<'FATAL'>, 'severity'>;

/** How long a client may take to read why it was refused. */
const lingerMs = 1000;

/**
 * Send a FATAL error and close. Resolves when the connection is gone, after at most a second; never rejects. What the
 * client still sends is read and dropped: unread bytes would reset the connection before the client has read the error.
 */
export async function refuseClient(stream: Duplex, fatal: Fatal): Promise<void> {
  if (stream.destroyed) return;
  stream.on('error', () => {});
  const closed = once(stream, 'close').catch(() => {});
  const timer = setTimeout(() => stream.destroy(), lingerMs);
  try {
    stream.end(encodeErrorResponse({ severity: 'FATAL', ...fatal }));
    stream.resume();
    await closed;
  } finally {
    clearTimeout(timer);
    stream.destroy();
  }
}
