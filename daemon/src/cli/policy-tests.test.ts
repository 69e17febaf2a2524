import assert from 'node:assert/strict';
import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { after, before, describe, it } from 'node:test';
import { type SampleFolder, sampleFolder } from '../workspace/samples.ts';
import { gatehouse } from './test-command.ts';

const good = `gatehouse: v1
kind: Test
cases:
  - name: products may be read
    request: select * from products
    expect: { decision: allow }
`;
const bad = `gatehouse: v1
kind: Test
cases:
  - name: tables <stay> # 100%
    request: drop table products
    expect: { decision: allow, rules: [shop/read-products] }
  - name: wages are hidden
    request: select * from wages
    expect: { decision: deny, rules: [] }
`;

let sample: SampleFolder;
before(() => {
  sample = sampleFolder();
});
after(() => sample.discard());

function write(tests: Readonly<Record<string, string>>): void {
  const folder = path.join(sample.folder, '.gatehouse/tests');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder);
  for (const [name, text] of Object.entries(tests)) sample.write(`.gatehouse/tests/${name}.test.yaml`, text);
}

describe('gatehouse test', () => {
  it('ends with 0 when all pass, and tells of coverage where it is asked', async () => {
    write({ good });
    const { code, stdout } = await gatehouse(sample, ['test', '--coverage']);
    assert.equal(code, 0);
    assert.match(stdout, /✓ products may be read/);
    assert.match(stdout, /shop\/read-products {2}decided 1 +\.gatehouse\/policies\/shop\.policy\.yaml:6/);
    assert.match(stdout, /shop\/no-drops {7}never matched/);
    assert.match(stdout, /coverage: 50 % of rules \(1 of 2\), 100 % of the answers/);
  });

  it('ends with 1 when one fails, and says what differs and what decided', async () => {
    write({ good, bad });
    const { code, stdout } = await gatehouse(sample, ['test']);
    assert.equal(code, 1);
    assert.match(stdout, /✗ tables <stay> {2}\.gatehouse\/tests\/bad\.test\.yaml:4/);
    assert.match(stdout, /decision: expected allow, is deny/);
    assert.match(stdout, /rules: expected shop\/read-products, is shop\/no-drops/);
    assert.match(stdout, /deny shop\/no-drops \(.*:9\): matches/);
    assert.match(stdout, /✗ 3 tests: 2 passed, 1 failed/);
    const filtered = await gatehouse(sample, ['test', '--filter', 'WAGES']);
    assert.equal(filtered.code, 0);
    assert.match(filtered.stdout, /1 test: 1 passed/);
  });

  it('ends with 2 when it could not run: no tests, files with errors, a wrong reporter', async () => {
    write({});
    const none = await gatehouse(sample, ['test']);
    assert.equal(none.code, 2);
    assert.match(none.stderr, /There are no tests/);
    write({ bad: bad.replace('request: drop', 'requst: drop') });
    const broken = await gatehouse(sample, ['test']);
    assert.equal(broken.code, 2);
    assert.match(broken.stderr, /bad\.test\.yaml:5:5 Unknown key `requst`\. Did you mean `request`\?/);
    assert.equal((await gatehouse(sample, ['check'])).code, 1);
    assert.equal((await gatehouse(sample, ['test', '--reporter', 'html'])).code, 2);
    write({ good });
    assert.equal((await gatehouse(sample, ['test', '--filter', 'nothing like it'])).code, 2);
  });

  it('writes for programs', async () => {
    write({ good, bad });
    const report = async (kind: string) => (await gatehouse(sample, ['test', '--reporter', kind])).stdout;
    const [tap, junit, github, json] = await Promise.all(['tap', 'junit', 'github', 'json'].map(report));
    assert.match(tap ?? '', /^TAP version 14\n1\.\.3\nnot ok 1 - .*tables <stay>\n {2}---\n/);
    assert.match(junit ?? '', /<testsuites name="gatehouse" tests="3" failures="1" errors="0"/);
    assert.match(junit ?? '', /name="tables &lt;stay&gt;"[^\n]*\n {6}<failure message="decision: expected/);
    assert.match(
      github ?? '',
      /^::error file=\.gatehouse\/tests\/bad\.test\.yaml,line=6,endLine=6,col=25,title=tables <stay>::decision: expected allow, is deny%0A/,
    );
    const parsed = JSON.parse(json ?? '') as { passed: number; failed: number; tests: { id: string }[] };
    assert.deepEqual([parsed.passed, parsed.failed], [2, 1]);
    assert.deepEqual(
      parsed.tests.map(({ id }) => id),
      ['tables <stay>', 'wages are hidden', 'products may be read'],
    );
  });
});
