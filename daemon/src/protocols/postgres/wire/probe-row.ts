import { decodeDataRow } from './backend-messages.ts';

/** A row of the gate's own query, which came in text format. */
export function decodeProbeRow(buffer: Buffer, start: number, end: number): readonly (string | null)[] {
  return decodeDataRow(buffer, start, end).map((value) => (value === null ? null : value.toString('utf8')));
}
