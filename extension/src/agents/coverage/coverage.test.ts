import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Exposure, Finding, ToldAgent } from '@gatehouse/daemon/control/messages.ts';
import { agentsCovered, type SeenAgent, verdictOf } from './coverage.ts';

const told = (name: ToldAgent['name'], more: Partial<ToldAgent> = {}): ToldAgent => ({
  name,
  title: name,
  installed: true,
  connected: { workspace: false, user: false },
  running: [],
  ...more,
});
const seen = (agent: string, more: Partial<SeenAgent> = {}): SeenAgent => ({
  agent,
  task: '',
  open: 0,
  requests: 3,
  denied: 1,
  lastAt: '2026-03-01T10:00:00.000Z',
  ...more,
});
const now = Date.parse('2026-03-01T12:00:00.000Z');
const ways = (...[agents, rows, copilot]: Parameters<typeof agentsCovered>): readonly string[] =>
  agentsCovered(agents, rows, copilot, now).map(({ name, ways: by }) => `${name}: ${by.join(' ')}`);

test('agents are led by their files, the plugin, a terminal, or a token that they came with', () => {
  assert.deepEqual(
    ways(
      [
        told('claude-code', { connected: { workspace: true, user: false } }),
        told('codex', { running: [{ pid: 1, through: true }] }),
        told('cursor', { installed: false }),
        told('cline'),
      ],
      [seen('agent', { task: 'terminal 1a2b' }), seen('reporter')],
      'on',
    ).toSorted(),
    [
      'agent: terminal',
      'claude-code: files',
      'cline: ',
      'codex: terminal',
      'copilot: plugin',
      'reporter: token',
    ],
  );
});

test('who is not led stands first, and an old visit leads nobody', () => {
  const agents = agentsCovered(
    [told('codex'), told('claude-code', { connected: { workspace: false, user: true } })],
    [seen('codex', { lastAt: '2026-01-01T00:00:00.000Z' })],
    'off',
    now,
  );
  assert.deepEqual(
    agents.map(({ name, ways: by }) => [name, by]),
    [
      ['codex', []],
      ['copilot', []],
      ['claude-code', ['user-files']],
    ],
  );
});

test('what the record has of an agent adds up over its tasks', () => {
  const [agent] = agentsCovered(
    [],
    [seen('x', { task: 'a', open: 1 }), seen('x', { task: 'b', lastAt: '2026-03-01T11:00:00.000Z' })],
    'absent',
    now,
  );
  assert.deepEqual(
    [agent?.open, agent?.requests, agent?.denied, agent?.lastSeen],
    [1, 6, 2, Date.parse('2026-03-01T11:00:00.000Z')],
  );
});

test('enforced is said only where nothing leads around the gate and all was looked into', () => {
  const finding = (level: Finding['level']): Finding => ({
    level,
    kind: 'pgpass',
    place: { kind: 'file', file: '/home/ann/.pgpass', line: 1 },
    words: '',
    fixes: [],
  });
  const exposure = (findings: readonly Finding[], unread: Exposure['unread'] = []) =>
    verdictOf({ findings, unread, looked: 1 }).kind;
  assert.equal(exposure([]), 'enforced');
  assert.equal(exposure([finding('note')]), 'enforced');
  assert.equal(exposure([finding('note'), finding('direct')]), 'steered');
  assert.equal(exposure([], [{ file: 'x', why: 'too long' }]), 'unknown');
  assert.equal(exposure([finding('direct')], [{ file: 'x', why: 'too long' }]), 'steered');
});
