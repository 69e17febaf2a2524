/** Who asks and what is reached: a principal and a resource for each way in which scopes, masks and conditions tell them apart. */
import type { Applies } from '../../model/policy.ts';
import type { Principal, ResourceFacts } from '../decision.ts';
import type { Line } from './lines.ts';
import { type Pieces, piecesOf, representativeNames } from './names.ts';
import { texts } from './values.ts';

export interface Context {
  readonly principal: Principal;
  readonly resource: ResourceFacts;
  /** How far it is from what the workspace has and the policies name. */
  readonly cost: number;
  readonly declared: boolean;
}

export interface Distinctions {
  readonly scopes: readonly Applies[];
  /** People and groups whom masks except. */
  readonly people: readonly string[];
  readonly groups: readonly string[];
  /** Lines of conditions by field. */
  readonly lines: ReadonlyMap<string, readonly Line[]>;
}

export interface Contexts {
  readonly contexts: readonly Context[];
  readonly complete: boolean;
}

interface Option<Value> {
  readonly value: Value;
  readonly cost: number;
}

const STEPS = 200_000;
const MAX_GROUPS = 6;
const MAX_CONTEXTS = 20_000;
const invented = 25;

const isContextPath = (path: string): boolean =>
  path === 'principal.agent' ||
  path === 'principal.person' ||
  path === 'principal.groups' ||
  path.startsWith('resource.');

export { isContextPath };

/** See above. Declared resources and names of the policies come first. */
export function contextsOf(
  { scopes, people, groups, lines }: Distinctions,
  declared: readonly ResourceFacts[],
): Contexts {
  let complete = true;
  const drawn = (path: string): readonly Pieces[] =>
    (lines.get(path) ?? []).flatMap((line) => (line.kind === 'text' ? [line.pieces] : []));
  const named = (patterns: readonly Pieces[], usual: readonly string[]): Option<string>[] => {
    const own = patterns.flatMap((pieces) => (pieces.length === 1 ? pieces : []));
    const found = representativeNames(patterns, { known: [...own, ...usual], steps: STEPS });
    complete &&= found.complete;
    const isUsual = new Set([...own, ...usual]);
    return found.names.map((value) => ({
      value,
      cost: value.length + (isUsual.has(value) ? 0 : invented),
    }));
  };

  const agents = named(
    [...scopes.flatMap((scope) => scope.agents.map(piecesOf)), ...drawn('principal.agent')],
    ['claude', 'copilot'],
  );
  const persons = named([...people.map(piecesOf), ...drawn('principal.person')], ['ann', 'bob']);
  const own = named(
    [
      ...scopes.flatMap((scope) => (scope.groups ?? []).map(piecesOf)),
      ...groups.map(piecesOf),
      ...drawn('principal.groups'),
    ],
    [],
  );
  const lists = subsets(own);
  complete &&= lists.complete;
  const reached = resourcesOf(scopes, lines, declared, named);
  complete &&= reached.complete;

  const contexts: Context[] = [];
  for (const agent of agents) {
    for (const person of persons) {
      for (const list of lists.options) {
        const principal: Principal = {
          person: person.value,
          groups: list.value,
          agent: agent.value,
          workspace: 'workspace',
          task: '',
        };
        for (const resource of reached.options) {
          contexts.push({
            principal,
            resource: resource.value,
            cost: agent.cost + person.cost + list.cost + resource.cost,
            declared: declared.includes(resource.value),
          });
          if (contexts.length > MAX_CONTEXTS) return { contexts: byCost(contexts), complete: false };
        }
      }
    }
  }
  return { contexts: byCost(contexts), complete };
}

const byCost = (contexts: Context[]): readonly Context[] => contexts.sort((a, b) => a.cost - b.cost);

/** Lists of groups: all there are of few, else none, one, two and all. */
function subsets(groups: readonly Option<string>[]): {
  readonly options: readonly Option<readonly string[]>[];
  readonly complete: boolean;
} {
  const listed = (own: readonly Option<string>[]): Option<readonly string[]> => ({
    value: own.map(({ value }) => value),
    cost: own.reduce((sum, { cost }) => sum + cost + 5, 0),
  });
  if (groups.length <= MAX_GROUPS) {
    const options = Array.from({ length: 2 ** groups.length }, (_, bits) =>
      listed(groups.filter((_each, at) => (bits >> at) & 1)),
    );
    return { options, complete: true };
  }
  const pairs = groups.flatMap((one, at) => groups.slice(at + 1).map((other) => listed([one, other])));
  return {
    options: [listed([]), ...groups.map((one) => listed([one])), ...pairs, listed(groups)],
    complete: false,
  };
}

function resourcesOf(
  scopes: readonly Applies[],
  lines: Distinctions['lines'],
  declared: readonly ResourceFacts[],
  named: (patterns: readonly Pieces[], usual: readonly string[]) => Option<string>[],
): { readonly options: readonly Option<ResourceFacts>[]; readonly complete: boolean } {
  const to = [...new Set(scopes.flatMap((scope) => scope.to))];
  const drawn = (path: string): readonly Line[] => lines.get(path) ?? [];
  const names = named(
    [
      ...to.filter((target) => !target.includes('=')).map(piecesOf),
      ...drawn('resource.name').flatMap((line) => (line.kind === 'text' ? [line.pieces] : [])),
    ],
    [],
  );
  const keys = new Set([
    ...to.flatMap((target) => (target.includes('=') ? [target.slice(0, target.indexOf('='))] : [])),
    ...[...lines.keys()].flatMap((path) =>
      path.startsWith('resource.labels.') ? [path.slice('resource.labels.'.length)] : [],
    ),
  ]);
  let complete = true;
  let labels: Option<Readonly<Record<string, string>>>[] = [{ value: {}, cost: 0 }];
  for (const key of keys) {
    const patterns: Line[] = to.flatMap((target) =>
      target.startsWith(`${key}=`) ? [{ kind: 'text', pieces: piecesOf(target.slice(key.length + 1)) }] : [],
    );
    const values = texts([...patterns, ...drawn(`resource.labels.${key}`)], [], STEPS);
    complete &&= values.complete;
    if (labels.length * (values.values.length + 1) > 500) {
      complete = false;
      continue;
    }
    labels = labels.flatMap((known) => [
      known,
      ...values.values.map((value) => ({
        value: { ...known.value, [key]: value },
        cost: known.cost + key.length + value.length,
      })),
    ]);
  }
  const options: Option<ResourceFacts>[] = declared.map((value) => ({ value, cost: value.name.length }));
  const isDeclared = new Set(declared.map(({ name }) => name));
  for (const name of names) {
    // A declared resource has the labels that it has.
    if (isDeclared.has(name.value)) continue;
    for (const own of labels) {
      options.push({
        value: { name: name.value, protocol: 'postgres', labels: own.value },
        cost: name.cost + own.cost + 200,
      });
    }
  }
  return { options, complete };
}
