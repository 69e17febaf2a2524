import type { BackendMessage } from '../clients/raw-postgres.ts';
import { dataRow, errorFields } from '../clients/raw-postgres.ts';

/** Fields of errors that name a place in the server's own source. */
const sourceFields = new Set(['F', 'L', 'R']);

/**
 * A message in words, so that two connections compare as text and a difference reads well. Everything counts but the
 * server's source places and the process ids in notifications.
 */
export function describeMessage({ type, body }: BackendMessage): string {
  switch (type) {
    case 'E':
    case 'N': {
      const fields = Object.entries(errorFields(body)).filter(([name]) => !sourceFields.has(name));
      return `${type} ${fields.map(([name, value]) => `${name}=${value}`).join(' | ')}`;
    }
    case 'A':
      return `A ${body.toString('utf8', 4)}`;
    case 'K':
      return 'K';
    case 'D':
      return body.length > 2000 ? `D ${body.length} bytes ${checksum(body)}` : `D ${show(body)}`;
    case 'd':
      return body.length > 2000 ? `d ${body.length} bytes ${checksum(body)}` : `d ${show(body)}`;
    default:
      return `${type} ${show(body)}`;
  }
}

/** What a person wants to see first of a row that differs. */
export function cells(message: BackendMessage): readonly (string | null)[] {
  return message.type === 'D' ? dataRow(message.body) : [];
}

function show(body: Buffer): string {
  const text = body.toString('latin1');
  return JSON.stringify(text).replaceAll('\\u0000', '·');
}

function checksum(body: Buffer): string {
  let sum = 0;
  for (const byte of body) sum = (sum * 31 + byte) >>> 0;
  return sum.toString(16);
}

/**
 * Both answers in words. ParameterStatus and NotificationResponse come when the server sees fit, but within one answer
 * at a fixed place; they are compared where they stand.
 */
export function describeAnswer(messages: readonly BackendMessage[]): readonly string[] {
  return messages.map(describeMessage);
}
