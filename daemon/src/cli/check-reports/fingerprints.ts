import { createHash } from 'node:crypto';
import { isExtendedFile } from '@gatehouse/policy-schema/model/extends.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import type { Diagnostic } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { CheckReport } from './check-report.ts';

/**
 * What each finding is known by from run to run: its code, its file and the words of its lines, not where they stand.
 * Equal ones are counted in their order.
 */
export function fingerprintsOf({ diagnostics, texts }: CheckReport): ReadonlyMap<Diagnostic, string> {
  const seen = new Map<string, number>();
  return new Map(
    diagnostics.map((finding) => {
      const { file, code, range, line, endLine } = finding;
      const text = texts.get(file) ?? '';
      const words = text
        .split(/\r\n|\r|\n/)
        .slice(line - 1, endLine)
        .join(' ')
        .replace(/\s+/g, ' ')
        .trim();
      const key = JSON.stringify([code, file, words, text.slice(range.start, range.end)]);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return [finding, createHash('sha256').update(`${key}:${count}`).digest('hex')];
    }),
  );
}

/** `file: why` in its parts. */
export function problemParts(problem: string): { readonly file: string; readonly message: string } {
  const [file = '', ...message] = problem.split(': ');
  return { file, message: message.join(': ') };
}

/** A name as platforms want it: from the root of the repository. */
export function fromRoot(place: string, file: string): string {
  return place === '' ? file : `${place}/${file}`;
}

/**
 * The findings at places of this repository, which are all that platforms can show: those in the files of another repository
 * stand at the head of gatehouse.yaml, which extends it.
 */
export function findingsHere({ diagnostics }: CheckReport): readonly Diagnostic[] {
  return diagnostics.map((finding) => {
    const { related, fixes: _, ...own } = finding;
    const here = related?.filter(({ file }) => !isExtendedFile(file)) ?? [];
    if (!isExtendedFile(finding.file)) return related === undefined ? finding : { ...finding, related: here };
    return {
      ...own,
      related: here,
      file: workspaceFile,
      range: { start: 0, end: 0 },
      line: 1,
      column: 1,
      endLine: 1,
      endColumn: 1,
      message: `${finding.file}:${finding.line}:${finding.column}: ${finding.message}`,
    };
  });
}
