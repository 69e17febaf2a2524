/** Denied statements, of tests and of the record, written otherwise: each has to stay denied. */
import type { TypedRequest } from '@gatehouse/policy-schema/evaluate/typed-request.ts';
import { chooseResource } from '@gatehouse/policy-schema/model/choose-resource.ts';
import type { Resource } from '@gatehouse/policy-schema/model/workspace.ts';
import type { JudgedDenial } from '@gatehouse/policy-schema/mutation/statement/judge-rewrites.ts';
import type { TestCase } from '@gatehouse/policy-schema/tests/test-case.ts';
import type { StoreIndex } from '../recordings/store-index.ts';
import type { MutateInput } from './mutate.ts';
import { Progress } from './progress.ts';

/** Where a denied statement comes from. */
export type DenialOrigin =
  | { readonly kind: 'test'; readonly file: string; readonly line: number; readonly name: string }
  | { readonly kind: 'record'; readonly seq: number; readonly at: string };

export interface Denial {
  readonly origin: DenialOrigin;
  readonly asked: TypedRequest;
  readonly resource: Resource;
}

export interface StatementReport {
  /** Denials by where they come from, each statement of one who asks once. */
  readonly denials: { readonly tests: number; readonly records: number };
  /** Recorded denials that the files, read without a catalog, do not deny. */
  readonly notDenied: number;
  /** Of {@link denials}, those that cannot be written otherwise: the server would not take them, or they are long. */
  readonly untried: number;
  /** How many ways to write them were tried. */
  readonly tried: number;
  readonly passed: readonly PassedDenial[];
}

export interface PassedDenial {
  readonly denial: Denial;
  readonly passed: JudgedDenial['passed'][number];
}

export function testedDenials({ tests, resources }: MutateInput): readonly Denial[] {
  return tests.flatMap((test): Denial[] => {
    const chosen = chooseResource(resources, test.resource);
    if (test.expected.decision !== 'deny' || chosen.kind !== 'chosen') return [];
    return [{ origin: originOf(test), asked: askedOf(test, chosen.resource), resource: chosen.resource }];
  });
}

function originOf({ place, name }: TestCase): DenialOrigin {
  return { kind: 'test', file: place.file, line: place.line, name };
}

function askedOf({ text, principal, now, session, plan }: TestCase, resource: Resource): TypedRequest {
  return {
    text,
    resource,
    principal,
    at: now,
    session,
    ...(plan && { plan }),
  };
}

/** The latest denials of the record; texts that it holds whole, of resources that are still declared. */
const maxRecorded = 500;

export function recordedDenials(
  index: StoreIndex,
  resources: readonly Resource[],
  since: Date,
): readonly Denial[] {
  const declared = new Map(resources.map((resource) => [resource.name, resource]));
  return index.recentRequests(maxRecorded, { effect: 'deny', since }).flatMap((row): Denial[] => {
    const resource = declared.get(row.resource);
    const session = index.sessionById(row.session);
    if (row.textCut || resource === undefined || session === undefined) return [];
    const { person, groups, agent, workspace, task, client } = session;
    const asked: TypedRequest = {
      text: row.text,
      resource,
      principal: { person, groups, agent, workspace, task },
      at: new Date(row.at),
      session: { inTransaction: false, application: client.application },
    };
    return [{ origin: { kind: 'record', seq: row.seq, at: row.at }, asked, resource }];
  });
}

/** Each statement of one who asks once, those of tests first. */
function distinct(denials: readonly Denial[]): readonly Denial[] {
  const seen = new Set<string>();
  return denials.filter(({ asked: { text, principal, resource } }) => {
    const key = JSON.stringify([text, principal.agent, principal.person, principal.groups, resource.name]);
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

export async function judgeStatements(
  { set }: MutateInput,
  found: readonly Denial[],
): Promise<StatementReport> {
  const [{ judgeRewrites }, { compilePolicies }] = await Promise.all([
    import('@gatehouse/policy-schema/mutation/statement/judge-rewrites.ts'),
    import('@gatehouse/policy-schema/evaluate/decide.ts'),
  ]);
  const policies = compilePolicies(set);
  const denials = distinct(found);
  const count = { test: 0, record: 0 };
  let [notDenied, untried, tried] = [0, 0, 0];
  const passed: PassedDenial[] = [];
  const progress = new Progress('Writing statements otherwise', 'denials');
  for (const [at, denial] of denials.entries()) {
    progress.show(at / denials.length, at);
    const judged = judgeRewrites(denial.asked, denial.resource.database, policies);
    if (judged === undefined) {
      notDenied++;
      continue;
    }
    count[denial.origin.kind]++;
    if (judged.tried === 0) untried++;
    tried += judged.tried;
    passed.push(...judged.passed.map((each) => ({ denial, passed: each })));
  }
  progress.end();
  return { denials: { tests: count.test, records: count.record }, notDenied, untried, tried, passed };
}
