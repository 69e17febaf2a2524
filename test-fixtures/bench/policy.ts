/** A policy of fifty rules, of which two let the benchmark's statements pass, and the workspace around it. */
export const benchPolicy = `gatehouse: v1
kind: Policy
name: bench
applies: { to: ["*"] }
rules:
  - name: run-a-session
    effect: allow
    sql: { actions: [begin, commit, rollback, values, show, prepare, execute, deallocate] }
  - name: read-what-pgbench-asks
    effect: allow
    sql: { actions: [select], tables: ["public.pgbench_*", "pg_catalog.pg_*", public.people, public.people_clear, public.people_tokens] }
  - name: what-pgbench-calls
    effect: allow
    sql: { actions: [call], functions: ["pg_catalog.*"] }
  - name: no-schema-changes
    effect: deny
    sql: { actions: [create, alter, drop, truncate, grant, revoke] }
    message: Schema changes go through a migration.
  - name: no-writes-without-where
    effect: deny
    sql: { actions: [update, delete] }
    when: "!request.sql.hasWhere"
${Array.from({ length: 45 }, (_, index) => furtherRule(index)).join('')}
masks:
  - { columns: [public.people.email], with: redact }
  - { columns: [public.people_tokens.email], with: tokenize }
  - { columns: ["*.ssn"], with: redact }
`;

function furtherRule(index: number): string {
  const name = `  - name: rule-${index}\n`;
  switch (index % 5) {
    case 0:
      return `${name}    effect: allow\n    sql: { actions: [select], tables: [area${index}.*] }\n`;
    case 1:
      return `${name}    effect: deny\n    sql: { tables: [private${index}.*] }\n    message: Not for agents.\n`;
    case 2:
      return `${name}    effect: approve\n    sql: { actions: [insert, update, delete], tables: [area${index}.ledger] }\n`;
    case 3:
      return `${name}    effect: deny\n    sql: { actions: [select], tables: ["*"] }\n    when: request.sql.statementCount > ${index + 20}\n`;
    default:
      return `${name}    effect: deny\n    sql: { actions: [select, call] }\n    when: principal.agent == "agent-${index}" && resource.labels.env == "prod"\n`;
  }
}
