/** Edits of a YAML text that keep everything else as it stands, comments included. */
import type { TextEdit, TextRange } from './diagnostic.ts';
import type { SourceFile } from './source.ts';
import type { MappingEntry, MappingNode, SequenceNode } from './tree.ts';

export function replace({ file }: SourceFile, { start, end }: TextRange, text: string): TextEdit {
  return { file, start, end, text };
}

/** `{…}` or `[…]`, not lines. */
export function isFlow({ text }: SourceFile, node: MappingNode | SequenceNode): boolean {
  const first = text[node.range.start];
  return first === '{' || first === '[';
}

/** Take an entry out of its mapping. */
export function removeEntry(source: SourceFile, mapping: MappingNode, entry: MappingEntry): TextEdit {
  const at = mapping.entries.indexOf(entry);
  const range = { start: entry.keyRange.start, end: Math.max(entry.keyRange.end, entry.value.range.end) };
  const before = mapping.entries[at - 1];
  const after = mapping.entries[at + 1];
  return remove(source, mapping, range, {
    ...(before && { before: { start: before.keyRange.start, end: before.value.range.end } }),
    ...(after && { after: after.keyRange }),
  });
}

/** Take an item out of its sequence. */
export function removeItem(source: SourceFile, sequence: SequenceNode, index: number): TextEdit {
  const range = sequence.items[index]?.range ?? sequence.range;
  const before = sequence.items[index - 1]?.range;
  const after = sequence.items[index + 1]?.range;
  if (isFlow(source, sequence))
    return remove(source, sequence, range, { ...(before && { before }), ...(after && { after }) });
  const dash = source.text.lastIndexOf('-', range.start);
  return remove(source, sequence, { start: dash, end: range.end }, {});
}

function remove(
  source: SourceFile,
  node: MappingNode | SequenceNode,
  range: TextRange,
  { before, after }: { readonly before?: TextRange; readonly after?: TextRange },
): TextEdit {
  const { text } = source;
  if (isFlow(source, node)) {
    if (after) return replace(source, { start: range.start, end: after.start }, '');
    if (before) return replace(source, { start: before.end, end: range.end }, '');
    return replace(source, range, '');
  }
  const lineStart = startOfLine(text, range.start);
  // The first key of an item shares its line with the dash, which stays for the next key.
  if (text.slice(lineStart, range.start).trim() !== '' && after)
    return replace(source, { start: range.start, end: after.start }, '');
  return replace(source, { start: lineStart, end: endOfLine(text, range.end) }, '');
}

/** Add a key at the end of a mapping. `value` is YAML on one line. */
export function addEntry(source: SourceFile, mapping: MappingNode, key: string, value: string): TextEdit {
  const { text } = source;
  const last = mapping.entries.at(-1);
  if (last === undefined) {
    const at = isFlow(source, mapping) ? mapping.range.start + 1 : mapping.range.start;
    return replace(source, { start: at, end: at }, `${key}: ${value}`);
  }
  const lastEnd = Math.max(last.keyRange.end, last.value.range.end);
  if (isFlow(source, mapping)) return replace(source, { start: lastEnd, end: lastEnd }, `, ${key}: ${value}`);
  const at = endOfLine(text, lastEnd);
  const indent = ' '.repeat(source.position(last.keyRange.start).column - 1);
  const newline = text.includes('\r\n') ? '\r\n' : '\n';
  const open = at > 0 && !/[\r\n]/.test(text[at - 1] ?? '');
  return replace(source, { start: at, end: at }, `${open ? newline : ''}${indent}${key}: ${value}${newline}`);
}

/** Add an item at the end of a sequence. `value` is YAML on one line. */
export function addItem(source: SourceFile, sequence: SequenceNode, value: string): TextEdit {
  const last = sequence.items.at(-1);
  if (isFlow(source, sequence) || last === undefined) {
    const at = last?.range.end ?? sequence.range.start + 1;
    return replace(source, { start: at, end: at }, `${last === undefined ? '' : ', '}${value}`);
  }
  const dash = source.text.lastIndexOf('-', last.range.start);
  const indent = source.text.slice(startOfLine(source.text, dash), dash);
  const at = endOfLine(source.text, last.range.end);
  const open = !/[\r\n]/.test(source.text[at - 1] ?? '');
  return replace(source, { start: at, end: at }, `${open ? '\n' : ''}${indent}- ${value}\n`);
}

/** A text with edits made. Edits never overlap; where two insert at one place, the first stands first. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const sorted = edits
    .map((edit, order) => ({ edit, order }))
    .sort((a, b) => a.edit.start - b.edit.start || a.edit.end - b.edit.end || a.order - b.order);
  let made = '';
  let from = 0;
  for (const { edit } of sorted) {
    made += text.slice(from, edit.start) + edit.text;
    from = edit.end;
  }
  return made + text.slice(from);
}

/** A text as a YAML scalar: plain where that means the same, else in double quotes. */
export function yamlScalar(value: string, place: 'block' | 'flow' = 'flow'): string {
  const plain =
    place === 'flow' ? /^[A-Za-z_/.$][\w./$@*-]*$/.test(value) : /^[A-Za-z_/.$][\w ./$@*()-]*$/.test(value);
  const meansOther = /^(true|false|null|yes|no|on|off|~|\.(inf|nan))$/i.test(value);
  return plain && !meansOther && !value.endsWith(' ') ? value : JSON.stringify(value);
}

function startOfLine(text: string, at: number): number {
  let start = at;
  while (start > 0 && text[start - 1] !== '\n' && text[start - 1] !== '\r') start--;
  return start;
}

/** Past the line's break; `at` itself where it stands at the start of a line already. */
function endOfLine(text: string, at: number): number {
  let end = at;
  if (end > 0 && /[\r\n]/.test(text[end - 1] ?? '')) return end;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  if (text[end] === '\r' && text[end + 1] === '\n') return end + 2;
  return Math.min(text.length, end + 1);
}
