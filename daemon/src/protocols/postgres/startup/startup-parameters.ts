import { newestMinor, Sqlstate } from '../wire/codes.ts';
import type { StartupMessage } from '../wire/startup-packets.ts';
import type { Startup } from './accept-options.ts';
import type { Fatal } from './refuse-client.ts';

/** A protocol option rather than a setting; a server that does not know one says so and goes on. */
const optionPrefix = '_pq_.';

export type ReadStartup =
  | {
      readonly kind: 'read';
      readonly startup: Startup;
      /** Present: what NegotiateProtocolVersion must say. */
      readonly negotiate?: { readonly minor: 0 | 2; readonly unrecognized: readonly string[] };
    }
  | { readonly kind: 'refused'; readonly fatal: Fatal };

/** What a StartupMessage asks for (backend_startup.c, ProcessStartupPacket), or why it cannot be had. */
export function readStartup(message: StartupMessage): ReadStartup {
  const unrecognized = [...message.parameters.keys()].filter((name) => name.startsWith(optionPrefix));
  // 3.1 is reserved: no server spoke it, and a client that asks for it gets what 3.1 would have meant.
  const minor = message.minor < newestMinor ? 0 : newestMinor;
  const user = message.parameters.get('user') ?? '';
  if (user === '') {
    return refused({
      code: Sqlstate.invalid_authorization_specification,
      message: 'no PostgreSQL user name specified in startup packet',
    });
  }
  const replication = message.parameters.get('replication');
  if (replication !== undefined && !isFalse(replication)) {
    return refused({
      code: Sqlstate.feature_not_supported,
      message: 'replication connections are not passed on',
      detail:
        'Gatehouse decides statements; a replication stream carries whole tables that no rule has seen.',
      hint: 'Connect without the replication parameter.',
    });
  }
  const named = message.parameters.get('database') ?? '';
  const parameters = new Map(message.parameters);
  for (const name of ['user', 'database', 'replication', ...unrecognized]) parameters.delete(name);
  const startup = { minor, user, database: named === '' ? user : named, parameters } as const;
  if (message.minor === minor && unrecognized.length === 0) return { kind: 'read', startup };
  return { kind: 'read', startup, negotiate: { minor, unrecognized } };
}

function refused(fatal: Fatal): ReadStartup {
  return { kind: 'refused', fatal };
}

/** The spellings of false that parse_bool takes; anything else asks for replication or is an error. */
function isFalse(value: string): boolean {
  const word = value.toLowerCase();
  if (word === '0' || word === 'of' || word === 'off') return true;
  return word !== '' && ('false'.startsWith(word) || 'no'.startsWith(word));
}
