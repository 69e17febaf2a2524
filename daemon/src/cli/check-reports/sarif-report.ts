/** SARIF 2.1.0, section numbers of the OASIS standard. */
import type { Diagnostic, Severity, TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import { SourceFile } from '@gatehouse/policy-schema/syntax/source.ts';
import { version } from '../../core/version.ts';
import { codes, pageOf } from '../check-page.ts';
import { oneLine } from '../text.ts';
import type { CheckReport } from './check-report.ts';
import { fingerprintsOf, fromRoot, problemParts } from './fingerprints.ts';

const levels: Readonly<Record<Severity, string>> = {
  error: 'error',
  warning: 'warning',
  information: 'note',
};

/** One log with one run. Columns are UTF-16 code units, byte offsets those of the file. */
export async function sarifReport(report: CheckReport): Promise<readonly string[]> {
  const { diagnostics, problems, place, texts } = report;
  const sources = new Map([...texts].map(([file, text]) => [file, new SourceFile(file, text)]));
  const used = [...new Set(diagnostics.map(({ code }) => code))].sort();
  const rules = await Promise.all([
    ...used.map(ruleOf),
    ...(problems.length > 0 ? [Promise.resolve(unreadableRule)] : []),
  ]);
  const indexes = new Map(rules.map(({ id }, index) => [id, index]));
  const prints = fingerprintsOf(report);
  const located = (file: string, range?: TextRange) =>
    physicalLocation(place, file, range && sources.get(file), range);
  const results = [
    ...diagnostics.map((finding) => ({
      ruleId: finding.code,
      ruleIndex: indexes.get(finding.code),
      level: levels[finding.severity],
      message: { text: messageText(finding.message) },
      locations: [{ physicalLocation: located(finding.file, finding.range) }],
      ...relatedOf(finding, located),
      partialFingerprints: { 'gatehouseFinding/v1': prints.get(finding) },
      ...fixesOf(finding, place, sources),
    })),
    ...problems.map((problem) => {
      const { file, message } = problemParts(problem);
      return {
        ruleId: unreadableRule.id,
        ruleIndex: indexes.get(unreadableRule.id),
        level: 'error',
        message: { text: messageText(message) },
        locations: [{ physicalLocation: located(file) }],
      };
    }),
  ];
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Gatehouse', version, semanticVersion: version, rules } },
        // Several workspaces of one repository are told apart by it.
        automationDetails: { id: `gatehouse/${place === '' ? '' : `${place}/`}` },
        columnKind: 'utf16CodeUnits',
        // Whoever reads the log knows where the repository is; the path on the machine that wrote it helps no one.
        originalUriBaseIds: { [base]: { description: { text: 'The root of the repository.' } } },
        invocations: [{ executionSuccessful: problems.length === 0 }],
        results,
      },
    ],
  };
  return [JSON.stringify(log, undefined, 2)];
}

const base = '%SRCROOT%';

/** A relative reference (3.4.4): each part of the path percent-encoded, and none that could be taken for a scheme. */
function artifactOf(place: string, file: string): object {
  const uri = fromRoot(place, file).split('/').map(encodeURIComponent).join('/');
  return { uri, uriBaseId: base };
}

function physicalLocation(place: string, file: string, source?: SourceFile, range?: TextRange): object {
  return {
    artifactLocation: artifactOf(place, file),
    ...(source !== undefined && range !== undefined && { region: regionOf(source, range) }),
  };
}

/** A region (3.30) in lines and columns and in bytes. A byte order mark has bytes, and no column (3.30.5). */
export function regionOf(source: SourceFile, { start, end }: TextRange): object {
  const { text } = source;
  const mark = text.startsWith('\ufeff') ? 1 : 0;
  const column = (at: { line: number; column: number }) =>
    at.line === 1 ? Math.max(1, at.column - mark) : at.column;
  const [from, to] = [source.position(start), source.position(end)];
  return {
    startLine: from.line,
    startColumn: column(from),
    endLine: to.line,
    endColumn: column(to),
    byteOffset: Buffer.byteLength(text.slice(0, start)),
    byteLength: Buffer.byteLength(text.slice(start, end)),
  };
}

/** A message (3.11): brackets would begin a link, and numbers in braces stand for arguments. */
function messageText(text: string): string {
  return oneLine(text)
    .replace(/[\\[\]]/g, '\\$&')
    .replace(/\{(\d+)\}/g, '{{$1}}');
}

function relatedOf({ related }: Diagnostic, located: (file: string, range: TextRange) => object): object {
  if (related === undefined || related.length === 0) return {};
  return {
    relatedLocations: related.map(({ file, start, end, message }, index) => ({
      id: index + 1,
      physicalLocation: located(file, { start, end }),
      message: { text: messageText(message) },
    })),
  };
}

function fixesOf({ fixes }: Diagnostic, place: string, sources: ReadonlyMap<string, SourceFile>): object {
  const told = (fixes ?? []).filter(({ edits }) => edits.every(({ file }) => sources.has(file)));
  if (told.length === 0) return {};
  return {
    fixes: told.map(({ title, edits }) => ({
      description: { text: messageText(title) },
      artifactChanges: [...Map.groupBy(edits, ({ file }) => file)].map(([file, own]) => ({
        artifactLocation: artifactOf(place, file),
        replacements: own.map((edit) => ({
          deletedRegion: regionOf(sources.get(file) ?? new SourceFile(file, ''), edit),
          insertedContent: { text: edit.text },
        })),
      })),
    })),
  };
}

const unreadableRule = {
  id: 'unreadable',
  shortDescription: { text: 'A file that could not be read.' },
  help: {
    text: 'What Gatehouse cannot read it does not enforce. Mend the file: UTF-8 text of at most 1 MiB, which this user may read.',
  },
  defaultConfiguration: { level: 'error' },
};

async function ruleOf(code: string) {
  const facts = codes().find((each) => each.code === code);
  if (facts === undefined) return { id: code };
  // Its head is the code, and links lead to pages that are not there.
  const page = (await pageOf(code))
    .replace(/^#.*\n+/, '')
    .replace(/\[([^\]]*)\]\((?!https?:)[^)]*\)/g, '$1')
    .trim();
  return {
    id: code,
    shortDescription: { text: facts.title },
    help: { text: page, markdown: page },
    defaultConfiguration: { level: levels[facts.severity] },
    properties: {
      tags: [
        facts.family,
        ...(facts.family === 'risk' || facts.family === 'confusables' ? ['security'] : []),
      ],
      'problem.severity': facts.severity === 'information' ? 'recommendation' : facts.severity,
    },
  };
}
