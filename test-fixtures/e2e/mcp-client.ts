/** A client of the MCP SDK that starts `gatehouse mcp` as agents do. */
import { fileURLToPath } from 'node:url';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import type { Progress } from '@modelcontextprotocol/sdk/types.js';

const main = fileURLToPath(new URL('../../daemon/src/cli/mcp-main.ts', import.meta.url));

export interface Told {
  readonly text: string;
  readonly isError: boolean;
  // What a tool answers, as its schema says; the client has held it against that.
  readonly structured: Readonly<Record<string, unknown>>;
}

export interface CallOptions {
  readonly onProgress?: (progress: Progress) => void;
  readonly signal?: AbortSignal;
}

export interface McpClient {
  readonly client: Client;
  readonly pid: number;
  call(tool: string, input: Readonly<Record<string, unknown>>, options?: CallOptions): Promise<Told>;
  close(): Promise<void>;
}

export interface McpClientOptions {
  readonly folder: string;
  readonly stateRoot: string;
  /** As the client calls itself. */
  readonly name?: string;
  readonly args?: readonly string[];
  /** In place of this Node and the sources. */
  readonly command?: readonly [string, string];
}

export async function startMcpClient(options: McpClientOptions): Promise<McpClient> {
  const { folder, stateRoot, name = 'claude-code', args = [], command = [process.execPath, main] } = options;
  const transport = new StdioClientTransport({
    command: command[0],
    args: [command[1], ...(command[1].endsWith('gatehouse.js') ? ['mcp'] : []), ...args],
    cwd: folder,
    env: { ...definedOnly(process.env), GATEHOUSE_STATE: stateRoot },
    stderr: 'inherit',
  });
  const client = new Client({ name, version: '1.0.0' });
  await client.connect(transport);
  // The client holds results against the schemas that it has read.
  await client.listTools();
  return {
    client,
    pid: transport.pid ?? 0,
    call: async (tool, input, { onProgress, signal } = {}) => {
      const result = await client.callTool({ name: tool, arguments: { ...input } }, undefined, {
        timeout: 50_000,
        ...(onProgress === undefined ? {} : { onprogress: onProgress }),
        ...(signal === undefined ? {} : { signal }),
      });
      const content = result.content as readonly { readonly type: string; readonly text?: string }[];
      return {
        text: content.map(({ text = '' }) => text).join('\n'),
        isError: result.isError === true,
        structured: (result.structuredContent ?? {}) as Told['structured'],
      };
    },
    close: () => client.close(),
  };
}

function definedOnly(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])),
  );
}
