import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { extendedFile, faultOfGit, faultOfPath, faultOfRev, filesDigest, isExtendedFile } from './extends.ts';
import { readLock, writeLock } from './extends-lock.ts';
import { loadWorkspace } from './load-workspace.ts';

const gits = {
  good: [
    'https://git.example.com/security/policies.git',
    'https://git.example.com:8443/a/b',
    'ssh://git@git.example.com/a/b.git',
    'git@github.com:acme/policies.git',
    'file:///srv/git/policies.git',
  ],
  bad: [
    'http://git.example.com/a',
    'git://git.example.com/a',
    'ext::sh -c "touch /tmp/x"',
    '--upload-pack=touch /tmp/x',
    '-oProxyCommand=x@host:a',
    'git@-oProxyCommand=x:a',
    'host:--upload-pack=x',
    'ssh://-oProxyCommand=x/a',
    'file://host/share',
    '../policies',
    '/srv/git/policies.git',
    'https://user:secret@git.example.com/a',
    'https://token@git.example.com/a',
    'https://git.example.com/a b',
  ],
};

describe('what a workspace extends', () => {
  it('is at an address that only fetches', () => {
    for (const git of gits.good) assert.equal(faultOfGit(git), undefined, git);
    for (const git of gits.bad) assert.notEqual(faultOfGit(git), undefined, git);
  });

  it('is a revision and a folder that are no options and lead nowhere else', () => {
    for (const rev of ['v1.4.0', 'main', 'release/2', 'a'.repeat(40)])
      assert.equal(faultOfRev(rev), undefined, rev);
    for (const rev of ['-v', '--all', 'a..b', 'a:b', 'HEAD~1', '@{1}', 'a b', '', 'x.lock', 'a/'])
      assert.notEqual(faultOfRev(rev), undefined, rev);
    for (const path of ['.gatehouse/policies', 'a', 'policies/größe'])
      assert.equal(faultOfPath(path), undefined, path);
    for (const path of ['/etc', '../x', 'a//b', 'a/../b', '.', 'a\\b', '', ':(glob)*', 'a/'])
      assert.notEqual(faultOfPath(path), undefined, path);
  });

  it('is read from gatehouse.yaml, with a finding at what is wrong', () => {
    const text = (entries: string) =>
      `gatehouse: v1\nkind: Workspace\nextends:\n${entries}\nresources:\n  - { name: db, protocol: postgres, host: localhost, database: d, user: u }\n`;
    const { workspace } = loadWorkspace('w', text('  - { name: acme, git: "git@host:a/b.git", rev: v1 }'));
    assert.deepEqual(workspace?.extends?.[0], {
      name: 'acme',
      git: 'git@host:a/b.git',
      rev: 'v1',
      path: '.gatehouse/policies',
      location: { file: 'w', line: 4, column: 5 },
    });
    const { diagnostics } = loadWorkspace(
      'w',
      text(
        [
          '  - { name: acme, git: "https://a:b@host/x", rev: v1 }',
          '  - { name: acme, git: "https://host/x", rev: "-v", path: "../x" }',
        ].join('\n'),
      ),
    );
    assert.deepEqual(
      diagnostics.map(({ line, code }) => [line, code]),
      [
        [4, 'secret-in-file'],
        [5, 'bad-name'],
        [5, 'bad-name'],
        [5, 'bad-name'],
      ],
    );
  });

  it('is called by its name and revision', () => {
    assert.equal(extendedFile({ name: 'acme', rev: 'v1' }, 'a/pii.policy.yaml'), 'acme@v1:a/pii.policy.yaml');
    assert.ok(isExtendedFile('acme@release/2:a/pii.policy.yaml'));
    assert.ok(!isExtendedFile('.gatehouse/policies/a@b:c.policy.yaml'));
  });

  it('has a digest of names and texts, whatever their order', () => {
    const files = fc.array(fc.tuple(fc.string(), fc.string()), { maxLength: 5 });
    fc.assert(
      fc.property(files, (pairs) => {
        const map = new Map(pairs);
        assert.equal(filesDigest(map), filesDigest(new Map([...map].reverse())));
        assert.notEqual(filesDigest(map), filesDigest(new Map([...map, [`${[...map.keys()].join()}+`, '']])));
      }),
    );
    assert.notEqual(filesDigest(new Map([['a', 'bc']])), filesDigest(new Map([['ab', 'c']])));
  });
});

describe('the lock file', () => {
  const entry = {
    name: 'acme',
    git: 'https://host/x',
    rev: 'v1',
    path: 'p',
    commit: 'a'.repeat(40),
    digest: `sha256:${'b'.repeat(64)}`,
  };

  it('is written alike for the same entries, and read as it was written', () => {
    const other = { ...entry, name: 'base' };
    const text = writeLock([other, entry]);
    assert.equal(text, writeLock([entry, other]));
    assert.deepEqual(readLock(text), { ok: true, entries: [entry, other] });
  });

  it('is refused where it is not what is written', () => {
    const entries = [
      { ...entry, commit: 'main' },
      { ...entry, digest: 'md5:1' },
      { ...entry, name: '--x' },
      null,
      1,
    ];
    for (const each of entries)
      assert.equal(readLock(JSON.stringify({ gatehouse: 'v1', extends: [each] })).ok, false);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json()), (text) => assert.equal(readLock(text).ok, false)),
    );
  });
});
