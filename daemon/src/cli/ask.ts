import { createInterface } from 'node:readline/promises';

/** Ask a person on the terminal. Anything but `y` or `yes` is no. */
export async function confirm(question: string): Promise<boolean> {
  const readline = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const answer = await readline.question(`${question} [y/N] `);
    return /^\s*(y|yes)\s*$/i.test(answer);
  } finally {
    readline.close();
  }
}
