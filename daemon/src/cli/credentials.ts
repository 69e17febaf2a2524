import os from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import { ConfigFault } from '../core/faults.ts';
import { readTextFile } from '../workspace/files.ts';
import { contextOf } from './context.ts';
import { exitCodes } from './exit-codes.ts';
import { run } from './run.ts';
import { err, json, out } from './terminal.ts';
import { plural } from './text.ts';

export function credentialsCommand(): Command {
  return new Command('credentials')
    .summary('find credentials that go around the gate')
    .description(
      "Look where agents of this user could find a password of the workspace's resources: .env files, ~/.pgpass, service files, compose files, the environment, and the sources that gatehouse.yaml names. Says places, never secrets. Only with none of them left does the gate hold by itself.",
    )
    .option('--json', 'as one JSON object')
    .addHelpText(
      'after',
      `
Examples:
  $ gatehouse credentials

Exit status: 0 none leads to a resource, 1 some do, 2 could not run.`,
    )
    .action(
      run(async (options: { readonly json?: boolean }, command: Command) => {
        const { workspaceFolder } = await contextOf(command);
        const [{ findExposure }, { targetsOf }] = await Promise.all([
          import('../agents/exposure/find.ts'),
          import('../agents/exposure/targets.ts'),
        ]);
        const file = path.join(workspaceFolder, '.gatehouse', 'gatehouse.yaml');
        const targets = targetsOf(file, await readTextFile(file));
        if (targets === undefined)
          throw new ConfigFault('workspace-invalid', `${file} has errors; see \`gatehouse check\`.`);
        const found = await findExposure(targets, {
          workspaceFolder,
          home: os.homedir(),
          platform: process.platform,
          env: process.env,
        });
        const direct = found.findings.filter(({ level }) => level === 'direct').length;
        if (options.json === true) json(found);
        else {
          const short = (name: string) => {
            const relative = path.relative(workspaceFolder, name);
            return relative.startsWith('..') ? name.replace(os.homedir(), '~') : relative;
          };
          for (const { level, place, words } of found.findings) {
            const mark = level === 'direct' ? out.paint('red', '✗') : out.paint('dim', '•');
            const where =
              place.kind === 'variable'
                ? `$${place.name}`
                : `${short(place.file)}${place.line === undefined ? '' : `:${place.line}`}`;
            out.line(
              `${mark} ${out.paint('bold', where)}  ${level === 'direct' ? words : out.paint('dim', words)}`,
            );
          }
          for (const { file: unread, why } of found.unread)
            err.line(`${err.paint('yellow', 'warning:')} ${short(unread)} was not looked into: ${why}`);
          out.line(
            direct === 0
              ? out.paint('green', 'No credential of a resource is within reach: the gate holds by itself.')
              : `${plural(direct, 'direct credential')} within reach: agents are steered, not held.`,
          );
        }
        return direct === 0 ? exitCodes.ok : exitCodes.no;
      }),
    );
}
