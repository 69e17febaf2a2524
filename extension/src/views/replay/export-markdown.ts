import type { SessionRow, RecordedApproval, ToldStep } from '@gatehouse/daemon/control/messages.ts';

/** A session as a Markdown document, for people who have no VS Code at hand. In English: it is a record. */
export function sessionMarkdown(session: SessionRow, steps: readonly ToldStep[]): string {
  const { agent, resource, person, task, openedAt, state, closedReason, requests, denied, approved, client } =
    session;
  const facts = [
    `- Session: ${code(session.id)}`,
    `- Opened: ${openedAt}`,
    `- State: ${state}${closedReason === undefined ? '' : ` (${escaped(closedReason)})`}`,
    `- Person: ${escaped(person)}`,
    ...(task === '' ? [] : [`- Task: ${escaped(task)}`]),
    `- Client: ${escaped(client.application || 'unnamed')} at ${escaped(client.address)}`,
    `- Requests: ${requests}, of these ${denied} denied and ${approved} approved by a person`,
  ];
  const parts = [
    `# ${escaped(agent)} on ${escaped(resource)}`,
    facts.join('\n'),
    ...steps.flatMap((step, index) => stepParts(step, index + 1)),
  ];
  return `${parts.join('\n\n')}\n`;
}

const words = { allow: 'Allowed', approve: 'Approved', deny: 'Denied' } as const;

function stepParts(step: ToldStep, number: number): readonly string[] {
  if (step.kind === 'approval') {
    const { asked } = step.approval;
    return [`## ${number}. Not answered`, fence(asked.text), approvalLines(step.approval).join('\n')];
  }
  const { decided, answered, approval } = step;
  const rules = decided.actions
    .filter(({ effect }) => effect === decided.effect)
    .flatMap(({ rules: own }) =>
      own.map(({ policy, rule, location }) => `${policy}/${rule} (${location.file}:${location.line})`),
    );
  const given = (decided.parameters ?? []).map(
    (value, at) => `$${at + 1} = ${value === null ? 'NULL' : value}`,
  );
  const lines = [
    `- At: ${decided.at}`,
    `- Reason: ${escaped(decided.reason)}`,
    ...[...new Set(rules)].map((rule) => `- Rule: ${code(rule)}`),
    ...given.map((each) => `- Parameter: ${code(each)}`),
    ...(answered === undefined
      ? []
      : step.masks.map((mask) => `- Mask: ${code(mask.columns.join(', '))} (${mask.with})`)),
    ...(approval === undefined ? [] : approvalLines(approval)),
    ...(answered === undefined ? [] : outcomeLines(answered)),
  ];
  const result = answered?.result;
  return [
    `## ${number}. ${words[decided.effect]}${decided.stage === 'prepare' ? ' (prepared, not run)' : ''}`,
    fence(decided.text),
    lines.join('\n'),
    ...(result === undefined || result.columns.length === 0 ? [] : [table(result)]),
  ];
}

function approvalLines({ asked, answered }: RecordedApproval): readonly string[] {
  const by = asked.by.map((names) => names.join(', ')).join('; ');
  const answer =
    answered === undefined
      ? 'none'
      : `${answered.answer}${answered.by === undefined ? '' : ` by ${answered.by}`} at ${answered.at}`;
  const reason = answered?.reason === undefined ? '' : `: ${answered.reason}`;
  return [`- Approval: asked of ${escaped(by)} at ${asked.at}`, `- Answer: ${escaped(`${answer}${reason}`)}`];
}

type Answered = NonNullable<Extract<ToldStep, { kind: 'request' }>['answered']>;

function outcomeLines({ outcome, tag, rows, bytes, durationMs, error }: Answered): readonly string[] {
  const what = outcome === 'completed' ? (tag ?? outcome) : outcome;
  return [
    `- Outcome: ${escaped(what)}, ${rows} rows, ${bytes} bytes, ${durationMs} ms`,
    ...(error === undefined ? [] : [`- Error: ${escaped(`${error.code} ${error.message}`)}`]),
  ];
}

function table({ columns, rows, truncated }: NonNullable<Answered['result']>): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [
    line(columns.map(escaped)),
    line(columns.map(() => '---')),
    ...rows.map((row) => line(columns.map((_, at) => escaped(row[at] ?? 'NULL')))),
    ...(truncated ? ['', 'There was more than was kept.'] : []),
  ].join('\n');
}

function fence(text: string): string {
  const longest = Math.max(2, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  return `${mark}sql\n${text.trim()}\n${mark}`;
}

function code(text: string): string {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([run]) => run.length));
  const mark = '`'.repeat(longest + 1);
  const pad = text.startsWith('`') || text.endsWith('`') ? ' ' : '';
  return `${mark}${pad}${text.replace(/\s+/g, ' ')}${pad}${mark}`;
}

/** On one line, without markup. */
function escaped(text: string): string {
  return text.replace(/[\\`*_{}[\]#|<>&]/g, '\\$&').replace(/\s+/g, ' ');
}
