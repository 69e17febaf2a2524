import { readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { readSmallFile, stateFoldersOf } from './agent-sessions.ts';
import type { HookAnswer, HookEvent } from './hook.ts';
import { objectionTo } from './judge.ts';
import { clientHabits, type Upstream } from './upstreams.ts';

/**
 * What a hook says while no daemon answers: nothing, but for what would surely reach for a resource or for what Gatehouse
 * keeps. Commands that use a resource in other ways meet a closed port.
 */
export function answerWithoutGate(
  event: HookEvent,
  where: { readonly workspaceFolder: string; readonly stateFolder: string; readonly cwd: string },
): HookAnswer {
  if (event.kind === 'session-start') return { kind: 'none' };
  const objection = objectionTo(event.use, {
    workspaceFolder: where.workspaceFolder,
    cwd: where.cwd,
    home: os.homedir(),
    stateFolders: stateFoldersOf(where.stateFolder, where.workspaceFolder),
    upstreams: upstreamsAsWritten(where.workspaceFolder),
    served: new Map(),
    gate: 'down',
    readText: readSmallFile,
  });
  return objection === undefined ? { kind: 'none' } : { kind: objection.kind, words: objection.words };
}

/**
 * The resources of gatehouse.yaml as far as its lines tell: a hook has no time for more, and what it misses the absent
 * gate refuses anyway.
 */
function upstreamsAsWritten(workspaceFolder: string): readonly Upstream[] {
  let text: string;
  try {
    text = readFileSync(path.join(workspaceFolder, '.gatehouse', 'gatehouse.yaml'), 'utf8');
  } catch {
    return [];
  }
  const found: Upstream[] = [];
  for (const part of text.split(/^\s*-\s+(?=\w|\{)/m).slice(1)) {
    const field = (name: string) =>
      new RegExp(`(?:^|[\\s{,])${name}:\\s*['"]?([^'"\\s,}#]+)`, 'm').exec(part)?.[1];
    const [resource, host, protocol] = [field('name'), field('host'), field('protocol')];
    if (resource === undefined || host === undefined || protocol === undefined) continue;
    if (!Object.hasOwn(clientHabits, protocol)) continue;
    const known = protocol as Upstream['protocol'];
    const port = Number(field('port') ?? clientHabits[known].defaultPort);
    found.push({ resource, protocol: known, host, port, database: field('database') ?? '' });
  }
  return found;
}
