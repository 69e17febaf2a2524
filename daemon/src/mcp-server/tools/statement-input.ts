import * as z from 'zod';
import { usualBounds } from '../result-values.ts';

const value = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What `query` and `run` take. */
export const statementInput = z.object({
  resource: z.string().describe('As list_resources names it'),
  statement: z.string().min(1).max(1_000_000).describe('One SQL statement; $1, $2 … stand for parameters'),
  parameters: z
    .array(value)
    .max(1000)
    .default([])
    .describe('Values of $1, $2 … Give values here, not within the text.'),
  maxRows: z
    .int()
    .min(1)
    .max(1000)
    .default(usualBounds.rows)
    .describe('At most so many rows come back; the result says whether there are more'),
  timeoutSeconds: z
    .int()
    .min(1)
    .max(600)
    .default(30)
    .describe('How long it may run. Waiting for a person does not count.'),
});
