/** A workspace as a large company might have: two hundred policies, one of them long. */
import { policyFolder, policySuffix, workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';

const policies = 200;
const rulesEach = 20;
/** With its rules of ten lines, a file of a thousand lines. */
const longRules = 100;

export const longFile = `${policyFolder}/long${policySuffix}`;

export function languageWorkspace(): ReadonlyMap<string, string> {
  const files = new Map([[workspaceFile, workspace()]]);
  for (let index = 0; index < policies - 1; index++)
    files.set(`${policyFolder}/team-${index}${policySuffix}`, policy(`team-${index}`, rulesEach, index));
  files.set(longFile, policy('long', longRules, policies));
  return files;
}

function workspace(): string {
  const resources = Array.from(
    { length: 20 },
    (_, index) =>
      `  - { name: db-${index}, protocol: postgres, labels: { env: ${index % 3 === 0 ? 'prod' : 'dev'} }, host: localhost, database: shop, user: gatehouse_${index} }\n`,
  );
  return `gatehouse: v1\nkind: Workspace\nresources:\n${resources.join('')}`;
}

const effects = ['allow', 'deny', 'approve', 'allow'] as const;

function policy(name: string, rules: number, seed: number): string {
  const written = Array.from({ length: rules }, (_, index) => rule(index, seed));
  return `gatehouse: v1
kind: Policy
name: ${name}
applies: { to: [db-${seed % 20}, db-${(seed * 7 + 3) % 20}] }
rules:
${written.join('')}masks:
  - columns: [public.people_${seed}.email]
    with: tokenize
limits: { rows: 1000, duration: 30s }
`;
}

function rule(index: number, seed: number): string {
  const effect = effects[(index + seed) % effects.length] ?? 'deny';
  const own = `t${(seed * 31 + index * 7) % 500}`;
  return `  - name: work-${index}
    # Asked for by team ${seed % 17}.
    effect: ${effect}
    sql:
      actions: [${effect === 'allow' ? 'select' : 'update, delete'}]
      tables: [public.${own}, "archive_${index}.${own}_*"]
    when: |
      request.sql.hasWhere && request.sql.tables.all(t, t.startsWith("public."))
        || "team-${index % 9}" in principal.groups
    ${effect === 'deny' ? `message: "Ask team ${seed % 17} before writing to ${own}."` : `# Reviewed in month ${(index % 12) + 1}.`}
`;
}
