/** The results of tools, as clients are promised them. Every shape also fits a denial, as clients check that too. */
import * as z from 'zod';

const effect = z.enum(['allow', 'approve', 'deny']);

export const rule = z.object({
  effect,
  rule: z.string(),
  policy: z.string().describe('The policy that holds the rule'),
  place: z.string().describe('file:line of the rule'),
  words: z.string().describe('What the rule means, in plain English'),
});

export const problem = z.object({
  id: z.string().optional().describe('Give it to explain_denial'),
  message: z.string(),
  detail: z.string().optional().describe('The rules that decided, with file and line'),
  hint: z.string().optional().describe('What could be done instead'),
  sqlstate: z.string().optional(),
  position: z.int().optional().describe('Where in the statement, from 1'),
  allowed: z.array(rule).optional().describe('What this agent may do at this resource'),
  next: z.array(z.string()).describe('What to do now'),
});

const mask = z.enum(['redact', 'partial', 'hash', 'range', 'tokenize', 'null']);

const outcome = z
  .enum(['completed', 'denied', 'failed', 'cancelled', 'unavailable'])
  .describe(
    'denied: the gate refused it; failed: the database did; cancelled: by the caller or by time; unavailable: the gate or the resource is not to be reached',
  );

export const statementResult = z.object({
  outcome,
  resource: z.string(),
  command: z.string().optional().describe('The command that was run, such as SELECT'),
  columns: z
    .array(
      z.object({
        name: z.string(),
        type: z.string(),
        masked: mask.optional().describe('The values are not the real ones'),
      }),
    )
    .optional(),
  rows: z.array(z.record(z.string(), z.unknown())).optional(),
  rowCount: z.int().optional().describe('Rows that were written, or that are here'),
  truncated: z.boolean().optional().describe('There are more rows than are here'),
  cutValues: z.int().optional().describe('Values that are here in part only'),
  notices: z.array(z.string()).optional(),
  approval: z
    .object({ id: z.string(), waitedMs: z.int() })
    .optional()
    .describe('A person was asked about it'),
  problem: problem.optional(),
});

export type StatementResult = z.input<typeof statementResult>;

export const resourceList = z.object({
  agent: z.string().describe('The name by which the gate knows this agent'),
  resources: z.array(
    z.object({
      name: z.string(),
      protocol: z.string(),
      labels: z.record(z.string(), z.string()),
      available: z.boolean(),
      problem: z.string().optional().describe('Why it is not to be reached'),
      rules: z.array(rule),
      masks: z.array(z.object({ columns: z.array(z.string()), with: mask, words: z.string() })),
      bounds: z.array(z.string()).describe('Limits and budgets'),
      access: z
        .array(
          z.object({
            id: z.string(),
            reason: z.string(),
            state: z.enum(['waiting', 'granted', 'declined']),
            words: z.string().optional().describe('What the person says'),
          }),
        )
        .describe('What was asked of people by request_access'),
    }),
  ),
  problem: problem.optional(),
});

export const schemaResult = z.object({
  resource: z.string(),
  tables: z.array(
    z.object({
      name: z.string().describe('With its schema, as statements may write it'),
      kind: z.enum(['table', 'view']),
      reading: effect.describe('What the gate would decide of reading all of its columns'),
      columns: z.array(z.object({ name: z.string(), type: z.string(), masked: mask.optional() })),
    }),
  ),
  partial: z.boolean().describe('There are more tables: ask for a part of their names'),
  problem: problem.optional(),
});

export const explanation = z.object({
  resource: z.string(),
  effect: effect.optional().describe('Absent where nothing could be decided'),
  reason: z.string().optional(),
  hint: z.string().optional(),
  actions: z
    .array(
      z.object({
        action: z.string(),
        effect,
        rules: z.array(
          z.object({
            rule: z.string(),
            policy: z.string(),
            effect,
            place: z.string(),
            message: z.string().optional(),
          }),
        ),
      }),
    )
    .optional(),
  masks: z.array(z.object({ columns: z.array(z.string()), with: mask, words: z.string() })).optional(),
  bounds: z.array(z.string()).optional(),
  approval: z
    .object({ by: z.array(z.array(z.string())), withinSeconds: z.int() })
    .optional()
    .describe('Who would be asked: one of each list'),
  needsPlan: z.boolean().optional().describe('What the database plans may change the answer'),
  trace: z.array(z.string()).optional().describe('What each rule makes of it'),
  allowed: z.array(rule).optional(),
  denial: z
    .object({
      id: z.string(),
      at: z.string(),
      statement: z.string(),
      message: z.string(),
      detail: z.string().optional(),
      hint: z.string().optional(),
    })
    .optional()
    .describe('The denial that is explained'),
  problem: problem.optional(),
});

export const accessResult = z.object({
  resource: z.string(),
  id: z.string().optional(),
  state: z.enum(['waiting', 'granted', 'declined']).optional(),
  words: z.string().optional().describe('What the person says'),
  next: z.array(z.string()),
  problem: problem.optional(),
});
