import * as yaml from 'prettier/plugins/yaml';
import { format } from 'prettier/standalone';
import { isDeepStrictEqual } from 'node:util';
import type { Diagnostic, TextEdit, TextRange } from '../syntax/diagnostic.ts';
import { applyEdits, isFlow, replace } from '../syntax/edits.ts';
import { parseYaml } from '../syntax/parse-yaml.ts';
import type { SourceFile } from '../syntax/source.ts';
import { type MappingNode, plainValue, type SyntaxNode } from '../syntax/tree.ts';

const width = 110;

export type Formatted =
  | { readonly kind: 'formatted'; readonly text: string }
  /** The file cannot be read. */
  | { readonly kind: 'broken'; readonly diagnostics: readonly Diagnostic[] }
  /** The file can be read, and laid out it would not hold the same; it stays as it is. */
  | { readonly kind: 'unsure' };

/**
 * The text in the house's style: two spaces, one space inside braces, long flow mappings as lines. Comments stay, and the
 * meaning. Laying out a second time changes nothing. Never rejects.
 */
export async function formatText(file: string, text: string): Promise<Formatted> {
  const before = parseYaml(file, text);
  if (before.root === undefined) return { kind: 'broken', diagnostics: before.diagnostics };
  try {
    const after = await layOut(text);
    const { root } = parseYaml('', after);
    const same =
      root !== undefined &&
      isDeepStrictEqual(plainValue(root), plainValue(before.root)) &&
      sameComments(text, after);
    return same ? { kind: 'formatted', text: after } : { kind: 'unsure' };
  } catch {
    // What the layout's reader does not understand stays as it is.
    return { kind: 'unsure' };
  }
}

async function layOut(text: string): Promise<string> {
  const endOfLine = text.includes('\r\n') ? 'crlf' : 'lf';
  const lay = (source: string): Promise<string> =>
    format(source, { parser: 'yaml', plugins: [yaml], printWidth: width, endOfLine });
  const after = await lay(text);
  const opened = openLong(after);
  return opened === after ? after : lay(opened);
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
