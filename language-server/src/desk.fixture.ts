/** How features are tested: texts with «marks», and a `▮` where the cursor stands. */
import { deskFrom } from './desk-from.ts';
import type { Desk, LiveNames } from './desk.ts';

export interface Placed {
  readonly desk: Desk;
  /** Where the cursor stands. */
  readonly file: string;
  readonly offset: number;
  /** What is marked, in the order of files and places. */
  readonly marks: readonly { readonly file: string; readonly start: number; readonly end: number }[];
}

const day = new Date('2026-06-01T12:00:00Z');
const testFile = 'policies/test.policy.yaml';

/** A desk of these files; one text alone is a policy. Marks and the cursor are taken out of the texts. */
export function deskOf(files: string | Readonly<Record<string, string>>, live?: LiveNames): Placed {
  const marks: { file: string; start: number; end: number }[] = [];
  let cursor = { file: testFile, offset: 0 };
  const texts = new Map<string, string>();
  for (const [file, source] of Object.entries(typeof files === 'string' ? { [testFile]: files } : files)) {
    let text = '';
    let start = 0;
    for (const unit of source) {
      if (unit === '«') start = text.length;
      else if (unit === '»') marks.push({ file, start, end: text.length });
      else if (unit === '▮') cursor = { file, offset: text.length };
      else text += unit;
    }
    texts.set(file, text);
  }
  return {
    desk: deskFrom(texts, 'gatehouse.yaml', live, day),
    file: cursor.file,
    offset: cursor.offset,
    marks,
  };
}
