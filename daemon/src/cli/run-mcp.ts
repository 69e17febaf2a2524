import { StdioServerTransport } from '@modelcontextprotocol/sdk/server/stdio.js';
import { type ControlClient, connectControl } from '../control/client.ts';
import { ConfigFault } from '../core/faults.ts';
import { readControlSecret } from '../identity/control-secret.ts';
import { serveMcp } from '../mcp-server/serve-mcp.ts';
import { findWorkspace } from '../workspace/files.ts';
import { statePaths } from '../workspace/state.ts';

export interface McpRun {
  /** The workspace is the one at or above it. */
  readonly folder: string;
  readonly agent?: string;
  readonly task?: string;
}

const agentName = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;
/** A message; what is longer ends the connection. */
const maxBufferSize = 8 * 1024 * 1024;

/** Serve one MCP client on standard input and output until it is gone. @throws ConfigFault `usage` */
export async function runMcp({ folder, agent, task }: McpRun): Promise<void> {
  if (agent !== undefined && !agentName.test(agent))
    throw new ConfigFault('usage', 'An agent is named by letters, digits, ".", "_" and "-", 64 at most.');
  const transport = new StdioServerTransport(process.stdin, process.stdout, { maxBufferSize });
  // The transport itself does not look for the end of its input.
  process.stdin.once('end', () => void transport.close());
  process.stdout.once('error', () => void transport.close());
  await serveMcp({
    transport,
    open: (token) => open(folder, token),
    ...(agent === undefined ? {} : { agent }),
    ...(task === undefined ? {} : { task }),
  });
}

/** Never as an operator: an agent that runs this could otherwise have itself approved. */
async function open(folder: string, token: string | undefined): Promise<ControlClient> {
  const state = statePaths(await findWorkspace(folder));
  const secret = token ?? readControlSecret(state.launchSecret)?.reveal();
  if (secret === undefined)
    throw new ConfigFault(
      'daemon-absent',
      'No daemon has run for this workspace yet; start it with `gatehouse up`.',
    );
  return connectControl({ state, client: 'gatehouse mcp', secret });
}
