import type { ValueMasker } from './value-masker.ts';

/**
 * What a plan says of the lengths of values: average widths, from statistics, and of what ran (EXPLAIN ANALYZE) the room that rows
 * took, in memory, in files, in the log, and on the way to the client. A row counts as often as a query multiplies it, so that
 * even kilobytes tell a single character: `SELECT translate(substr(ssn, 6, 1), '6', '') FROM customers, generate_series(1, 100000)`.
 * In the text form, and in JSON, YAML and XML (explain.c).
 */
const inText =
  /( width=| output=|(?:Memory|Memory Usage|Disk|Storage|Hits|Misses|Evictions|Overflows|Buckets|Batches): )\d+/g;
const names = [
  'Plan Width',
  'Sort Space Used',
  'Average Sort Space Used',
  'Peak Sort Space Used',
  'Peak Memory Usage',
  'Disk Usage',
  'Maximum Storage',
  'Output Volume',
  'WAL Records',
  'WAL FPI',
  'WAL Bytes',
  'WAL Buffers Full',
  'Temp Read Blocks',
  'Temp Written Blocks',
  'Temp I/O Read Time',
  'Temp I/O Write Time',
  'Hash Buckets',
  'Original Hash Buckets',
  'Hash Batches',
  'Original Hash Batches',
  'HashAgg Batches',
  'Cache Hits',
  'Cache Misses',
  'Cache Evictions',
  'Cache Overflows',
];
const inJson = new RegExp(`("?(?:${names.join('|')})"?: )[\\d.]+`, 'g');
const inXml = new RegExp(`(<(?:${names.map((name) => name.replace(/[ /]/g, '-')).join('|')})>)[\\d.]+`, 'g');

/** Parts that are there, or say so, only where rows took more room than there was: they tell without a figure. */
const spilled: readonly (readonly [RegExp, string])[] = [
  [/external (?:merge|sort)|quicksort|top-N heapsort/g, 'sort'],
  [/(Sort Method: sort {2})Disk/g, '$1Memory'],
  [/(Storage"?: "?|Sort Space Type"?: "?|<Storage>|<Sort-Space-Type>)Disk/g, '$1Memory'],
  [/ {2}Disk Usage: \d+kB/g, ''],
  [/ \(originally \d+\)/g, ''],
  [/,? temp(?: (?:read|write|written)=[\d.]+)+/g, ''],
  [/^(\s*WAL:).*$/gm, '$1 0'],
];

/** A line, or the whole, of a plan with each of these figures as 0. */
export const withoutLengths: ValueMasker = (buffer, start, end) => {
  const zero = (_: string, name: string) => `${name}0`;
  let text = buffer.toString('utf8', start, end);
  for (const [found, instead] of spilled) text = text.replace(found, instead);
  return Buffer.from(text.replace(inText, zero).replace(inJson, zero).replace(inXml, zero));
};
