import path from 'node:path';
import type { Adapter, Place } from './adapter.ts';
import { claudeLikeHooks, folderOf, isOurServer, serverName, serverWords } from './our-words.ts';

const name = 'claude-code';

/** https://docs.claude.com/en/docs/claude-code/settings, …/hooks, …/mcp */
export const claudeCode: Adapter = {
  name,
  title: 'Claude Code',
  signs: (place) => ({ programs: ['claude'], folders: [configFolder(place)] }),
  files: (place) => [
    {
      kind: 'json',
      file:
        place.scope === 'workspace'
          ? path.join(place.workspaceFolder, '.claude', 'settings.local.json')
          : path.join(configFolder(place), 'settings.json'),
      purpose: 'its hooks, and the name by which it comes to the gate',
      entries: [
        ...claudeLikeHooks(name, place),
        {
          kind: 'member',
          path: ['env', 'GATEHOUSE_AGENT'],
          value: name,
          isOurs: (found) => found === name,
        },
      ],
    },
    {
      kind: 'json',
      // Not .mcp.json in the workspace: other agents read that too, and would come under this name.
      file: path.join(place.env.CLAUDE_CONFIG_DIR ? configFolder(place) : place.home, '.claude.json'),
      purpose: 'the MCP server',
      entries: [
        {
          kind: 'member',
          path: [
            ...(place.scope === 'workspace' ? ['projects', place.workspaceFolder] : []),
            'mcpServers',
            serverName,
          ],
          value: {
            type: 'stdio',
            ...serverWords(name, place, place.scope === 'workspace' ? 'here' : 'anywhere'),
            env: {},
          },
          isOurs: isOurServer(name),
        },
      ],
    },
  ],
  notes: () => ['Sessions of Claude Code that run now take it up when they are started again.'],
};

function configFolder(place: Place): string {
  return folderOf(place, 'CLAUDE_CONFIG_DIR', '.claude');
}
