import { decodeDataRow } from './backend-messages.ts';

/** A row of the gate's own query, which came in text format. */
export function decodeProbeRow(frame: Buffer): readonly (string | null)[] {
  return decodeDataRow(frame).map((value) => (value === null ? null : value.toString('utf8')));
}
