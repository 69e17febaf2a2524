// biome-ignore-all lint/suspicious/noTemplateCurlyInString: LSP writes places to fill so.
import type { FileKind } from '@gatehouse/policy-schema/model/validate.ts';
import type { Suggestion } from './suggestion.ts';
import type { Spot } from './yaml-spot.ts';

interface Snippet {
  readonly label: string;
  readonly doc: string;
  readonly lines: readonly string[];
}

const rules: readonly Snippet[] = [
  {
    label: 'allow rule',
    doc: 'What may pass. What no rule allows is denied.',
    lines: [
      'name: ${1:read-shop}',
      'effect: allow',
      'sql: { actions: [${2:select}], tables: [${3:public.orders}] }',
    ],
  },
  {
    label: 'deny rule',
    doc: 'What never passes, whatever other rules allow.',
    lines: [
      'name: ${1:no-schema-changes}',
      'effect: deny',
      'sql: { actions: [${2:create, alter, drop, truncate}] }',
      'message: ${3:Schema changes go through a migration.}',
    ],
  },
  {
    label: 'approve rule',
    doc: 'What waits for a person.',
    lines: [
      'name: ${1:writes-need-a-person}',
      'effect: approve',
      'sql: { actions: [${2:insert, update, delete}], tables: [${3:public.orders}] }',
      'message: ${4:A person looks at every change.}',
      'approval: { by: ["group:${5:dba}"], within: 10m }',
    ],
  },
];

const masks: readonly Snippet[] = [
  {
    label: 'mask',
    doc: 'Columns whose values are hidden.',
    lines: ['columns: [${1:public.customers.email}]', 'with: ${2|redact,partial,hash,range,tokenize,null|}'],
  },
];

const policies: readonly Snippet[] = [
  {
    label: 'policy file',
    doc: 'A whole policy to begin with.',
    lines: [
      'gatehouse: v1',
      'kind: Policy',
      'name: ${1:shop}',
      'applies: { to: [${2:shop-db}] }',
      '',
      'rules:',
      '  - name: ${3:read-shop}',
      '    effect: allow',
      '    sql: { actions: [select], tables: [${4:public.orders}] }',
      '',
      'limits: { rows: 1000, duration: 30s }',
      '$0',
    ],
  },
];

const workspaces: readonly Snippet[] = [
  {
    label: 'workspace file',
    doc: 'gatehouse.yaml with one database.',
    lines: [
      'gatehouse: v1',
      'kind: Workspace',
      'resources:',
      '  - name: ${1:shop-db}',
      '    protocol: postgres',
      '    host: ${2:localhost}',
      '    database: ${3:shop}',
      '    user: ${4:agent}',
      '    password: { command: [${5:pass, show, shop}] }',
      '$0',
    ],
  },
];

const testFiles: readonly Snippet[] = [
  {
    label: 'test file',
    doc: 'Tests of policies to begin with.',
    lines: [
      'gatehouse: v1',
      'kind: Test',
      '',
      'cases:',
      '  - name: ${1:orders may be read}',
      '    request: ${2:select * from orders}',
      '    principal: { agent: ${3:claude-code} }',
      '    expect: { decision: ${4|allow,approve,deny|} }',
      '$0',
    ],
  },
];

const cases: readonly Snippet[] = [
  {
    label: 'test',
    doc: 'One request, and what must come of it.',
    lines: [
      'name: ${1:orders are never deleted}',
      'request: ${2:delete from orders}',
      'principal: { agent: ${3:claude-code} }',
      'expect: { decision: ${4|deny,allow,approve|} }',
    ],
  },
];

const matrices: readonly Snippet[] = [
  {
    label: 'matrix of tests',
    doc: 'Several principals and requests, each with each.',
    lines: [
      'name: ${1:who may write}',
      'principals:',
      '  - { name: ${2:analyst}, groups: [${3:analysts}] }',
      'requests:',
      '  - { name: ${4:read}, request: ${5:select * from orders} }',
      'expect:',
      '  ${4:read}: { ${2:analyst}: ${6|allow,approve,deny|} }',
    ],
  },
];

const wholeFiles: Readonly<Record<FileKind, readonly Snippet[]>> = {
  Policy: policies,
  Workspace: workspaces,
  Test: testFiles,
};

/** Whole parts that may begin at a place. */
export function snippetsAt(kind: FileKind, spot: Spot, there: ReadonlySet<string>): readonly Suggestion[] {
  return fitting(kind, spot, there).map(({ label, doc, lines }, index) => ({
    label,
    kind: 'snippet',
    doc: `${doc}\n\n\`\`\`yaml\n${lines.map(plain).join('\n')}\n\`\`\``,
    // Clients indent the further lines as the first one.
    insert: lines.join('\n'),
    snippet: true,
    start: spot.start,
    end: spot.end,
    rank: 50 + index,
  }));
}

function fitting(kind: FileKind, { path }: Spot, there: ReadonlySet<string>): readonly Snippet[] {
  if (there.size > 0) return [];
  if (path.length === 0) return wholeFiles[kind];
  if (path.length !== 2) return [];
  if (kind === 'Test') return path[0] === 'cases' ? cases : path[0] === 'matrices' ? matrices : [];
  if (kind !== 'Policy') return [];
  return path[0] === 'rules' ? rules : path[0] === 'masks' ? masks : [];
}

function plain(line: string): string {
  return line
    .replace(/\$\{\d+\|([^,|]*)[^}]*\}/g, '$1')
    .replace(/\$\{\d+:([^}]*)\}/g, '$1')
    .replace(/\$\d/g, '');
}
