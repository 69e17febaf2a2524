import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { type HookEvent, harnessNames } from '../agents/hook.ts';
import type { ToolUse } from '../agents/tool-use.ts';
import type {
  AcceptParams,
  AnswerAccessParams,
  AnswerParams,
  EnvironmentParams,
  HelloParams,
  HookParams,
  NamesParams,
  OwnDecisionParams,
  OwnDenialsParams,
  OwnSchemaParams,
  RequestAccessParams,
  TokenParams,
} from './messages.ts';

/** Parameters as they come over the socket are anything; these say what they must be. */

export type Fields = Readonly<Record<string, unknown>>;

export function helloParams(value: unknown): HelloParams {
  const fields = object(value);
  return { secret: text(fields, 'secret'), client: text(fields, 'client') };
}

export function tokenParams(value: unknown): TokenParams {
  const fields = object(value);
  const task = optionalText(fields, 'task');
  return {
    resource: text(fields, 'resource'),
    agent: text(fields, 'agent'),
    ttl: number(fields, 'ttl'),
    ...(task === undefined ? {} : { task }),
  };
}

export function answerParams(value: unknown): AnswerParams {
  const fields = object(value);
  const { answer } = fields;
  if (answer !== 'approve' && answer !== 'deny') throw invalid('answer must be "approve" or "deny"');
  const { scope } = fields;
  if (scope !== undefined && scope !== 'once' && scope !== 'shape')
    throw invalid('scope must be "once" or "shape"');
  const reason = optionalText(fields, 'reason');
  return {
    id: text(fields, 'id'),
    answer,
    ...(reason === undefined ? {} : { reason }),
    ...(scope === undefined ? {} : { scope }),
  };
}

export function answerAccessParams(value: unknown): AnswerAccessParams {
  const fields = object(value);
  const { answer } = fields;
  if (answer !== 'granted' && answer !== 'declined') throw invalid('answer must be "granted" or "declined"');
  const reason = optionalText(fields, 'reason');
  return { id: text(fields, 'id'), answer, ...(reason === undefined ? {} : { reason }) };
}

export function ownDecisionParams(value: unknown): OwnDecisionParams {
  return { text: text(object(value), 'text', longestStatement) };
}

export function ownSchemaParams(value: unknown): OwnSchemaParams {
  const table = optionalText(object(value), 'table');
  return table === undefined ? {} : { table };
}

export function ownDenialsParams(value: unknown): OwnDenialsParams {
  const limit = number(object(value), 'limit');
  if (!Number.isInteger(limit) || limit < 1 || limit > 50) throw invalid('limit must be 1 to 50');
  return { limit };
}

export function requestAccessParams(value: unknown): RequestAccessParams {
  const fields = object(value);
  const reason = text(fields, 'reason');
  return fields.statement === undefined
    ? { reason }
    : { reason, statement: text(fields, 'statement', longestStatement) };
}

export function acceptParams(value: unknown): AcceptParams {
  return { digest: text(object(value), 'digest') };
}

export function namesParams(value: unknown): NamesParams {
  return { resource: text(object(value), 'resource') };
}

export function environmentParams(value: unknown): EnvironmentParams {
  const fields = object(value);
  return { agent: text(fields, 'agent'), session: text(fields, 'session'), ttl: number(fields, 'ttl') };
}

export function hookParams(value: unknown): HookParams {
  const fields = object(value);
  const harness = harnessNames.find((name) => name === fields.harness);
  if (harness === undefined) throw invalid(`harness must be one of ${harnessNames.join(', ')}`);
  const cwd = text(fields, 'cwd');
  return { harness, session: text(fields, 'session'), cwd, event: hookEvent(object(fields.event)) };
}

function hookEvent(fields: Fields): HookEvent {
  if (fields.kind === 'session-start') return { kind: 'session-start', sources: fields.sources === true };
  if (fields.kind !== 'tool') throw invalid('event must be of kind session-start or tool');
  return { kind: 'tool', name: text(fields, 'name'), use: toolUse(object(fields.use)) };
}

function toolUse(fields: Fields): ToolUse {
  const { kind, command, dialect, files } = fields;
  if (kind === 'shell' && typeof command === 'string' && (dialect === 'sh' || dialect === 'powershell'))
    return { kind, command, dialect };
  if ((kind === 'read' || kind === 'write') && isTexts(files)) return { kind, files };
  if (kind === 'other') return { kind };
  throw invalid('use must be a command of a shell, files that are read or written, or of kind other');
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.length <= 1000 && value.every((each) => typeof each === 'string');
}

export function followParams(value: unknown): { readonly backlog: number } {
  const backlog = number(object(value), 'backlog');
  if (!Number.isInteger(backlog) || backlog < 0 || backlog > 10_000)
    throw invalid('backlog must be 0 to 10000');
  return { backlog };
}

/** @throws ResponseError InvalidParams, as the others here */
export function object(value: unknown): Fields {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Fields;
  throw invalid('the parameters must be an object');
}

const longestText = 4096;
/** Of a statement that is not run. */
const longestStatement = 200_000;

export function text(fields: Fields, name: string, longest = longestText): string {
  const value = fields[name];
  if (typeof value === 'string' && value.length <= longest) return value;
  throw invalid(`${name} must be a string of at most ${longest} characters`);
}

export function optionalText(fields: Fields, name: string): string | undefined {
  return fields[name] === undefined ? undefined : text(fields, name);
}

export function number(fields: Fields, name: string): number {
  const value = fields[name];
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  throw invalid(`${name} must be a number`);
}

export function invalid(message: string): ResponseError<void> {
  return new ResponseError(ErrorCodes.InvalidParams, message);
}
