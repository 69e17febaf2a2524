import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import type { AcceptParams, AnswerParams, HelloParams, NamesParams, TokenParams } from './messages.ts';

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
  const reason = optionalText(fields, 'reason');
  return { id: text(fields, 'id'), answer, ...(reason === undefined ? {} : { reason }) };
}

export function acceptParams(value: unknown): AcceptParams {
  return { digest: text(object(value), 'digest') };
}

export function namesParams(value: unknown): NamesParams {
  return { resource: text(object(value), 'resource') };
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

export function text(fields: Fields, name: string): string {
  const value = fields[name];
  if (typeof value === 'string' && value.length <= longestText) return value;
  throw invalid(`${name} must be a string of at most ${longestText} characters`);
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
