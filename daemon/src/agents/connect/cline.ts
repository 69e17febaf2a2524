import path from 'node:path';
import type { Adapter, AgentFile, Place } from './adapter.ts';
import { approvalSeconds, folderOf, hookCommand, isOurServer, serverName, serverWords } from './our-words.ts';

const name = 'cline';

/** https://docs.cline.bot/customization/hooks, …/getting-started/config: its MCP servers are those of the user alone. */
export const cline: Adapter = {
  name,
  title: 'Cline',
  signs: (place) => ({
    programs: ['cline'],
    folders: [folderOf(place, 'CLINE_DIR', '.cline'), ...extensionFolders(place)],
  }),
  files: (place) => [
    ...settingsFiles(place).map(
      ({ file, onlyBeside }): AgentFile => ({
        kind: 'json',
        file,
        ...(onlyBeside === undefined ? {} : { onlyBeside }),
        purpose: 'the MCP server',
        entries: [
          {
            kind: 'member',
            path: ['mcpServers', serverKey(place)],
            // Its server is not started in the folder that is worked on.
            value: { ...serverWords(name, place, 'here'), disabled: false, timeout: approvalSeconds },
            isOurs: isOurServer(name),
          },
        ],
      }),
    ),
    ...(place.platform === 'win32'
      ? []
      : ['PreToolUse', 'TaskStart', 'TaskResume'].map(
          (event): AgentFile => ({
            kind: 'script',
            file: path.join(hooksFolder(place), event),
            purpose: 'a hook',
            text: `#!/bin/sh\n# Written by \`Gatehouse: Connect an Agent\`; Disconnect removes it.\nexec ${hookCommand(name, place)}\n`,
          }),
        )),
  ],
  notes: ({ platform }) => [
    platform === 'win32'
      ? 'Cline runs no hooks on Windows: its shells are not led to the gate, its MCP server is.'
      : 'Turn hooks on in the settings of Cline, where they are off.',
  ],
};

/** One file serves all folders, so each has a server of its own. */
function serverKey({ workspaceFolder }: Place): string {
  const folder = path.basename(workspaceFolder).replace(/[^A-Za-z0-9_-]+/g, '-');
  return `${serverName}-${folder}`;
}

function settingsFiles(place: Place): readonly { readonly file: string; readonly onlyBeside?: string }[] {
  const moved = place.env.CLINE_MCP_SETTINGS_PATH;
  if (moved !== undefined && moved !== '') return [{ file: path.resolve(moved) }];
  const own = folderOf(place, 'CLINE_DIR', '.cline');
  return [
    { file: path.join(own, 'data', 'settings', 'cline_mcp_settings.json') },
    ...extensionFolders(place).map((folder) => ({
      file: path.join(folder, 'settings', 'cline_mcp_settings.json'),
      onlyBeside: folder,
    })),
  ];
}

function extensionFolders({ editorStorage }: Place): readonly string[] {
  return editorStorage === undefined ? [] : [path.join(editorStorage, 'saoudrizwan.claude-dev')];
}

function hooksFolder(place: Place): string {
  return place.scope === 'workspace'
    ? path.join(place.workspaceFolder, '.clinerules', 'hooks')
    : path.join(place.home, 'Documents', 'Cline', 'Hooks');
}
