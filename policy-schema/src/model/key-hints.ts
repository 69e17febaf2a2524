import { vocabularies } from '../vocabulary/registry.ts';

/** Keys that people bring along from elsewhere, or write one level too high. */
const foreign: Readonly<Record<string, string>> = {
  url: 'Write `host`, `port`, `database` and `user` as keys of their own, and where the password comes from.',
  dsn: 'Write `host`, `port`, `database` and `user` as keys of their own, and where the password comes from.',
  uri: 'Write `host`, `port`, `database` and `user` as keys of their own, and where the password comes from.',
  sslmode: 'Write `tls: { mode: verify-full }`.',
  condition: 'A condition is written as `when:`.',
  if: 'A condition is written as `when:`.',
  action:
    'A rule says `effect: allow`, `approve` or `deny`; kinds of action stand below `sql: { actions: [...] }`.',
  reason: 'The text for whoever is refused is `message:`.',
  timeout:
    'How long a held request waits is `approval: { within: 10m }`; how long one may run is `limits: { duration: 30s }`.',
  priority: 'Rules have no order: deny beats approve beats allow.',
  order: 'Rules have no order: deny beats approve beats allow.',
};

/** What to do about an unknown key that is known somewhere else; undefined when it is known nowhere. */
export function misplacedKeyHint(key: string, steps: readonly string[]): string | undefined {
  const inRule = steps[0] === 'rules' && steps.length === 2;
  if (inRule) {
    for (const vocabulary of Object.values(vocabularies)) {
      if (key === 'actions' || Object.hasOwn(vocabulary.selectors, key)) {
        return `It belongs one level deeper: \`${vocabulary.name}: { ${key}: [...] }\`.`;
      }
    }
    if (key === 'by' || key === 'within')
      return `It belongs one level deeper: \`approval: { ${key}: ... }\`.`;
  }
  const inPolicy = steps.length === 0;
  if (inPolicy && ['to', 'agents', 'groups', 'resources'].includes(key)) {
    return 'Whom and what a policy speaks of stands below `applies: { to: [...], agents: [...], groups: [...] }`.';
  }
  return Object.hasOwn(foreign, key) ? foreign[key] : undefined;
}
