import { TargetFault } from '../../../core/faults.ts';
import type { ReportFields } from '../wire/backend-messages.ts';
import { Sqlstate } from '../wire/codes.ts';
import { placeOf } from './attempt.ts';
import type { DialOptions } from './target-options.ts';

const longestText = 300;

/** The fault for an ErrorResponse that ends a login. The server's text is quoted short and on one line. */
export function serverFault(fields: ReportFields, options: DialOptions): TargetFault {
  const code = fields.C ?? '';
  const text = (fields.M ?? 'no message').replaceAll(/\p{Cc}+/gu, ' ').slice(0, longestText);
  const said = `${text} (${/^[0-9A-Z]{5}$/.test(code) ? code : 'no SQLSTATE'})`;
  const place = placeOf(options);
  if (code.startsWith('28') && /channel binding/i.test(text)) {
    const message = `The login at ${place} is not safe: ${said}. Somebody may be in between: the TLS connection does not end at the server that knows the password.`;
    return new TargetFault('authentication-failed', message);
  }
  if (code.startsWith('28')) {
    const message = `The database at ${place} refused the login of "${options.user}": ${said}. Check the resource's user, its password source and the server's pg_hba.conf.`;
    return new TargetFault('authentication-failed', message);
  }
  return new TargetFault(
    'refused',
    `The database at ${place} refused the connection: ${said}.${advice(code)}`,
  );
}

function advice(code: string): string {
  switch (code) {
    case Sqlstate.invalid_catalog_name:
      return " Check the resource's database.";
    case Sqlstate.too_many_connections:
      return ' Close other sessions, or raise its max_connections.';
    case Sqlstate.cannot_connect_now:
      return ' It is starting or stopping; try again in a moment.';
    default:
      return '';
  }
}
