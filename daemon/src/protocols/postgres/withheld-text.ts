import type { Withheld } from './run.ts';
import { encodeErrorResponse, encodeNoticeResponse, type ReportFields } from './wire/backend-messages.ts';

/**
 * Classes of SQLSTATE whose texts the server writes from names and states, never from data ("PostgreSQL Error Codes").
 * Of the others (22 data exceptions, 23 constraints, 44 views, P0 what code raised) any may quote a value.
 */
const plainClasses: ReadonlySet<string> = new Set([
  '08',
  '0A',
  '25',
  '26',
  '28',
  '2D',
  '34',
  '3B',
  '3D',
  '3F',
  '40',
  '42',
  '53',
  '54',
  '55',
  '57',
  '58',
]);
/** Code can raise what it likes under any SQLSTATE but those that the server raises on its own account. */
const serversOwn: ReadonlySet<string> = new Set(['40', '53', '57', '58']);

const words = 'Gatehouse withheld the text of this message, because it may carry a masked value';

function isPlain(code: string, withheld: Withheld): boolean {
  if (withheld === 'nothing') return true;
  return (withheld === 'all' ? serversOwn : plainClasses).has(code.slice(0, 2));
}

/** An error without what may carry a masked value; undefined when it may go out as it is. */
export function withoutValues(fields: ReportFields, withheld: Withheld): ReportFields | undefined {
  if (isPlain(fields.C ?? '', withheld)) return undefined;
  const { S, V, C, P } = fields;
  return {
    ...(S === undefined ? {} : { S }),
    ...(V === undefined ? {} : { V }),
    C: C ?? 'XX000',
    M: words,
    ...(P === undefined ? {} : { P }),
  };
}

export function withheldError(fields: ReportFields): Buffer {
  const position = fields.P === undefined ? {} : { position: Number(fields.P) };
  return encodeErrorResponse({ severity: 'ERROR', code: fields.C ?? 'XX000', message: words, ...position });
}

/** A notice of code that nobody read; the server's own notices speak of names. */
export function withheldNotice(fields: ReportFields, withheld: Withheld): Buffer | undefined {
  const raised = /^(00000|01000|P0...)$/.test(fields.C ?? '');
  if (withheld === 'nothing' || !raised) return undefined;
  return encodeNoticeResponse({ severity: 'NOTICE', code: fields.C ?? '00000', message: words });
}
