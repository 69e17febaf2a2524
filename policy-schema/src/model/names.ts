/** Names that people give and use, over all files of a workspace: where each is made and where it is used. */
import type { FileRange } from '../syntax/diagnostic.ts';

/**
 * What may be named. `resource`, `label`, `policy`, `rule`, `list`, `tokens` are made in the files; `group`, `person` and
 * `agent` come from outside, and gatehouse.yaml may make groups known.
 */
export type NameKind =
  | 'resource'
  | 'label'
  | 'policy'
  | 'rule'
  | 'list'
  | 'tokens'
  | 'group'
  | 'person'
  | 'agent';

export interface NameUse extends FileRange {
  readonly kind: NameKind;
  /** As it is compared: the bare name, without `$`, `group:` or quotes. Rules: `policy/rule`. Labels: `key=value`. */
  readonly name: string;
  /** `pattern`: it holds a `*`, and speaks of every name that it matches. */
  readonly role: 'definition' | 'reference' | 'pattern';
}
