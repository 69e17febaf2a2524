import { entryOf } from '../../../syntax/tree.ts';
import type { Check } from '../../check.ts';
import { isForTrials } from '../places.ts';

/** First users of PostgreSQL, and of those who offer it as a service. */
const administrators: ReadonlySet<string> = new Set([
  'postgres',
  'root',
  'superuser',
  'rdsadmin',
  'rds_superuser',
  'cloudsqlsuperuser',
  'cloudsqladmin',
  'azuresu',
  'azure_pg_admin',
  'supabase_admin',
  'doadmin',
  'avnadmin',
]);

export const superuserLogin: Check<'workspace'> = {
  code: 'superuser-login',
  family: 'risk',
  severity: 'warning',
  title: 'A resource that agents reach as the administrator of its server.',
  unit: 'workspace',
  reads: 'file',
  check({ root, workspace }, report) {
    const resources = entryOf(root, 'resources')?.value;
    if (resources?.kind !== 'sequence') return;
    resources.items.forEach((node, index) => {
      const resource = workspace.resources[index];
      const user = entryOf(node, 'user')?.value;
      if (user === undefined || resource === undefined || isForTrials(resource)) return;
      if (!administrators.has(resource.user)) return;
      const message = `\`${resource.user}\` administers the whole server, so nothing but the policy stands between an agent and its files, roles and other databases. Make a user of its own with the rights that agents need.`;
      report(user.range, message);
    });
  },
};
