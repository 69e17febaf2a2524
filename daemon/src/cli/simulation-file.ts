import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { ConfigFault } from '../core/faults.ts';
import { flips, type Outcome } from '../simulate/simulation.ts';

/** What of a simulation is told in a summary. */
const cause = z.object({
  kind: z.string(),
  name: z.string(),
  policy: z.string().optional(),
  file: z.string().optional(),
  line: z.number().optional(),
});
const example = z.object({ text: z.string(), agent: z.string(), resource: z.string(), times: z.number() });
const count = z.number().int().nonnegative();
const outcomeCounts = {
  allowed: count,
  bounds: count,
  held: count,
  denied: count,
  same: count,
  open: count,
} satisfies Readonly<Record<Outcome, unknown>>;
const shape = z.object({
  policy: z.string(),
  since: z.iso.datetime(),
  requests: count,
  totals: z.object(outcomeCounts),
  flips: z
    .array(z.object({ flip: z.enum(flips), cause, requests: count, examples: z.array(example).readonly() }))
    .readonly(),
});

export type ToldSimulation = z.infer<typeof shape>;

/** Read what `gatehouse simulate --json` wrote. @throws ConfigFault `usage` */
export async function readSimulation(file: string): Promise<ToldSimulation> {
  const text = await readFile(file, 'utf8').catch(() => {
    throw new ConfigFault('usage', `${file} cannot be read. Make it with \`gatehouse simulate --json\`.`);
  });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Told below, as what is no JSON has no shape either.
  }
  const read = shape.safeParse(value);
  if (!read.success)
    throw new ConfigFault('usage', `${file} does not hold what \`gatehouse simulate --json\` writes.`);
  return read.data;
}
