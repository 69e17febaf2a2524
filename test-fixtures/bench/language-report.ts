import type { FeatureTimes } from './language-features.ts';

/** Milliseconds. */
export interface Spread {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

export interface LanguageReport {
  readonly machine: string;
  readonly lines: number;
  readonly policies: number;
  /** In all files, before anything is typed. */
  readonly findings: number;
  /** Milliseconds to read and check all files from nothing. */
  readonly first: number;
  readonly keystrokes: number;
  readonly gatehouse: Spread;
  readonly yaml: Spread;
  /** The median over keystrokes of Gatehouse's time over yaml-language-server's. */
  readonly ratio: number;
  readonly features: readonly FeatureTimes[];
  /** Medians, milliseconds. */
  readonly starts: { readonly gatehouse: number; readonly yaml: number; readonly ratio: number };
  /** Bytes. */
  readonly heap: { readonly edits: number; readonly before: number; readonly after: number };
}

export function languagePage(report: LanguageReport): string {
  const { gatehouse, yaml, features, starts, heap } = report;
  const ms = (value: number): string => value.toFixed(1);
  const row = (name: string, a: number, b: number, ratio: number): string =>
    `| ${name} | ${ms(a)} | ${ms(b)} | ${ratio.toFixed(2)} |`;
  const megabytes = (bytes: number): string => (bytes / 1e6).toFixed(1);
  return `# The language server: what a keystroke costs

Written by \`npm run bench -- language\`. Somebody types into a policy of ${report.lines} lines in a workspace of ${report.policies} policies:
names, patterns, conditions, whole rules, with all the broken texts in between; ${report.keystrokes} keystrokes. Measured is the time until
the findings in the file are there, those that come of other files included. Beside it, on the same texts, one after the
other in the same process: yaml-language-server with our JSON schema, which reads the one file and knows the schema alone.
The ratio is the median of the ratios of each keystroke. Machine: ${report.machine}.

| milliseconds | Gatehouse | yaml-language-server | ratio |
| --- | ---: | ---: | ---: |
${row('keystroke to findings, median', gatehouse.p50, yaml.p50, report.ratio)}
${row('95th percentile', gatehouse.p95, yaml.p95, gatehouse.p95 / yaml.p95)}
${row('99th percentile', gatehouse.p99, yaml.p99, gatehouse.p99 / yaml.p99)}
${row('start of the process to the first error', starts.gatehouse, starts.yaml, starts.ratio)}

What the editor asks for right after a keystroke in that file, with the time to read what the keystroke changed:

| milliseconds | median | 95th percentile |
| --- | ---: | ---: |
${features.map(({ name, p50, p95 }) => `| ${name} | ${ms(p50)} | ${ms(p95)} |`).join('\n')}

Reading and checking all ${report.policies} policies from nothing takes ${Math.round(report.first)} ms (${report.findings} findings). After ${heap.edits.toLocaleString('en')} more
edits the process holds ${megabytes(heap.after)} MB, before them ${megabytes(heap.before)} MB.
`;
}
