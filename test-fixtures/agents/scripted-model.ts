/** Models that call the tools that a test tells them to, one after the other, and then say that they are done. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';

export interface ToolCall {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export interface ScriptedModel {
  readonly url: string;
  /** What the agent answered to each call so far, as text. */
  readonly results: readonly string[];
  /** Everything that the agent told the model of itself and its surroundings. */
  readonly told: () => string;
  stop(): Promise<void>;
}

type Fields = Readonly<Record<string, unknown>>;
type Event = Fields & { readonly type: string };

interface Dialect {
  readonly path: string;
  /** Results of the calls that a request carries, oldest first. */
  readonly resultsIn: (request: Fields) => readonly string[];
  /** Whether the agent asks for work, not for a title and the like. */
  readonly isWork: (request: Fields) => boolean;
  readonly answer: (call: ToolCall | undefined, turn: number) => readonly Event[];
}

/** https://platform.claude.com/docs/en/build-with-claude/streaming */
export function startAnthropicModel(script: readonly ToolCall[]): Promise<ScriptedModel> {
  return start(script, {
    path: '/v1/messages',
    isWork: ({ tools }) => Array.isArray(tools) && tools.length > 0,
    resultsIn: ({ messages }) =>
      list(messages)
        .flatMap(({ content }) => list(content))
        .filter(({ type }) => type === 'tool_result')
        .map(({ content }) => plain(content)),
    answer: (call, turn) => {
      const block = call
        ? { type: 'tool_use', id: `toolu_${turn}`, name: call.name, input: {} }
        : { type: 'text', text: '' };
      const delta = call
        ? { type: 'input_json_delta', partial_json: JSON.stringify(call.input) }
        : { type: 'text_delta', text: 'All done.' };
      const usage = { input_tokens: 1, output_tokens: 1 };
      const message = {
        id: `msg_${turn}`,
        type: 'message',
        role: 'assistant',
        model: 'scripted',
        content: [],
      };
      return [
        { type: 'message_start', message: { ...message, stop_reason: null, stop_sequence: null, usage } },
        { type: 'content_block_start', index: 0, content_block: block },
        { type: 'content_block_delta', index: 0, delta },
        { type: 'content_block_stop', index: 0 },
        {
          type: 'message_delta',
          delta: { stop_reason: call ? 'tool_use' : 'end_turn', stop_sequence: null },
          usage,
        },
        { type: 'message_stop' },
      ];
    },
  });
}

/** https://platform.openai.com/docs/api-reference/responses-streaming */
export function startResponsesModel(script: readonly ToolCall[]): Promise<ScriptedModel> {
  return start(script, {
    path: '/v1/responses',
    isWork: () => true,
    resultsIn: ({ input }) =>
      list(input)
        .filter(({ type }) => type === 'function_call_output' || type === 'custom_tool_call_output')
        .map(({ output }) => plain(output)),
    answer: (call, turn) => {
      const id = `resp_${turn}`;
      const item = call
        ? {
            type: 'function_call',
            id: `fc_${turn}`,
            call_id: `call_${turn}`,
            name: call.name,
            arguments: JSON.stringify(call.input),
          }
        : {
            type: 'message',
            id: `m_${turn}`,
            role: 'assistant',
            content: [{ type: 'output_text', text: 'All done.' }],
          };
      const usage = {
        input_tokens: 1,
        input_tokens_details: null,
        output_tokens: 1,
        output_tokens_details: null,
        total_tokens: 2,
      };
      return [
        { type: 'response.created', response: { id } },
        { type: 'response.output_item.done', output_index: 0, item },
        { type: 'response.completed', response: { id, usage } },
      ];
    },
  });
}

async function start(script: readonly ToolCall[], dialect: Dialect): Promise<ScriptedModel> {
  let results: readonly string[] = [];
  let first = '';
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await text(request);
    if (request.method !== 'POST' || !(request.url ?? '').startsWith(dialect.path)) {
      response.writeHead(200, { 'content-type': 'application/json' }).end('{"data":[],"input_tokens":1}');
      return;
    }
    const asked = JSON.parse(body) as Fields;
    const isWork = dialect.isWork(asked);
    const seen = dialect.resultsIn(asked);
    if (isWork) results = seen;
    if (isWork && first === '') first = body;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for (const event of dialect.answer(isWork ? script[seen.length] : undefined, seen.length))
      response.write(`event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`);
    response.end();
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    get results() {
      return results;
    },
    told: () => first,
    stop: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function list(value: unknown): readonly Fields[] {
  return Array.isArray(value) ? (value as Fields[]) : [];
}

/** Text, or the text parts of a content. */
function plain(content: unknown): string {
  if (typeof content === 'string') return content;
  return list(content)
    .map(({ text: part }) => (typeof part === 'string' ? part : ''))
    .join('\n');
}
