import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { isProduction } from '../places.ts';

export const passwordInEnvironment: Check<'workspace'> = {
  code: 'password-in-environment',
  family: 'risk',
  severity: 'information',
  title: 'A password of production that stands in an environment which agents may be able to read.',
  unit: 'workspace',
  reads: 'file',
  check({ root, workspace }, report) {
    const resources = entryOf(root, 'resources')?.value;
    if (resources?.kind !== 'sequence') return;
    resources.items.forEach((node, index) => {
      const resource = workspace.resources[index];
      const variable = entryOf(entryOf(node, 'password')?.value, 'env');
      if (variable === undefined || resource === undefined || !isProduction(resource)) return;
      const message = `Processes of the same user can read the daemon's environment, agents among them, and this is the password of \`${resource.name}\`. Take it from a \`command\`, or from \`stdin\`.`;
      report(variable.keyRange, message);
    });
  },
};
