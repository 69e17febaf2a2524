import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { parse as parseJson } from 'jsonc-parser';
import { parse as parseToml, stringify } from 'smol-toml';
import type { Adapter, ConnectableName, Place, Scope } from './adapter.ts';
import { adapters, connectableNames } from './agents.ts';
import { isConnected, type Look, type Plan, planConnect, planDisconnect, type Receipts } from './plan.ts';

const place = (scope: Scope, more: Partial<Place> = {}): Place => ({
  scope,
  workspaceFolder: '/work/shop',
  home: '/home/ann',
  platform: 'linux',
  env: {},
  program: ['/opt/gate house/bin/gatehouse'],
  ...more,
});

/** Files in memory. */
class Disk implements Look {
  readonly files: Map<string, string>;
  receipts: Receipts = new Map();

  constructor(files: Readonly<Record<string, string>> = {}) {
    this.files = new Map(Object.entries(files));
  }
  read = (file: string): string | undefined => this.files.get(file);
  isFolder = (folder: string): boolean =>
    ['/', '/home', '/home/ann', '/work', '/work/shop'].includes(folder) ||
    [...this.files.keys()].some((file) => file.startsWith(`${folder}/`));

  write(plan: Plan): Plan {
    assert.deepEqual(plan.problems, []);
    for (const { file, before, after } of plan.edits) {
      assert.equal(this.files.get(file), before);
      if (after === undefined) this.files.delete(file);
      else this.files.set(file, after);
    }
    this.receipts = plan.receipts;
    return plan;
  }
  connect = (adapter: Adapter, at: Place): Plan => this.write(planConnect(adapter, at, this, this.receipts));
  disconnect = (adapter: Adapter, at: Place): Plan =>
    this.write(planDisconnect(adapter, at, this, this.receipts));
}

const scopes: readonly Scope[] = ['workspace', 'user'];
const every = connectableNames.flatMap((name) => scopes.map((scope) => [name, scope] as const));

