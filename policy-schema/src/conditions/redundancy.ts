/** Parts of a condition that another part makes needless. */
import { type Atom, atomOf, constantOf, spelling } from './atoms.ts';
import { type ConditionNode, nodesOf, partsOf } from './tree.ts';
import { assumedIn, chainOf, neverFails, truth } from './truth.ts';

export interface Redundancy {
  /** `part`: one side of `within` that could go; `double`: two negations; `compared`: with `true` or `false`. */
  readonly of: 'part' | 'double' | 'compared';
  readonly part: ConditionNode;
  /** What stands there with the part. */
  readonly within: ConditionNode;
  /** The spelling of what would stand in the place of `within`. */
  readonly left: string;
  /** Whether without the part the condition comes to the same also where something cannot be evaluated. */
  readonly exact: boolean;
}

/** All parts of a condition that could go one by one, and all together. Nothing of a condition that is never or always true. */
export function redundancies(root: ConditionNode): readonly Redundancy[] {
  if (truth(root) !== undefined) return [];
  const found: Redundancy[] = [];
  const visit = (node: ConditionNode, outer: '&&' | '||' | undefined): void => {
    if (node.kind === 'binary' && (node.operator === '&&' || node.operator === '||')) {
      // A chain inside a chain of the same operator has been looked at as a part of that.
      if (node.operator !== outer) found.push(...inChain(node, node.operator));
      visit(node.left, node.operator);
      visit(node.right, node.operator);
      return;
    }
    found.push(...spelledLonger(node));
    for (const part of partsOf(node)) visit(part, undefined);
  };
  visit(root, undefined);
  // What stands inside of something that can go is not worth a word.
  const gone = new Set(
    found.filter(({ of }) => of === 'part').flatMap(({ part }) => [...nodesOf(part)].slice(1)),
  );
  return found.filter(({ part, within }) => !gone.has(part) && !gone.has(within));
}

type Chain = Extract<ConditionNode, { kind: 'binary' }>;

/** The node of a chain that has a part as one of its two sides. */
function holderOf(chain: ConditionNode, part: ConditionNode): Chain | undefined {
  for (const node of nodesOf(chain))
    if (node.kind === 'binary' && (node.left === part || node.right === part)) return node;
  return undefined;
}

function inChain(chain: Chain, operator: '&&' | '||'): readonly Redundancy[] {
  const and = operator === '&&';
  // Nothing can be said of a part of what is known already.
  if (truth(chain) !== undefined) return [];
  let kept = [...chainOf(chain, operator)];
  const found: Redundancy[] = [];
  for (const part of [...kept].reverse()) {
    const others = kept.filter((other) => other !== part);
    if (others.length === 0) break;
    const assumed = others.flatMap((other) => assumedIn(other, and));
    if (truth(part, assumed) !== and) continue;
    const within = holderOf(chain, part);
    if (within === undefined) continue;
    kept = others;
    const left = spelling(within.left === part ? within.right : within.left);
    found.push({ of: 'part', part, within, left, exact: isExact(part, others) });
  }
  return found;
}

/** Whether a part has a value wherever the others have those that make it needless. */
function isExact(part: ConditionNode, others: readonly ConditionNode[]): boolean {
  if (neverFails(part)) return true;
  const spelled = new Set(others.map(spelling));
  if (spelled.has(spelling(part))) return true;
  const dual =
    part.kind === 'binary' && (part.operator === '&&' || part.operator === '||') ? part.operator : undefined;
  if (dual !== undefined) return chainOf(part, dual).some((inner) => spelled.has(spelling(inner)));
  const atom = atomOf(part);
  return atom.of !== 'bool' && others.some((other) => sameSubject(atom, atomOf(other)));
}

function sameSubject(a: Atom, b: Atom): boolean {
  return a.of === b.of && a.subject === b.subject;
}

function spelledLonger(node: ConditionNode): readonly Redundancy[] {
  if (node.kind === 'unary' && node.operator === '!') {
    const inner = node.operand;
    if (inner.kind !== 'unary' || inner.operator !== '!') return [];
    return [{ of: 'double', part: inner, within: node, left: spelling(inner.operand), exact: true }];
  }
  if (node.kind !== 'binary' || (node.operator !== '==' && node.operator !== '!=')) return [];
  const constant = constantOf(node.right);
  if (constant?.of !== 'bool' || constantOf(node.left) !== undefined || node.left.type !== 'bool') return [];
  const same = (node.operator === '==') === constant.value;
  const left = same ? spelling(node.left) : `!(${spelling(node.left)})`;
  return [{ of: 'compared', part: node.right, within: node, left, exact: true }];
}
