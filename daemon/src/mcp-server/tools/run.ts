import { runTool } from '../run-tool.ts';
import { type StatementResult, statementResult } from '../shapes.ts';
import { defineTool } from '../tool.ts';
import { statementInput } from './statement-input.ts';

export const run = defineTool({
  name: 'run',
  title: 'Run a statement',
  description:
    'Runs any one statement through Gatehouse, also one that writes, and commits it by itself. Each call has a session of its own: transactions, SET and temporary tables do not outlive it. Use `query` for reading. Changes often wait for a person: the call then stays open, and progress notifications tell who is asked and how long is left. A refusal names the rule and what is allowed instead.',
  input: statementInput,
  output: statementResult,
  annotations: { readOnlyHint: false, destructiveHint: true, idempotentHint: false, openWorldHint: false },
  unreached: ({ resource }, problem): StatementResult => ({ outcome: 'unavailable', resource, problem }),
  run: (desk, { statement: text, parameters: values, ...rest }, call) =>
    runTool(desk, { ...rest, text, values, mode: 'any' }, call),
});
