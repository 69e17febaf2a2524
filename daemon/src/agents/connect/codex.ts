import path from 'node:path';
import type { Adapter, Place } from './adapter.ts';
import { approvalSeconds, claudeLikeHooks, folderOf, serverName, serverWords } from './our-words.ts';

const name = 'codex';

/** https://developers.openai.com/codex/config-reference, …/hooks */
export const codex: Adapter = {
  name,
  title: 'Codex',
  signs: (place) => ({ programs: ['codex'], folders: [folderOf(place, 'CODEX_HOME', '.codex')] }),
  files: (place) => [
    {
      kind: 'toml',
      file: path.join(layer(place), 'config.toml'),
      purpose: 'the MCP server, and the name by which its shells come to the gate',
      tables: {
        [`mcp_servers.${serverName}`]: {
          ...serverWords(name, place, place.scope === 'workspace' ? 'here' : 'anywhere'),
          tool_timeout_sec: approvalSeconds,
        },
      },
      optional: { 'shell_environment_policy.set': { GATEHOUSE_AGENT: name } },
    },
    {
      kind: 'json',
      file: path.join(layer(place), 'hooks.json'),
      purpose: 'its hooks',
      entries: claudeLikeHooks(name, place),
    },
  ],
  notes: ({ scope }) => [
    'Codex skips hooks that nobody reviewed: type /hooks in it once, and trust those of Gatehouse.',
    'Its sandbox lets shell commands reach no network, the gate included; the MCP server works there all the same.',
    ...(scope === 'workspace'
      ? ['Codex reads .codex of a folder only where it was told to trust that folder.']
      : []),
  ],
};

function layer(place: Place): string {
  return place.scope === 'workspace'
    ? path.join(place.workspaceFolder, '.codex')
    : folderOf(place, 'CODEX_HOME', '.codex');
}
