/** Every code that a diagnostic of a policy or workspace file may carry, with what it stands for. */
export const diagnosticCodes = {
  syntax: 'The text is not the YAML that Gatehouse reads.',
  'duplicate-key': 'A key stands twice in one mapping.',
  'unknown-key': 'A key that does not exist there.',
  'missing-key': 'A key that must be there is not.',
  'misplaced-key': 'A key that exists, but makes no sense in this company.',
  'wrong-type': 'A value of another type than the key takes.',
  'unknown-value': 'A value that is none of the possible ones.',
  'out-of-range': 'A number, text or list that is too small or too large.',
  'bad-name': 'A name with characters that names do not have.',
  'bad-approver': 'An approver that is no `group:NAME`, `person:NAME` or `*`.',
  'bad-duration': 'A duration that cannot be read.',
  'bad-size': 'A size that cannot be read.',
  'bad-step': 'A width of buckets that cannot be read.',
  'bad-pattern': 'A pattern that can match nothing.',
  'duplicate-rule': 'Two rules of a policy share a name.',
  'duplicate-policy': 'Two policies share a name.',
  'duplicate-resource': 'Two resources share a name.',
  'duplicate-port': 'Two resources listen on the same port.',
  'condition-syntax': 'A condition that is not CEL.',
  'condition-type': 'A condition that names unknown facts or mixes types.',
  'unknown-resource': 'A policy that applies to a resource that is not declared.',
  'secret-in-file': 'A credential that stands in a file of the workspace.',
  'insecure-tls': 'A database that is reached over the network without proof of who it is.',
} as const satisfies Readonly<Record<string, string>>;

export type DiagnosticCode = keyof typeof diagnosticCodes;
