import { formatText } from '@gatehouse/policy-schema/layout/format-text.ts';
import type { TextEdit, TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { Desk } from '../desk.ts';
import { lineEdits } from './line-edits.ts';

/**
 * The edits that lay a file out as `gatehouse fmt` does. None for a text that is no YAML, or where the result would mean
 * anything else.
 * @param range Only edits that touch it
 */
export async function formatting(desk: Desk, name: string, range?: TextRange): Promise<readonly TextEdit[]> {
  const file = desk.files.get(name);
  if (file === undefined) return [];
  const formatted = await formatText(name, file.text);
  if (formatted.kind !== 'formatted') return [];
  const edits = lineEdits(name, file.text, formatted.text);
  return range === undefined
    ? edits
    : edits.filter(({ start, end }) => start <= range.end && end >= range.start);
}
