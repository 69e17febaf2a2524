import type { TextEdit, TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { applyEdits, isFlow, replace } from '@gatehouse/policy-schema/syntax/edits.ts';
import { parseYaml } from '@gatehouse/policy-schema/syntax/parse-yaml.ts';
import type { SourceFile } from '@gatehouse/policy-schema/syntax/source.ts';
import { type MappingNode, plainValue, type SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import * as yaml from 'prettier/plugins/yaml';
import { format } from 'prettier/standalone';
import { isDeepStrictEqual } from 'node:util';
import type { Desk } from '../desk.ts';
import { lineEdits } from './line-edits.ts';

const width = 110;

/**
 * The edits that lay a file out in the house's style: two spaces, one space inside braces, long flow mappings as lines.
 * Comments stay. None for a text that is no YAML, or where the result would mean anything else.
 * @param range Only edits that touch it
 */
export async function formatting(desk: Desk, name: string, range?: TextRange): Promise<readonly TextEdit[]> {
  const file = desk.files.get(name);
  if (file === undefined) return [];
  const after = await formatted(file.text);
  if (after === undefined) return [];
  const edits = lineEdits(name, file.text, after);
  return range === undefined
    ? edits
    : edits.filter(({ start, end }) => start <= range.end && end >= range.start);
}

/** The text in the house's style; undefined where it cannot be laid out. */
export async function formatted(text: string): Promise<string | undefined> {
  const before = parseYaml('', text);
  if (before.root === undefined) return undefined;
  try {
    const endOfLine = text.includes('\r\n') ? 'crlf' : 'lf';
    const lay = (source: string): Promise<string> =>
      format(source, { parser: 'yaml', plugins: [yaml], printWidth: width, endOfLine });
    let after = await lay(text);
    const opened = openLong(after);
    if (opened !== after) after = await lay(opened);
    const { root } = parseYaml('', after);
    const same = root !== undefined && isDeepStrictEqual(plainValue(root), plainValue(before.root));
    return same && sameComments(text, after) ? after : undefined;
  } catch {
    // What the layout's reader does not understand stays as it is.
    return undefined;
  }
}

/** Flow mappings that are too long for a line, as lines of their own. */
function openLong(text: string): string {
  const { root, source } = parseYaml('', text);
  if (root === undefined) return text;
  const edits: TextEdit[] = [];
  const visit = (node: SyntaxNode): void => {
    if (node.kind === 'sequence') for (const item of node.items) visit(item);
    if (node.kind !== 'mapping') return;
    for (const { keyRange, value } of node.entries) {
      const own = text.slice(value.range.start, value.range.end);
      const long =
        value.kind === 'mapping' && isFlow(source, value) && own.includes('\n') && !own.includes('#');
      if (long) edits.push(openMapping(source, keyRange, value));
      else visit(value);
    }
  };
  visit(root);
  return applyEdits(text, edits);
}

function openMapping(source: SourceFile, keyRange: TextRange, mapping: MappingNode): TextEdit {
  const indent = ' '.repeat(source.position(keyRange.start).column + 1);
  const lines = mapping.entries.map(({ keyRange: key, value }) =>
    source.text
      .slice(key.start, Math.max(key.end, value.range.end))
      .replace(/\s*\n\s*/g, ' ')
      .replace(/,(?= \]$)/, ''),
  );
  const start = source.text.indexOf(':', keyRange.end) + 1;
  return replace(
    source,
    { start, end: mapping.range.end },
    lines.map((line) => `\n${indent}${line}`).join(''),
  );
}

const commentsOf = (text: string): readonly string[] =>
  (text.match(/(?:^|\s)#.*$/gm) ?? []).map((comment) => comment.trim()).sort();

/** Also counts what only looks like a comment, which must stay as well. */
function sameComments(before: string, after: string): boolean {
  return isDeepStrictEqual(commentsOf(before), commentsOf(after));
}
