import type { ValueMasker } from './value-masker.ts';

/**
 * What a plan says of the lengths of values: average widths, from statistics, and the room that rows took. In the text
 * form, and in JSON, YAML and XML (explain.c, ExplainPropertyInteger).
 */
const inText = /( width=|(?:Memory|Memory Usage|Disk|Disk Usage|Storage): )\d+/g;
const names =
  'Plan Width|Sort Space Used|Peak Memory Usage|Disk Usage|Maximum Storage|Average Sort Space Used|Peak Sort Space Used';
const inJson = new RegExp(`("?(?:${names})"?: )\\d+`, 'g');
const inXml = new RegExp(`(<(?:${names.replaceAll(' ', '-')})>)\\d+`, 'g');

/** A line, or the whole, of a plan with each of these figures as 0. */
export const withoutLengths: ValueMasker = (buffer, start, end) => {
  const text = buffer.toString('utf8', start, end);
  const zero = (_: string, name: string) => `${name}0`;
  return Buffer.from(text.replace(inText, zero).replace(inJson, zero).replace(inXml, zero));
};
