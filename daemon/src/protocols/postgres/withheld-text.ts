import type { TurnedText } from './masks/detokenize-text.ts';
import type { Withheld } from './run.ts';
import { encodeErrorResponse, encodeNoticeResponse, type ReportFields } from './wire/backend-messages.ts';

/**
 * Classes of SQLSTATE whose texts the server writes from names and states of the session, never from data ("PostgreSQL
 * Error Codes"). Of the others any may quote a value: `email::regclass` fails with 42P01, `current_setting(email)` with
 * 42704, `email::regnamespace` with 3F000.
 */
const plainClasses: ReadonlySet<string> = new Set([
  '08',
  '25',
  '26',
  '2D',
  '34',
  '3B',
  '40',
  '53',
  '54',
  '55',
  '57',
]);
/** Code can raise what it likes under any SQLSTATE but those that the server raises on its own account. */
const serversOwn: ReadonlySet<string> = new Set(['40', '53', '57']);
/** Permission denied, for an object that is there. */
const insufficientPrivilege = '42501';

const words = 'Gatehouse withheld the text of this message, because it may carry a masked value';

/** @param turned The text that failed is not the client's: values stand where its tokens stood. */
function isPlain(fields: ReportFields, withheld: Withheld, turned: boolean): boolean {
  const { C = '' } = fields;
  if (withheld === 'nothing') return true;
  // Code cannot give a place in the client's text: what fails inside of it has one in its own, or a context.
  if (withheld === 'all') return serversOwn.has(C.slice(0, 2)) || isAboutTheText(fields, true);
  return plainClasses.has(C.slice(0, 2)) || C === insufficientPrivilege || isAboutTheText(fields, turned);
}

/** With a place in the text and no context: found while the text itself was read, before there were any rows. */
function isAboutTheText({ C = '', P, W, p, q }: ReportFields, onlyNames: boolean): boolean {
  // Errors of syntax and names quote no constants; all others may.
  if (onlyNames && !C.startsWith('42')) return false;
  return P !== undefined && W === undefined && p === undefined && q === undefined;
}

/** An error without what may carry a masked value; undefined when it may go out as it is. */
export function withoutValues(
  fields: ReportFields,
  withheld: Withheld,
  turned = false,
): ReportFields | undefined {
  if (isPlain(fields, withheld, turned)) return undefined;
  const { S, V, C, P } = fields;
  return {
    ...(S === undefined ? {} : { S }),
    ...(V === undefined ? {} : { V }),
    C: C ?? 'XX000',
    M: words,
    ...(P === undefined ? {} : { P }),
  };
}

/**
 * An error as the client may see it: without values, and with its place in the client's own text. The very same object
 * when it may go out as it is.
 * @param text what was sent instead of the client's text
 */
export function toldFields(
  fields: ReportFields,
  withheld: Withheld,
  text: TurnedText | undefined,
): ReportFields {
  if (text === undefined) return withoutValues(fields, withheld) ?? fields;
  const told = withoutValues(fields, withheld === 'nothing' ? 'values' : withheld, true) ?? fields;
  const { P } = told;
  return P === undefined ? told : { ...told, P: String(text.clientPosition(Number(P))) };
}

/** An error that is not the server's own any more. */
export function toldError({ C = 'XX000', M = words, H, P }: ReportFields): Buffer {
  return encodeErrorResponse({
    severity: 'ERROR',
    code: C,
    message: M,
    ...(H === undefined ? {} : { hint: H }),
    ...(P === undefined ? {} : { position: Number(P) }),
  });
}

/** A notice of code that nobody read; the server's own notices speak of names. */
export function withheldNotice(fields: ReportFields, withheld: Withheld): Buffer | undefined {
  const raised = /^(00000|01000|P0...)$/.test(fields.C ?? '');
  if (withheld === 'nothing' || !raised) return undefined;
  return encodeNoticeResponse({ severity: 'NOTICE', code: fields.C ?? '00000', message: words });
}
