import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { Ajv } from 'ajv';
import fc from 'fast-check';
import { SourceFile } from '@gatehouse/policy-schema/syntax/source.ts';
import { samplePolicy, sampleWorkspace } from '../../workspace/samples.ts';
import { type CheckReport, checkReporters } from './check-report.ts';
import { codeQualityReport } from './code-quality-report.ts';
import { githubReport } from './github-report.ts';
import { regionOf, sarifReport } from './sarif-report.ts';

const file = '.gatehouse/policies/größe 1.policy.yaml';

function reportOf(policy: string, more: Partial<CheckReport> = {}): CheckReport {
  const workspace = { file: '.gatehouse/gatehouse.yaml', text: sampleWorkspace };
  const policies = new Map([[file, policy]]);
  const { diagnostics } = checkWorkspace({ workspace, policies });
  return {
    diagnostics,
    problems: [],
    texts: new Map([...policies, [workspace.file, workspace.text]]),
    place: '',
    ...more,
  };
}

interface Region {
  readonly startLine: number;
  readonly startColumn: number;
  readonly endLine: number;
  readonly endColumn: number;
  readonly byteOffset: number;
  readonly byteLength: number;
}

interface Location {
  readonly physicalLocation: {
    readonly artifactLocation: { readonly uri: string; readonly uriBaseId: string };
    readonly region?: Region;
  };
}

interface Run {
  readonly tool: {
    readonly driver: {
      readonly rules: readonly {
        readonly id: string;
        readonly help: { readonly text: string; readonly markdown?: string };
      }[];
    };
  };
  readonly columnKind: string;
  readonly automationDetails: { readonly id: string };
  readonly results: readonly {
    readonly ruleId: string;
    readonly ruleIndex: number;
    readonly level: string;
    readonly message: { readonly text: string };
    readonly locations: readonly Location[];
    readonly relatedLocations?: readonly Location[];
    readonly partialFingerprints?: Readonly<Record<string, string>>;
  }[];
}

async function runOf(report: CheckReport): Promise<Run> {
  const log = JSON.parse((await sarifReport(report)).join('\n')) as { runs: Run[] };
  assert.ok(official(log), JSON.stringify(official.errors, undefined, 1));
  const [run] = log.runs;
  assert.ok(run);
  return run;
}

/**
 * The schema of SARIF 2.1.0 as its committee published it, in the words of a draft that the validator knows: of draft 04 it
 * uses nothing that means something else today but `id`.
 */
