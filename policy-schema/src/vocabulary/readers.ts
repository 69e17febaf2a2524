/** How a typed text becomes a request, on a desk without a server to ask. Loads parsers: import it only where texts are read. */
import type { Resource } from '../model/workspace.ts';
import { analyzeSql, loadSqlParser } from './sql/postgres/analyze.ts';
import { alikeSql } from './sql/postgres/alike.ts';
import { deskNames } from './sql/postgres/desk-names.ts';
import { lengthOf, toRequest } from './sql/postgres/to-request.ts';
import type { Request } from './vocabulary.ts';

/** What a session would add to the meaning of a text. */
export interface TypedSession {
  readonly inTransaction: boolean;
  readonly application: string;
  /** Where names without a schema lie; `public` unless given. */
  readonly searchPath?: readonly string[];
}

export interface RequestReader {
  /** What is typed, for people. */
  readonly what: string;
  /** Once, before the first text is read. */
  load(): Promise<void>;
  /** Never throws for a text. */
  read(text: string, session: TypedSession): Request;
  /**
   * The same for texts of which {@link read} tells the same, but for the text itself and its length. Never throws; needs
   * {@link load}.
   */
  alike(text: string): string;
  /** What {@link read} tells of a text, from what it told of one that is alike. */
  withText(request: Request, text: string): Request;
  /** Whether a text that cannot be read was likely meant for something else, such as a shell. */
  isForeign(request: Request): boolean;
}

/**
 * Every protocol that a resource may speak; a missing one does not compile. Two protocols of one vocabulary (`sql`)
 * read texts differently, so readers go by protocol.
 */
export const readers: Readonly<Record<Resource['protocol'], RequestReader>> = {
  postgres: {
    what: 'a SQL statement',
    load: loadSqlParser,
    read: (text, session) =>
      toRequest(text, analyzeSql(text), deskNames(session.searchPath), session).request,
    alike: alikeSql,
    withText: (request, text) => ({ ...request, text, facts: { ...request.facts, length: lengthOf(text) } }),
    isForeign: ({ text, undecidable }) => undecidable?.code === 'syntax' && foreign.test(text),
  },
};

/** How shell commands, HTTP requests and tool calls begin; no statement of SQL does. */
const foreign =
  /^\s*(?:\$ |#!|\{|\.{0,2}\/\w|(?:sudo|ssh|scp|kubectl|helm|docker|git|curl|wget|psql|npm|aws|gcloud|terraform|rm|ls|cat|cd|mv|cp|chmod)\b|(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS)\s+(?:https?:\/)?\/)/;

let loading: Promise<unknown> | undefined;

/** Load what reading requests needs. A load that failed is tried again. */
export function loadReaders(): Promise<unknown> {
  loading ??= Promise.all(Object.values(readers).map((reader) => reader.load())).catch((thrown: unknown) => {
    loading = undefined;
    throw thrown;
  });
  return loading;
}
