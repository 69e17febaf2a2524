import type { Diagnostic } from '../../syntax/diagnostic.ts';
import { diagnosticCodes } from '../../syntax/codes.ts';
import type { ParsedYaml } from '../../syntax/parse-yaml.ts';
import { suggest } from '../../syntax/suggest.ts';
import type { AnyCheck, FindingMore } from '../check.ts';
import { type IgnoreComment, ignoreComments } from './comments.ts';

/** The codes that are said here, because only who applies the comments knows what they are for. */
export const ignoreCodes = {
  reason: 'ignore-without-reason',
  expired: 'ignore-expired',
  unused: 'ignore-unused',
  unknown: 'ignore-unknown-code',
} as const;

/**
 * The findings of a file without those that comments ask to leave, and what there is to say of the comments.
 * @param now Its day decides which comments hold no more
 * @param checks All that ran; what says nothing because it did not run makes no comment unused
 */
export function applyIgnores(
  { source, root }: ParsedYaml,
  findings: readonly Diagnostic[],
  checks: readonly AnyCheck[],
  now: Date,
): readonly Diagnostic[] {
  const comments = ignoreComments(source, root);
  if (comments.length === 0 || checks.length === 0) return findings;
  const said: Diagnostic[] = [];
  const say = (
    code: string,
    range: IgnoreComment['range'],
    message: string,
    more: FindingMore = {},
  ): void => {
    const severity = checks.find((check) => check.code === code)?.severity ?? 'warning';
    said.push({ ...source.diagnostic(range, code, message, severity), ...more });
  };
  const known = new Set([...checks.map(({ code }) => code), ...Object.keys(diagnosticCodes)]);
  let left = findings;
  for (const comment of comments) {
    if (comment.codes.length === 0) {
      say(
        ignoreCodes.unknown,
        comment.range,
        'Say which code is meant, and why: `# gatehouse-ignore CODE: reason`.',
      );
      continue;
    }
    if (comment.reason === undefined)
      say(
        ignoreCodes.reason,
        comment.range,
        'Say why, for those who read this later: `# gatehouse-ignore CODE: reason`.',
      );
    if (isOver(comment, now, say)) continue;
    for (const { code, range } of comment.codes) {
      if (!known.has(code)) {
        const meant = suggest(code, [...known]);
        const hint =
          meant === undefined ? 'docs/checks/README.md lists them all.' : `Did you mean \`${meant}\`?`;
        const fixes =
          meant === undefined
            ? []
            : [
                {
                  title: `Write \`${meant}\``,
                  safety: 'unsafe' as const,
                  edits: [{ file: source.file, ...range, text: meant }],
                },
              ];
        say(ignoreCodes.unknown, range, `No check has the code \`${code.slice(0, 60)}\`. ${hint}`, { fixes });
        continue;
      }
      const rest = left.filter((finding) => !isMeant(finding, code, comment));
      // A part of a file that cannot be read keeps its checks from running.
      if (rest.length === left.length && !findings.some(({ severity }) => severity === 'error'))
        say(ignoreCodes.unused, range, unusedWords(code, findings), {
          fixes: [removal(source, comment)],
          unnecessary: true,
        });
      left = rest;
    }
  }
  return [...left, ...said];
}

type Say = (code: string, range: IgnoreComment['range'], message: string) => void;

/** Whether a comment holds no more; a last day that cannot be read is over. */
function isOver({ until }: IgnoreComment, now: Date, say: Say): boolean {
  if (until === undefined) return false;
  const end = /^\d{4}-\d{2}-\d{2}$/.test(until.day) ? Date.parse(`${until.day}T24:00:00Z`) : Number.NaN;
  if (Number.isNaN(end)) {
    say(ignoreCodes.expired, until.range, 'This is no day. Write it as `(until 2027-01-31)`.');
    return true;
  }
  if (now.getTime() < end) return false;
  say(
    ignoreCodes.expired,
    until.range,
    'This day is over, so the comment holds no more. Mend what it was for, or choose another day.',
  );
  return true;
}

function isMeant(finding: Diagnostic, code: string, { holdsFor }: IgnoreComment): boolean {
  return (
    finding.code === code &&
    !isLanguageError(finding) &&
    holdsFor !== undefined &&
    finding.range.start >= holdsFor.start &&
    finding.range.start <= holdsFor.end
  );
}

function isLanguageError({ code, severity }: Diagnostic): boolean {
  return severity === 'error' && Object.hasOwn(diagnosticCodes, code);
}

function unusedWords(code: string, findings: readonly Diagnostic[]): string {
  return findings.some((each) => each.code === code)
    ? `\`${code}\` is not found where this comment holds: above a whole rule or key, or behind a line.`
    : `\`${code}\` is not found here, so the comment can go.`;
}

function removal(
  source: ParsedYaml['source'],
  { codes, range }: IgnoreComment,
): NonNullable<Diagnostic['fixes']>[number] {
  const { text, file } = source;
  const lineStart =
    Math.max(text.lastIndexOf('\n', range.start - 1), text.lastIndexOf('\r', range.start - 1)) + 1;
  const before = text.slice(lineStart, range.start);
  const alone = before.trim() === '';
  const lineEnd = /\r\n|\r|\n|$/.exec(text.slice(range.end));
  const start = alone ? lineStart : lineStart + before.trimEnd().length;
  const end = alone ? range.end + (lineEnd?.index ?? 0) + (lineEnd?.[0].length ?? 0) : range.end;
  // With several codes a person decides which of them to keep.
  return {
    title: 'Remove the comment',
    safety: codes.length === 1 ? 'safe' : 'unsafe',
    edits: [{ file, start, end, text: '' }],
  };
}
