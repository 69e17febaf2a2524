import { randomUUID } from 'node:crypto';
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js';
import type { RequestHandlerExtra } from '@modelcontextprotocol/sdk/shared/protocol.js';
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js';
import type { ServerNotification, ServerRequest } from '@modelcontextprotocol/sdk/types.js';
import { version } from '../core/version.ts';
import { agentNameOf } from './agent-name.ts';
import { DenialsKept } from './denials-kept.ts';
import { GateLink, type GateLinkOptions } from './gate-link.ts';
import type { AnyTool, Call } from './tool.ts';
import { explain } from './tools/explain.ts';
import { explainDenial } from './tools/explain-denial.ts';
import { listResources } from './tools/list-resources.ts';
import { query } from './tools/query.ts';
import { requestAccess } from './tools/request-access.ts';
import { run } from './tools/run.ts';
import { schema } from './tools/schema.ts';

/** In the order in which agents read them. */
const tools: readonly AnyTool[] = [listResources, schema, query, run, explain, explainDenial, requestAccess];

const instructions =
  'Gatehouse stands between you and databases. A policy decides what you may do, masks columns, and asks people about some statements. Begin with list_resources. When something is denied, read what is allowed instead, change the statement, or ask a person with request_access; never look for a way around the gate. Everything is recorded.';

export interface McpOptions {
  readonly transport: Transport;
  readonly open: GateLinkOptions['open'];
  /** Absent: by what the client says of itself. */
  readonly agent?: string;
  /** Absent: a new one, so that what this client does is one piece of work. */
  readonly task?: string;
}

/** Serve Gatehouse's own tools to one client. Settles when it is gone. */
export async function serveMcp({ transport, open, agent, task }: McpOptions): Promise<void> {
  const server = new McpServer(
    { name: 'gatehouse', title: 'Gatehouse', version },
    { instructions, capabilities: { tools: {} }, maxToolInputElements: 5000 },
  );
  const link = new GateLink({
    open,
    agent: () => agent ?? agentNameOf(server.server.getClientVersion()?.name),
    task: task ?? `mcp ${randomUUID().slice(0, 8)}`,
  });
  const desk = { link, denials: new DenialsKept() };
  const gone = new AbortController();
  for (const tool of tools)
    register(server, tool, (input, call) => tool.call(desk, input, call), gone.signal);
  const closed = new Promise<void>((resolve) => {
    server.server.onclose = resolve;
  });
  await server.connect(transport);
  await closed;
  gone.abort();
  link.close();
}

type Extra = RequestHandlerExtra<ServerRequest, ServerNotification>;

function register(
  server: McpServer,
  { name, title, description, input, output, annotations }: AnyTool,
  call: (input: unknown, call: Call) => ReturnType<AnyTool['call']>,
  gone: AbortSignal,
): void {
  const config = { title, description, inputSchema: input, outputSchema: output, annotations };
  server.registerTool(name, config, async (given: unknown, extra: Extra) => {
    const signal = AbortSignal.any([extra.signal, gone]);
    const { structured, text, isError } = await call(given, { signal, progress: progressOf(extra) });
    return {
      content: [{ type: 'text', text }],
      structuredContent: { ...structured },
      ...(isError === true ? { isError } : {}),
    };
  });
}

/** Only for clients that asked for it. */
function progressOf({ _meta, sendNotification }: Extra): Call['progress'] {
  const token = _meta?.progressToken;
  if (token === undefined) return () => {};
  return (progress, total, message) => {
    const params = { progressToken: token, progress, total, message };
    // A client that is gone needs no progress.
    sendNotification({ method: 'notifications/progress', params }).catch(() => {});
  };
}