const official = (() => {
  const place = new URL(
    '../../../../test-fixtures/corpora/sarif/sarif-2.1.0-rtm.5.schema.json',
    import.meta.url,
  );
  const { $schema: _, id, ...schema } = JSON.parse(readFileSync(place, 'utf8')) as Record<string, unknown>;
  const uri = (value: string) => URL.canParse(value);
  const reference = (value: string) => /^[\w\-.~:/?#[\]@!$&'()*+,;=%]*$/.test(value);
  return new Ajv({
    strict: false,
    // One of its patterns is none with the flag.
    unicodeRegExp: false,
    allErrors: true,
    formats: {
      uri,
      'uri-reference': reference,
      'date-time': (value: string) => !Number.isNaN(Date.parse(value)),
    },
  }).compile({ $id: String(id), ...schema });
})();

// Letters of two, three and four bytes before what is found.
const umlauts = samplePolicy
  .replace('rules:', '# Größe, 値段 und 🦊\nrules:')
  .replace('message: Schema changes', "message: 'Ünïcödé 🦊'\n    dscription: Schema changes")
  .replace('[drop]', '[drop, "🦊drop"]');

test('every region names the text that is wrong, in columns and in bytes, and the log is valid', async () => {
  const report = reportOf(umlauts);
  const run = await runOf(report);
  assert.equal(run.columnKind, 'utf16CodeUnits');
  assert.ok(run.results.length >= 2);
  const bytes = Buffer.from(umlauts);
  const lines = umlauts.split('\n');
  for (const [index, result] of run.results.entries()) {
    const location = result.locations[0]?.physicalLocation;
    const region = location?.region;
    assert.ok(region);
    assert.equal(location.artifactLocation.uriBaseId, '%SRCROOT%');
    const finding = report.diagnostics[index];
    assert.ok(finding);
    const meant = umlauts.slice(finding.range.start, finding.range.end);
    const { byteOffset, byteLength } = region;
    assert.equal(bytes.subarray(byteOffset, byteOffset + byteLength).toString(), meant);
    if (region.startLine === region.endLine)
      assert.equal(lines[region.startLine - 1]?.slice(region.startColumn - 1, region.endColumn - 1), meant);
  }
  const fox = run.results.find(({ message }) => message.text.includes('🦊'));
  assert.equal(
    fox?.locations[0]?.physicalLocation.region?.startColumn,
    (lines.find((line) => line.includes('"🦊')) ?? '').indexOf('"🦊') + 1,
  );
});

test('regions are right wherever they are', () => {
  const units = fc.constantFrom('a', 'ü', '値', '🦊', '\n', '\r\n', ' ');
  fc.assert(
    fc.property(fc.array(units, { maxLength: 30 }), fc.boolean(), fc.nat(), fc.nat(), (parts, mark, a, b) => {
      const text = `${mark ? '\ufeff' : ''}${parts.join('')}`;
      // Ranges never begin inside of a character, nor before the mark's end.
      const places = [0];
      for (const each of text) places.push((places.at(-1) ?? 0) + each.length);
      const known = mark ? places.slice(1) : places;
      const [x = 0, y = 0] = [known[a % known.length], known[b % known.length]];
      const range = { start: Math.min(x, y), end: Math.max(x, y) };
      const region = regionOf(new SourceFile('f', text), range) as Region;
      const bytes = Buffer.from(text);
      assert.equal(
        bytes.subarray(region.byteOffset, region.byteOffset + region.byteLength).toString(),
        text.slice(range.start, range.end),
      );
      const lines = text.replace('\ufeff', '').split(/(?<=\n)/);
      const at = (line: number, column: number) =>
        lines.slice(0, line - 1).join('').length + column - 1 + (mark ? 1 : 0);
      assert.equal(at(region.startLine, region.startColumn), range.start);
      assert.equal(at(region.endLine, region.endColumn), range.end);
    }),
  );
});

test('names of files are relative references from the root of the repository', async () => {
  const run = await runOf(reportOf(umlauts, { place: 'dienste/läden' }));
  assert.equal(
    run.results[0]?.locations[0]?.physicalLocation.artifactLocation.uri,
    'dienste/l%C3%A4den/.gatehouse/policies/gr%C3%B6%C3%9Fe%201.policy.yaml',
  );
  assert.equal(run.automationDetails.id, 'gatehouse/dienste/läden/');
});

test('each rule that was found says what to do instead, and results point at it', async () => {
  const run = await runOf(reportOf(umlauts));
  const { rules } = run.tool.driver;
  for (const { ruleId, ruleIndex } of run.results) assert.equal(rules[ruleIndex]?.id, ruleId);
  for (const { id, help } of rules) {
    assert.match(help.markdown ?? '', /## Instead/, id);
    assert.doesNotMatch(help.text, /^# |\]\(README/m);
  }
});

const printsOf = async (policy: string) =>
  (await runOf(reportOf(policy))).results.map(
    ({ partialFingerprints }) => partialFingerprints?.['gatehouseFinding/v1'],
  );

test('fingerprints stay when lines move, differ from each other, and change with what is found', async () => {
  const prints = await printsOf(umlauts);
  assert.equal(new Set(prints).size, prints.length);
  const moved = umlauts.replace('rules:', '# one more line\n\nrules:');
  assert.deepEqual(await printsOf(moved), prints);
  const other = umlauts.replace('dscription', 'descripion');
  assert.notDeepEqual(await printsOf(other), prints);
});

test('what a file holds is no link, no argument and no command of a message', async () => {
  const evil = samplePolicy.replace('effect: deny', 'effect: "[x](1) {0} \\n::error::x"');
  const report = reportOf(evil);
  const [result] = (await runOf(report)).results;
  assert.ok(result);
  assert.doesNotMatch(result.message.text, /(?<!\\)\[x/);
  const commands = await githubReport(report);
  assert.equal(commands.length, report.diagnostics.length);
  for (const line of commands) assert.match(line, /^::(error|warning|notice) file=[^:]+::[^\n\r]*$/);
});

test('a file that cannot be read is a result too', async () => {
  const run = await runOf(
    reportOf(samplePolicy, { problems: ['.gatehouse/gatehouse.yaml: this is not UTF-8 text'] }),
  );
  const last = run.results.at(-1);
  assert.equal(last?.ruleId, 'unreadable');
  assert.equal(run.tool.driver.rules[last?.ruleIndex ?? -1]?.id, 'unreadable');
});

test('GitLab gets one list with fingerprints, severities and lines', async () => {
  const report = reportOf(umlauts, { place: 'shop', problems: ['x.yaml: permission is denied'] });
  const issues = JSON.parse((await codeQualityReport(report)).join('\n')) as Record<string, unknown>[];
  assert.equal(issues.length, report.diagnostics.length + 1);
  assert.equal(new Set(issues.map(({ fingerprint }) => fingerprint)).size, issues.length);
  for (const { severity } of issues)
    assert.ok(['info', 'minor', 'major', 'critical', 'blocker'].includes(String(severity)));
  assert.deepEqual(issues.at(-1)?.location, { path: 'shop/x.yaml', lines: { begin: 1, end: 1 } });
});

test('what is found in files of another repository stands at the head of gatehouse.yaml', async () => {
  const whole = reportOf(umlauts);
  const [first] = whole.diagnostics;
  assert.ok(first);
  const report = { ...whole, diagnostics: [{ ...first, file: 'base@v1:policies/a.policy.yaml' }] };
  const log = JSON.parse((await checkReporters.sarif(report)).join('\n')) as { runs: Run[] };
  assert.ok(official(log));
  const [result] = log.runs[0]?.results ?? [];
  assert.equal(result?.locations[0]?.physicalLocation.artifactLocation.uri, '.gatehouse/gatehouse.yaml');
  assert.match(result.message.text, /^base@v1:policies\/a\.policy\.yaml:\d+:\d+: /);
});
