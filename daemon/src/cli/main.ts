#!/usr/bin/env node
import { program } from './program.ts';

// A reader that has seen enough (`| head`) is no error.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') process.exit(0);
  throw error;
});

const root = program();
if (process.argv.length <= 2) root.outputHelp();
else await root.parseAsync();
