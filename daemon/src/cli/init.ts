import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { Command } from 'commander';
import { configFolder, workspaceFile } from '@gatehouse/policy-schema/model/layout.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { policySample, readmeSample, workspaceSample } from './samples.ts';
import { out } from './terminal.ts';

/** Where the schemas lie in a workspace: beside what they describe, so that no editor has to fetch them. */
const schemaFolder = `${configFolder}/schema/v1`;

/** The comment by which editors with YAML support find the schema; relative to the file. */
const schemaLines: Readonly<Record<string, string>> = {
  [workspaceFile]: '# yaml-language-server: $schema=schema/v1/workspace.schema.json\n',
  [`${configFolder}/policies/shop.policy.yaml`]:
    '# yaml-language-server: $schema=../schema/v1/policy.schema.json\n',
};

const samples: Readonly<Record<string, string>> = {
  [workspaceFile]: workspaceSample,
  [`${configFolder}/policies/shop.policy.yaml`]: policySample,
  [`${configFolder}/README.md`]: readmeSample,
};

export function initCommand(): Command {
  return new Command('init')
    .summary('write sample policy files')
    .description(
      `Write a ${configFolder} folder with commented samples. A file that is there is never changed.`,
    )
    .argument('[folder]', 'where; the working folder unless given')
    .option('--schema', 'write the JSON Schemas too, for editors without the extension')
    .addHelpText(
      'after',
      '\nExamples:\n  $ gatehouse init\n  $ gatehouse init --schema                   completion in any editor that knows YAML\n  $ gatehouse init ../shop && gatehouse -C ../shop check',
    )
    .action(
      run(async (given: string | undefined, { schema }: { readonly schema?: boolean }, command: Command) => {
        const { workspace } = command.optsWithGlobals<{ workspace?: string }>();
        const folder = path.resolve(given ?? workspace ?? '.');
        let written = 0;
        const files = schema === true ? await withSchemas() : samples;
        for (const [file, text] of Object.entries(files)) {
          const fresh = await writeNew(path.join(folder, file), text);
          if (fresh) written++;
          out.line(
            fresh ? `${out.paint('green', 'wrote')}  ${file}` : `${out.paint('dim', 'kept')}   ${file}`,
          );
        }
        if (written > 0) {
          out.line();
          out.line(
            `Next: say where your database is in ${workspaceFile}, then \`gatehouse check\` and \`gatehouse up\`.`,
          );
        }
        return exitCodes.ok;
      }),
    );
}

async function withSchemas(): Promise<Readonly<Record<string, string>>> {
  const { schemaFiles } = await import('@gatehouse/policy-schema/model/schema-files.ts');
  const named = Object.entries(samples).map(([file, text]) => [file, `${schemaLines[file] ?? ''}${text}`]);
  const schemas = [...schemaFiles()].map(([name, text]) => [`${schemaFolder}/${name}`, text]);
  return Object.fromEntries([...named, ...schemas]);
}

/** False: a file is there, and stays as it is. */
async function writeNew(file: string, text: string): Promise<boolean> {
  await mkdir(path.dirname(file), { recursive: true });
  try {
    await writeFile(file, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}
