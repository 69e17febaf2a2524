import type { VocabularyName } from '../vocabulary/vocabulary.ts';
import type { BudgetScope, Effect, MaskKind, TimeStep } from './policy.ts';

/** Files as they are written, once the schemas have accepted them. Kept in step with them by the loaders' tests. */

export type RawBlock = Readonly<Record<string, readonly string[]>>;

export type RawRule = {
  readonly name: string;
  readonly effect: Effect;
  readonly when?: string;
  readonly message?: string;
  readonly approval?: { readonly by?: readonly string[]; readonly within?: string; readonly counts?: 'rows' };
} & { readonly [Name in VocabularyName]?: RawBlock };

export interface RawMask {
  readonly columns: readonly string[];
  readonly with: MaskKind | null;
  readonly keep?: { readonly first?: number; readonly last?: number };
  readonly step?: number | TimeStep;
  readonly harmless?: readonly string[];
  readonly writable?: boolean;
  readonly tokens?: string;
  readonly unless?: { readonly groups?: readonly string[]; readonly people?: readonly string[] };
}

export interface RawPolicy {
  readonly name: string;
  readonly mode?: 'enforce' | 'observe';
  readonly owner?: string;
  readonly lists?: Readonly<Record<string, readonly string[]>>;
  readonly applies: {
    readonly to: readonly string[];
    readonly agents?: readonly string[];
    readonly groups?: readonly string[];
  };
  readonly rules?: readonly RawRule[];
  readonly masks?: readonly RawMask[];
  readonly limits?: {
    readonly rows?: number;
    readonly bytes?: string | number;
    readonly duration?: string;
    readonly statementsPerMinute?: number;
    readonly cost?: number;
    readonly estimatedRows?: number;
  };
  readonly budgets?: { readonly [Scope in BudgetScope]?: RawBudget };
}

export interface RawBudget {
  readonly rows?: number;
  readonly bytes?: string | number;
  readonly cost?: number;
}

export interface RawExtended {
  readonly name: string;
  readonly git: string;
  readonly rev: string;
  readonly path?: string;
}

export interface RawResource {
  readonly name: string;
  readonly protocol: 'postgres';
  readonly labels?: Readonly<Record<string, string>>;
  readonly host: string;
  readonly port?: number;
  readonly database: string;
  readonly user: string;
  readonly password?:
    | { readonly command: readonly string[] }
    | { readonly file: string }
    | { readonly env: string }
    | { readonly stdin: string };
  readonly tls?: {
    readonly mode?: 'disable' | 'require' | 'verify-ca' | 'verify-full';
    readonly negotiation?: 'postgres' | 'direct';
    readonly ca?: string;
  };
  readonly listen?: number;
}

export interface RawWorkspace {
  readonly resources: readonly RawResource[];
  readonly extends?: readonly RawExtended[];
  readonly groups?: Readonly<Record<string, string>>;
  readonly records?: {
    readonly durability?: 'durable' | 'written';
    readonly results?: { readonly rows?: number; readonly bytes?: string | number };
  };
  readonly sizes?: {
    readonly maxStatementBytes?: string | number;
    readonly maxMessageBytes?: string | number;
  };
}
