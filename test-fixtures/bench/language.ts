/**
 * How long somebody waits who writes a policy: from a keystroke in a file of a thousand lines, in a workspace of two
 * hundred policies, to the findings in it, all checks included; beside yaml-language-server, which holds the same text
 * against our JSON schema and knows no other file. Writes docs/benchmarks/language.md.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { CheckSession } from '@gatehouse/policy-schema/check/session.ts';
import { workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { getLanguageService } from 'yaml-language-server';
import { measureFeatures } from './language-features.ts';
import { keystrokes } from './language-keystrokes.ts';
import { type LanguageReport, languagePage } from './language-report.ts';
import { coldStart, folderOf, gatehouseServer, policySchema, yamlServer } from './language-servers.ts';
import { languageWorkspace, longFile } from './language-workspace.ts';
import { median, percentile } from './statistics.ts';

const quick = process.argv.includes('--quick');
const editsForLeaks = quick ? 1000 : 10_000;

export async function benchLanguage(): Promise<void> {
  const files = languageWorkspace();
  const text = files.get(longFile) ?? '';
  const session = new CheckSession({ workspaceFile });
  for (const [file, each] of files) session.setFile(file, each);
  const started = performance.now();
  const findings = session.all().length;
  const first = performance.now() - started;
  const typed = await measureKeystrokes(session, text);
  const features = measureFeatures(files, quick ? 4 : 30);
  const heap = measureHeap(session, text);
  const starts = await measureStarts(files, text);
  const report: LanguageReport = {
    machine: `${os.availableParallelism()} cores (${os.cpus()[0]?.model.trim() ?? 'unknown'}), Node ${process.version.slice(1)}`,
    lines: text.split('\n').length - 1,
    policies: files.size - 1,
    findings,
    first,
    ...typed,
    features,
    starts,
    heap,
  };
  const page = languagePage(report);
  console.log(page);
  if (quick) return;
  const folder = fileURLToPath(new URL('../../docs/benchmarks/', import.meta.url));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'language.md'), page);
}

/** Both on each text, one after the other, so that what else the machine does meets both. */
async function measureKeystrokes(
  session: CheckSession,
  start: string,
): Promise<Pick<LanguageReport, 'keystrokes' | 'gatehouse' | 'yaml' | 'ratio'>> {
  const service = getLanguageService({
    schemaRequestService: () => Promise.reject(new Error('There is no other schema.')),
    workspaceContext: { resolveRelativePath: (relative) => relative },
  });
  const uri = 'file:///policies/long.policy.yaml';
  service.configure({
    validate: true,
    schemas: [{ uri: 'file:///policy.schema.json', fileMatch: ['*.policy.yaml'], schema: policySchema }],
  });
  const times: { readonly gatehouse: number; readonly yaml: number }[] = [];
  let version = 0;
  for (const text of keystrokes(start, quick ? 2 : 12)) {
    const before = performance.now();
    session.setFile(longFile, text);
    session.diagnostics(longFile);
    const between = performance.now();
    await service.doValidation(TextDocument.create(uri, 'yaml', ++version, text), false);
    times.push({ gatehouse: between - before, yaml: performance.now() - between });
  }
  // The first tenth is the compiler warming up.
  const warm = times.slice(times.length / 10);
  const of = (name: 'gatehouse' | 'yaml') => {
    const values = warm.map((each) => each[name]);
    return { p50: percentile(values, 0.5), p95: percentile(values, 0.95), p99: percentile(values, 0.99) };
  };
  return {
    keystrokes: warm.length,
    gatehouse: of('gatehouse'),
    yaml: of('yaml'),
    ratio: median(warm.map(({ gatehouse, yaml }) => gatehouse / yaml)),
  };
}

/** What stays in memory after many edits, in bytes. */
function measureHeap(session: CheckSession, start: string): LanguageReport['heap'] {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const used = (): number => {
    collect();
    return process.memoryUsage().heapUsed;
  };
  const edit = (count: number): void => {
    for (let left = count; left > 0; ) {
      for (const text of keystrokes(start, 100)) {
        if (left-- <= 0) break;
        session.setFile(longFile, text);
        session.diagnostics(longFile);
      }
    }
    session.setFile(longFile, start);
    session.diagnostics(longFile);
  };
  edit(500);
  const before = used();
  edit(editsForLeaks);
  return { edits: editsForLeaks, before, after: used() };
}

async function measureStarts(
  files: ReadonlyMap<string, string>,
  text: string,
): Promise<LanguageReport['starts']> {
  const { folder, remove } = folderOf(files);
  try {
    const yaml = yamlServer(folder);
    const broken = text.replace('effect: deny', 'effect: den');
    const times: { gatehouse: number; yaml: number }[] = [];
    for (let round = 0; round < (quick ? 2 : 9); round++) {
      times.push({
        gatehouse: await coldStart(gatehouseServer, folder, longFile, broken),
        yaml: await coldStart(yaml, folder, longFile, broken),
      });
    }
    return {
      gatehouse: median(times.map((each) => each.gatehouse)),
      yaml: median(times.map((each) => each.yaml)),
      ratio: median(times.map((each) => each.gatehouse / each.yaml)),
    };
  } finally {
    remove();
  }
}
