/** What holds a credential. */
export type FindingKind =
  | 'env-file'
  | 'pgpass'
  | 'service-file'
  | 'compose'
  | 'shell-start'
  | 'agent-settings'
  | 'environment'
  | 'resource-env'
  | 'resource-file'
  | 'resource-command'
  | 'my-cnf'
  | 'kubeconfig'
  | 'ssh-key'
  | 'git-credentials';

export type FindingPlace =
  /** `line` is of the first line, 1; absent where it is the file as a whole. */
  | { readonly kind: 'file'; readonly file: string; readonly line?: number }
  /** A variable of the environment that the editor, its terminals and agents run with. */
  | { readonly kind: 'variable'; readonly name: string };

/** Where in its file a secret stands, so that who may can move it; in UTF-16 units. */
export interface SecretSpan {
  readonly start: number;
  readonly end: number;
  /** How the file writes it. */
  readonly written: 'plain' | 'url' | 'pgpass';
  /** What goes from the file with it: the line, or its part of a URL. */
  readonly cut: { readonly start: number; readonly end: number };
}

export type Fix =
  /** Keep the secret under a name in the editor, and take it out of the file. */
  | { readonly kind: 'move'; readonly secret: string; readonly span: SecretSpan }
  /** Keep it in the editor, and have gatehouse.yaml say `password: { stdin: NAME }` where it says the source now. */
  | {
      readonly kind: 'stdin';
      readonly secret: string;
      readonly file: string;
      readonly at: { readonly start: number; readonly end: number };
    }
  /** Unset it where the editor is started from. */
  | { readonly kind: 'unset' }
  | { readonly kind: 'chmod' };

/** Something that an agent of this user can reach. It never holds a secret: its kind, its place and whose it is, alone. */
export interface Finding {
  /** `direct`: it leads to a resource of the workspace past the gate. `note`: to something that the gate does not guard. */
  readonly level: 'direct' | 'note';
  readonly kind: FindingKind;
  readonly place: FindingPlace;
  /** The resource that it leads to; always with `direct`. */
  readonly resource?: string;
  /** One sentence for the person. */
  readonly words: string;
  readonly fixes: readonly Fix[];
}

export interface Exposure {
  readonly findings: readonly Finding[];
  /** Files that were not looked into though they might hold something, and why. */
  readonly unread: readonly { readonly file: string; readonly why: string }[];
  /** Files that were looked into. */
  readonly looked: number;
}
