/**
 * `npm run bench`: all benchmarks, or those that are named (`npm run bench -- language`). Each writes its page in
 * docs/benchmarks/. `--quick`: short runs that print and write nothing.
 */
const benchmarks: Readonly<Record<string, () => Promise<void>>> = {
  postgres: async () => (await import('./postgres.ts')).benchPostgres(),
  simulation: async () => (await import('./simulation.ts')).benchSimulation(),
  language: async () => (await import('./language.ts')).benchLanguage(),
};

const named = process.argv.slice(2).filter((argument) => !argument.startsWith('-'));
const unknown = named.find((name) => !(name in benchmarks));
if (unknown !== undefined) {
  console.error(`There is no benchmark ${unknown}. There are: ${Object.keys(benchmarks).join(', ')}.`);
  process.exitCode = 2;
} else {
  for (const [name, run] of Object.entries(benchmarks))
    if (named.length === 0 || named.includes(name)) await run();
}
