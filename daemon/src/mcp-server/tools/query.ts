import { runTool } from '../run-tool.ts';
import { type StatementResult, statementResult } from '../shapes.ts';
import { defineTool } from '../tool.ts';
import { statementInput } from './statement-input.ts';

export const query = defineTool({
  name: 'query',
  title: 'Read from a resource',
  description:
    'Runs one reading statement (SELECT, WITH, SHOW, EXPLAIN …) in a READ ONLY transaction through Gatehouse, and returns rows as objects with the type of each column and which are masked. Masked values are not the real ones: do not compare, join or report them as if they were. A refusal names the rule and what is allowed instead; a statement that needs a person waits for one, which progress notifications tell.',
  input: statementInput,
  output: statementResult,
  annotations: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
  unreached: ({ resource }, problem): StatementResult => ({ outcome: 'unavailable', resource, problem }),
  run: (desk, { statement: text, parameters: values, ...rest }, call) =>
    runTool(desk, { ...rest, text, values, mode: 'read' }, call),
});
