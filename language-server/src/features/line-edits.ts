import type { TextEdit } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { diffArrays } from 'diff';

/** The edits, in whole lines, that make `after` of `before`: what stays is not touched, so cursors and marks stay too. */
export function lineEdits(file: string, before: string, after: string): readonly TextEdit[] {
  const edits: TextEdit[] = [];
  let at = 0;
  let open: { start: number; end: number; text: string } | undefined;
  const close = (): void => {
    if (open) edits.push({ file, ...open });
    open = undefined;
  };
  for (const { value, added, removed } of diffArrays(linesOf(before), linesOf(after))) {
    const text = value.join('');
    if (!added && !removed) {
      close();
      at += text.length;
      continue;
    }
    open ??= { start: at, end: at, text: '' };
    if (added) open.text += text;
    else {
      at += text.length;
      open.end = at;
    }
  }
  close();
  return edits;
}

/** Lines with their breaks. */
function linesOf(text: string): string[] {
  return text.match(/[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+$/g) ?? [];
}
