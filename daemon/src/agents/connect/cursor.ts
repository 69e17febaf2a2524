import path from 'node:path';
import type { Adapter } from './adapter.ts';
import type { JsonEntry } from './json-file.ts';
import { hookCommand, isOurHook, isOurServer, matcherOf, serverName, serverWords } from './our-words.ts';

const name = 'cursor';

/** https://cursor.com/docs/agent/hooks, https://cursor.com/docs/context/mcp */
export const cursor: Adapter = {
  name,
  title: 'Cursor',
  signs: ({ home }) => ({
    programs: ['cursor', 'cursor-agent'],
    folders: [path.join(home, '.cursor')],
  }),
  files: (place) => {
    const folder = path.join(place.scope === 'workspace' ? place.workspaceFolder : place.home, '.cursor');
    const command = hookCommand(name, place);
    const hook = (event: string, more: object): JsonEntry => ({
      kind: 'element',
      path: ['hooks', event],
      value: { command, ...more },
      isOurs: isOurHook(name),
    });
    return [
      {
        kind: 'json',
        file: path.join(folder, 'mcp.json'),
        purpose: 'the MCP server',
        entries: [
          {
            kind: 'member',
            path: ['mcpServers', serverName],
            value: serverWords(name, place, place.scope === 'workspace' ? 'here' : 'anywhere'),
            isOurs: isOurServer(name),
          },
        ],
      },
      {
        kind: 'json',
        file: path.join(folder, 'hooks.json'),
        purpose: 'its hooks',
        // Not beforeShellExecution, which could not change a command: preToolUse sees the same one before it.
        entries: [hook('preToolUse', { matcher: matcherOf(name) }), hook('sessionStart', {})],
        start: { version: 1 },
      },
    ];
  },
  notes: () => [
    'Cursor asks before it uses a new MCP server: turn gatehouse on in its settings, under Tools & MCP.',
  ],
};