for (const [name, scope] of every) {
  const adapter = adapters[name];
  const at = place(scope);
  test(`${name} is connected (${scope}) where it has no files, and leaves none behind`, () => {
    const disk = new Disk();
    const plan = disk.connect(adapter, at);
    assert.equal(plan.edits.length, adapter.files(at).length);
    assert.ok(isConnected(adapter, at, disk));
    assert.deepEqual(disk.connect(adapter, at).edits, []);
    disk.disconnect(adapter, at);
    assert.deepEqual([...disk.files], []);
    assert.equal(disk.receipts.size, 0);
  });

  test(`the server and the hook of ${name} (${scope}) are the words that the gate knows`, () => {
    const disk = new Disk();
    disk.connect(adapter, at);
    const all = [...disk.files.values()].join('\n').replaceAll(/["\s,]+/g, ' ');
    assert.match(all, new RegExp(`mcp --agent ${name}`));
    assert.match(all, new RegExp(`'/opt/gate house/bin/gatehouse' hook --harness ${name}`));
    assert.equal(all.includes('-C /work/shop'), scope === 'workspace' || name === 'cline');
  });
}

/** An object as people and programs write it: laid out in some way, with comments, with a comma too many. */
const jsonText = fc
  .record({
    own: fc.dictionary(fc.constantFrom('model', 'a', 'theme', '$schema'), fc.jsonValue({ maxDepth: 2 })),
    ours: fc.record(
      {
        env: fc.dictionary(fc.constantFrom('PATH', 'X'), fc.string()),
        hooks: fc.record(
          {
            PreToolUse: fc.array(fc.record({ matcher: fc.string(), hooks: fc.constant([]) }), {
              maxLength: 2,
            }),
            preToolUse: fc.array(fc.record({ command: fc.string() }), { maxLength: 2 }),
            Stop: fc.constant([]),
          },
          { requiredKeys: [] },
        ),
        mcpServers: fc.dictionary(fc.constantFrom('github', 'files'), fc.record({ command: fc.string() })),
        projects: fc.dictionary(
          fc.constantFrom('/work/shop', '/else'),
          fc.record({ allowedTools: fc.constant([]) }),
        ),
      },
      { requiredKeys: [] },
    ),
    indent: fc.constantFrom(0, 2, 4, '\t'),
    comment: fc.boolean(),
    comma: fc.boolean(),
    newline: fc.constantFrom('\n', '\r\n'),
    end: fc.constantFrom('', '\n', '\n\n'),
    bom: fc.boolean(),
  })
  .map(({ own, ours, indent, comment, comma, newline, end, bom }) => {
    let text = JSON.stringify({ ...own, ...ours }, undefined, indent);
    if (comment && text.includes('\n')) {
      text = text.replace('{\n', '{\n// mine { "x": [\n').replace(/\n}$/, ' // last\n}');
      text = text.replace(/\[\n/, '[ /* list */\n');
    }
    if (comma && !comment) text = text.replace(/(?<=[^{\s])(\s*)}$/, ',$1}');
    return (bom ? '\uFEFF' : '') + (text + end).replaceAll('\n', newline);
  });

const tomlText = fc
  .record({
    model: fc.option(fc.constantFrom('o', 'x"y')),
    tables: fc.dictionary(
      fc.constantFrom('projects', 'mcp_servers', 'features', 'shell_environment_policy'),
      fc.dictionary(fc.constantFrom('one', 'two'), fc.record({ command: fc.string(), trust: fc.boolean() })),
    ),
    policy: fc.constantFrom('', '[shell_environment_policy]\ninherit = "core"\n', 'x = { a = 1 }'),
    newline: fc.constantFrom('\n', '\r\n'),
    comment: fc.boolean(),
  })
  .map(({ model, tables, policy, newline, comment }) => {
    const { shell_environment_policy: _own, ...rest } = tables;
    const head = model === null ? '' : `model = ${JSON.stringify(model)} # the best\n`;
    const text = `${comment ? '# mine\n' : ''}${head}${stringify(rest)}\n${policy.startsWith('x') ? '' : policy}`;
    return text.replaceAll('\n', newline);
  });

const textFor = (adapter: Adapter, at: Place): fc.Arbitrary<Readonly<Record<string, string>>> =>
  fc.record(
    Object.fromEntries(
      adapter
        .files(at)
        .filter(({ kind }) => kind !== 'script')
        .map(({ file, kind }) => [file, kind === 'toml' ? tomlText : jsonText]),
    ),
    { requiredKeys: [] },
  ) as fc.Arbitrary<Readonly<Record<string, string>>>;

const valuesOf = (file: string, text: string | undefined): unknown =>
  text === undefined
    ? undefined
    : file.endsWith('.toml')
      ? parseToml(text)
      : (parseJson(text.replace(/^\uFEFF/, ''), [], { allowTrailingComma: true }) as unknown);

const commentsOf = (text: string): readonly string[] =>
  text.match(/\/\/ \w+|\/\* \w+|# (mine|the best)/g) ?? [];

for (const [name, scope] of every) {
  const adapter = adapters[name];
  const at = place(scope);
  test(`connecting and disconnecting ${name} (${scope}) gives every file back to the byte`, () => {
    fc.assert(
      fc.property(textFor(adapter, at), (files) => {
        const disk = new Disk(files);
        disk.connect(adapter, at);
        assert.ok(isConnected(adapter, at, disk));
        for (const [file, text] of Object.entries(files)) {
          const now = disk.files.get(file) ?? '';
          assert.deepEqual(commentsOf(now), commentsOf(text));
        }
        assert.deepEqual(disk.connect(adapter, at).edits, []);
        disk.disconnect(adapter, at);
        assert.deepEqual(Object.fromEntries(disk.files), { ...files });
      }),
    );
  });

  test(`disconnecting ${name} (${scope}) keeps what others wrote meanwhile`, () => {
    fc.assert(
      fc.property(textFor(adapter, at), fc.boolean(), (files, lost) => {
        const disk = new Disk(files);
        disk.connect(adapter, at);
        const expected = new Map<string, unknown>();
        for (const { file, kind } of adapter.files(at)) {
          if (kind === 'script') continue;
          disk.files.set(file, foreign(file, disk.files.get(file) ?? ''));
          const original = files[file];
          const start = file.endsWith('hooks.json') && name === 'cursor' ? '{"version":1}' : '{}';
          expected.set(file, valuesOf(file, foreign(file, original ?? (kind === 'toml' ? '' : start))));
        }
        if (lost) disk.receipts = new Map();
        disk.disconnect(adapter, at);
        for (const [file, values] of expected) {
          const text = disk.files.get(file) ?? '';
          // Without a receipt nobody knows that an empty object is ours.
          assert.deepEqual(
            lost ? pruned(valuesOf(file, text)) : valuesOf(file, text),
            lost ? pruned(values) : values,
          );
          assert.deepEqual(commentsOf(text), commentsOf(files[file] ?? ''));
        }
      }),
    );
  });
}

/** What another program does to a file: a member at its beginning. */
function foreign(file: string, text: string): string {
  if (file.endsWith('.toml')) return `foreign = true\n${text}`;
  const at = text.indexOf('{') + 1;
  const isEmpty = /^\s*}/.test(text.slice(at));
  return `${text.slice(0, at)} "foreign": [1, {"x": "y"}]${isEmpty ? '' : ','}${text.slice(at)}`;
}

/** Without empty objects and arrays. */
function pruned(value: unknown): unknown {
  if (Array.isArray(value)) return value.length === 0 ? undefined : value.map(pruned);
  if (typeof value !== 'object' || value === null) return value;
  const kept = Object.entries(value)
    .map(([key, each]) => [key, pruned(each)] as const)
    .filter(([, each]) => each !== undefined);
  return kept.length === 0 ? undefined : Object.fromEntries(kept);
}

const one = (name: ConnectableName, files: Readonly<Record<string, string>>, scope: Scope = 'workspace') => {
  const disk = new Disk(files);
  return { disk, plan: planConnect(adapters[name], place(scope), disk, new Map()) };
};

test('a broken file is left alone, with the line of its mistake', () => {
  const { plan } = one('cursor', {
    '/work/shop/.cursor/mcp.json': '{\n  "mcpServers": {\n    oops\n  }\n}\n',
  });
  assert.deepEqual(plan.edits, []);
  assert.match(plan.problems.join(), /^\/work\/shop\/\.cursor\/mcp\.json: it is no valid JSON \(line 3\)/);
  const toml = one('codex', { '/work/shop/.codex/config.toml': 'model = \n' });
  assert.deepEqual(toml.plan.edits, []);
  assert.match(toml.plan.problems.join(), /no valid TOML/);
});

test('what cannot be added to is said, not guessed', () => {
  const list = one('cursor', { '/work/shop/.cursor/mcp.json': '{"mcpServers": []}' });
  assert.match(list.plan.problems.join(), /mcpServers is no object/);
  const taken = one('cursor', {
    '/work/shop/.cursor/mcp.json': '{"mcpServers": {"gatehouse": {"command": "x"}}}',
  });
  assert.match(
    taken.plan.problems.join(),
    /already has mcpServers\.gatehouse, which Gatehouse did not write/,
  );
});

test('a file that cannot be read stops the plan with its reason', () => {
  const disk = new Disk();
  const look: Look = {
    isFolder: () => true,
    read: () => {
      throw new Error('it is no UTF-8 text.');
    },
  };
  const plan = planConnect(adapters.codex, place('workspace'), look, disk.receipts);
  assert.deepEqual(plan.edits, []);
  assert.match(plan.problems[0] ?? '', /config\.toml: it is no UTF-8 text/);
});

test('Codex keeps its own environment policy, and the plan says that it does', () => {
  const text = '[shell_environment_policy]\nset = { PGHOST = "db" }\n';
  const { disk, plan } = one('codex', { '/work/shop/.codex/config.toml': text });
  disk.write(plan);
  assert.match(plan.notes.join('\n'), /has its own \[shell_environment_policy\.set\], which stays/);
  assert.ok(disk.files.get('/work/shop/.codex/config.toml')?.startsWith(text));
  assert.ok(isConnected(adapters.codex, place('workspace'), disk));
});

test("somebody else's hook of Cline stays, and the plan says so", () => {
  const file = '/work/shop/.clinerules/hooks/PreToolUse';
  const { disk, plan } = one('cline', { [file]: '#!/bin/sh\necho mine\n' });
  disk.write(plan);
  assert.match(plan.notes.join('\n'), /PreToolUse is a hook of somebody else/);
  disk.disconnect(adapters.cline, place('workspace'));
  assert.equal(disk.files.get(file), '#!/bin/sh\necho mine\n');
});

test('a command that moved is replaced, and taken out again to the byte', () => {
  const before = '{\n  "mcpServers": {\n    "github": {\n      "command": "gh"\n    }\n  }\n}\n';
  const disk = new Disk({ '/work/shop/.cursor/mcp.json': before });
  disk.connect(adapters.cursor, place('workspace'));
  const moved = place('workspace', { program: ['/new/gatehouse'] });
  assert.ok(!isConnected(adapters.cursor, moved, disk));
  disk.connect(adapters.cursor, moved);
  const text = disk.files.get('/work/shop/.cursor/mcp.json') ?? '';
  assert.equal(text.match(/"gatehouse"/g)?.length, 1);
  assert.match(text, /"command": "\/new\/gatehouse"/);
  disk.disconnect(adapters.cursor, moved);
  assert.deepEqual(Object.fromEntries(disk.files), { '/work/shop/.cursor/mcp.json': before });
});

test('what is added looks like what is there', () => {
  const { plan } = one('cursor', {
    '/work/shop/.cursor/mcp.json':
      '{\n    "mcpServers": {\n        "a": { "command": "x" } // mine\n    }\n}\n',
  });
  assert.equal(
    plan.edits[0]?.after,
    `{
    "mcpServers": {
        "a": { "command": "x" }, // mine
        "gatehouse": {
            "command": "/opt/gate house/bin/gatehouse",
            "args": [
                "-C",
                "/work/shop",
                "mcp",
                "--agent",
                "cursor"
            ]
        }
    }
}
`,
  );
});

test('two workspaces share the files of a user, and each takes out its own', () => {
  const disk = new Disk();
  const other = place('workspace', { workspaceFolder: '/work/other' });
  disk.connect(adapters['claude-code'], place('workspace'));
  const first = disk.receipts;
  disk.receipts = new Map();
  disk.connect(adapters['claude-code'], other);
  disk.receipts = first;
  disk.disconnect(adapters['claude-code'], place('workspace'));
  const projects = valuesOf('x.json', disk.files.get('/home/ann/.claude.json'));
  assert.deepEqual(Object.keys((projects as { projects: object }).projects), ['/work/other']);
});

test('Cline is connected beside the extension only where that is there', () => {
  const editorStorage = '/home/ann/.config/Code/User/globalStorage';
  const at = place('user', { editorStorage });
  const settings = `${editorStorage}/saoudrizwan.claude-dev/settings/cline_mcp_settings.json`;
  const none = planConnect(adapters.cline, at, new Disk(), new Map());
  assert.ok(!none.edits.some(({ file }) => file === settings));
  const there = new Disk({ [settings]: '{ "mcpServers": {} }' });
  const plan = planConnect(adapters.cline, at, there, new Map());
  assert.match(plan.edits.find(({ file }) => file === settings)?.after ?? '', /"gatehouse-shop"/);
});
