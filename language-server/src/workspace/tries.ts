import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { configFolder } from '@gatehouse/policy-schema/model/layout.ts';
import type { Try } from '../simulate/try-request.ts';

/** Requests that people tried lately, by policy file, newest first. Git leaves the folder out unless its `.gitignore` goes. */
const folder = `${configFolder}/tries`;
const most = 20;
const longestText = 10_000;

/** The last requests of a policy file; none where there are none, or they cannot be read. */
export async function recentTries(root: string, policyFile: string): Promise<readonly Try[]> {
  try {
    const value: unknown = JSON.parse(await readFile(fileOf(root, policyFile), 'utf8'));
    return Array.isArray(value) ? value.flatMap(readTry).slice(0, most) : [];
  } catch {
    return [];
  }
}

/** Keep a request as the newest one. What cannot be written is not kept, and nobody is bothered. */
export async function keepTry(root: string, policyFile: string, asked: Try): Promise<void> {
  if (asked.text.length > longestText) return;
  const { at: _, ...kept } = asked;
  const others = (await recentTries(root, policyFile)).filter(
    (each) => JSON.stringify(each) !== JSON.stringify(kept),
  );
  const file = fileOf(root, policyFile);
  const fresh = `${file}.${randomBytes(4).toString('hex')}`;
  try {
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(path.join(root, folder, '.gitignore'), '*\n', { flag: 'wx' }).catch(() => {});
    await writeFile(fresh, `${JSON.stringify([kept, ...others].slice(0, most), undefined, 2)}\n`);
    await rename(fresh, file);
  } catch {
    await rm(fresh, { force: true });
  }
}

function fileOf(root: string, policyFile: string): string {
  return path.join(root, folder, `${path.basename(policyFile).replace(/\.policy\.yaml$/, '')}.json`);
}

/** A kept request, as far as it is one. */
export function readTry(value: unknown): Try[] {
  if (typeof value !== 'object' || value === null) return [];
  const { text, resource, person, groups, agent, task, inTransaction, plan } = value as Record<
    string,
    unknown
  >;
  if (typeof text !== 'string') return [];
  const isText = (each: unknown): each is string => typeof each === 'string';
  const planned = typeof plan === 'object' && plan !== null ? (plan as Record<string, unknown>) : {};
  const { cost, rows } = planned;
  return [
    {
      text,
      ...(isText(resource) && { resource }),
      ...(isText(person) && { person }),
      ...(isText(agent) && { agent }),
      ...(isText(task) && { task }),
      ...(Array.isArray(groups) && { groups: groups.filter(isText) }),
      ...(inTransaction === true && { inTransaction }),
      ...(typeof cost === 'number' && typeof rows === 'number' && { plan: { cost, rows } }),
    },
  ];
}
