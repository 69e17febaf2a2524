import type { NameKind } from '@gatehouse/policy-schema/model/names.ts';

interface NameWords {
  /** With its article. */
  readonly words: string;
  /** `name`: the letters of {@link namePattern} alone; `text`: what people outside of Gatehouse are called. */
  readonly grammar: 'name' | 'text';
}

const kinds: Readonly<Record<NameKind, NameWords>> = {
  resource: { words: 'a resource', grammar: 'name' },
  label: { words: 'a label', grammar: 'name' },
  policy: { words: 'a policy', grammar: 'name' },
  rule: { words: 'a rule', grammar: 'name' },
  list: { words: 'a list', grammar: 'name' },
  tokens: { words: 'a set of tokens', grammar: 'name' },
  group: { words: 'a group', grammar: 'text' },
  person: { words: 'a person', grammar: 'text' },
  agent: { words: 'an agent', grammar: 'text' },
};

/** A name as people speak of it. The values of labels are texts, their keys are names. */
export function nameWords(kind: NameKind, name: string): NameWords {
  if (kind === 'label' && name.includes('=')) return { words: 'a label with the value', grammar: 'text' };
  return kinds[kind];
}

/** As the schema has it. */
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
const maxText = 200;

/** Why a new name cannot be one, or undefined. */
export function nameFault(kind: NameKind, name: string, to: string): string | undefined {
  const { words, grammar } = nameWords(kind, name);
  if (grammar === 'name') {
    return namePattern.test(to)
      ? undefined
      : `The name of ${words} has letters, digits, \`.\`, \`_\` and \`-\`, begins with a letter or digit, and is at most 128 long.`;
  }
  if (to.trim() === '') return 'The new name is empty.';
  if (to.length > maxText) return `The new name has ${to.length} characters, and ${maxText} are the most.`;
  if (to !== to.trim())
    return 'The new name begins or ends with white space, so that nothing would match it.';
  if (/\p{Cc}|\p{Zl}|\p{Zp}/u.test(to))
    return 'The new name holds a line break or another character that cannot be seen.';
  if (to.includes('*')) return 'With `*` this would be a pattern, and no name any more.';
  if (to.startsWith('$')) return 'What begins with `$` is the name of a list.';
  if (/^(group|person):/.test(to))
    return 'Write the bare name; `group:` and `person:` are written where they are needed.';
  return undefined;
}
