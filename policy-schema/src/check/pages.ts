import type { Severity } from '../syntax/diagnostic.ts';
import { diagnosticCodes } from '../syntax/codes.ts';
import { type AnyCheck, families, type Family } from './check.ts';

/** What a page's head says of its code. */
export interface CodeFacts {
  readonly code: string;
  readonly family: Family;
  readonly title: string;
  readonly severity: Severity;
  readonly fixes: AnyCheck['fixes'];
}

/** Every code that a finding may carry, those of the language first, in the order of families and codes. */
export function allCodes(checks: readonly AnyCheck[]): readonly CodeFacts[] {
  const language = Object.entries(diagnosticCodes)
    .filter(([code]) => !checks.some((check) => check.code === code))
    .map(([code, title]): CodeFacts => {
      const severity = languageWarnings.has(code) ? 'warning' : 'error';
      return { code, family: 'language', title, severity, fixes: undefined };
    });
  const order = Object.keys(families);
  return [
    ...language,
    ...checks.map(({ code, family, title, severity, fixes }) => ({ code, family, title, severity, fixes })),
  ].sort((a, b) => order.indexOf(a.family) - order.indexOf(b.family) || (a.code < b.code ? -1 : 1));
}

/** Of the language's own codes, those after which a set is still in force. */
const languageWarnings: ReadonlySet<string> = new Set(['insecure-tls']);

const ranks: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'information',
};

function sections(parts: readonly string[]): string {
  return `${parts.join('\n\n').trimEnd()}\n`;
}

/** A code's page in docs/checks, from what the check says of itself and the words in its folder. */
export function codePage({ code, family, title, severity, fixes = {} }: CodeFacts, words: string): string {
  const offered = Object.entries(fixes).map(([fix, safety]) => `- ${fix} (${safety})`);
  return sections([
    `# ${code}`,
    title,
    `Family [${family}](README.md#${family}), severity ${ranks[severity]}.`,
    words.trim(),
    ...(offered.length > 0 ? ['## Fixes', offered.join('\n')] : []),
    '## Leaving it',
    family === 'language' && severity === 'error'
      ? 'What Gatehouse cannot read it does not enforce, so this cannot be ignored.'
      : `Where it is meant, say so above the line, with the reason and, if it is for a while, a last day:\n\n\`\`\`yaml\n# gatehouse-ignore ${code}: reason (until 2027-01-31)\n\`\`\``,
    '',
  ]);
}

/** docs/checks/README.md: every code in a table by family. */
export function codeIndex(codes: readonly CodeFacts[]): string {
  const tables = Object.entries(families).flatMap(([family, what]) => {
    const own = codes.filter((each) => each.family === family);
    if (own.length === 0) return [];
    const rows = own.map(
      ({ code, severity, title, fixes = {} }) =>
        `| [${code}](${code}.md) | ${severity} | ${Object.keys(fixes).length > 0 ? 'yes' : ''} | ${title} |`,
    );
    return [
      `## ${family}`,
      what,
      ['| code | severity | fix | what it stands for |', '| --- | --- | --- | --- |', ...rows].join('\n'),
    ];
  });
  return sections([
    '# What Gatehouse finds in policy files',
    'Written from the checks themselves. `gatehouse check` prints these findings, and editors show them as you type. Errors of the family `language` keep a set from coming into force; all others are advice.',
    ...tables,
    '',
  ]);
}
