/** What features read: all files of a workspace as they stand in the editor, unsaved text included. */
import type { PolicyUnit, World } from '@gatehouse/policy-schema/check/check.ts';
import type { Diagnostic } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import type { ParsedYaml } from '@gatehouse/policy-schema/syntax/parse-yaml.ts';
import type { SyntaxNode } from '@gatehouse/policy-schema/syntax/tree.ts';
import type { FileKind } from '@gatehouse/policy-schema/model/validate.ts';

export interface DeskFile {
  /** Path relative to the workspace folder, with `/`, as diagnostics carry it. */
  readonly file: string;
  readonly kind: FileKind;
  readonly text: string;
  readonly parsed: ParsedYaml;
  /** The tree as far as one can be made, also of a text that is broken somewhere. */
  readonly tree: SyntaxNode | undefined;
  /** As far as the file could be read; it is `partial` when some part has an error. Absent when its head has one. */
  readonly unit?: PolicyUnit;
}

/** Names that a running daemon knows of what a resource holds. Absent parts are not known: then features are silent. */
export interface LiveNames {
  /** Schema-qualified tables and views of a resource, with their columns. */
  tables(resource: string): readonly LiveTable[] | undefined;
}

export interface LiveTable {
  /** Canonical, `schema.table`. */
  readonly name: string;
  readonly kind: 'table' | 'view';
  readonly columns: readonly { readonly name: string; readonly type: string }[];
}

/** What the files as they stand would make of the requests that were recorded lately. */
export interface Traffic {
  /** Such as `7 days`. */
  readonly span: string;
  readonly requests: number;
  readonly rules: readonly RuleTraffic[];
}

export interface RuleTraffic {
  readonly policy: string;
  readonly rule: string;
  /** Requests whose answer it speaks for. */
  readonly hits: number;
  /** Requests whose answer would not be as it was recorded, and was, or would be, its. */
  readonly changes: number;
  readonly examples: readonly {
    readonly text: string;
    readonly agent: string;
    readonly resource: string;
    /** ISO 8601 in UTC. */
    readonly at: string;
    readonly before: string;
    readonly after?: string;
    readonly times: number;
  }[];
}

/** A value; an edit makes a new one, which shares what did not change. Features are pure functions of it. */
export interface Desk {
  readonly files: ReadonlyMap<string, DeskFile>;
  readonly world: World;
  readonly live?: LiveNames;
  /** Absent while nobody knows it: without a record, or for a text by which nothing can be decided. */
  readonly traffic?: Traffic;
  /** Of one file, checks of the whole workspace included. Computed on first use. */
  diagnostics(file: string): readonly Diagnostic[];
}
