/** Files as checks see them: the typed parts beside the places that they stand at. */
import { compiledCondition } from '../conditions/condition-cache.ts';
import type { LoadedPolicy } from '../model/load-policy.ts';
import type { LoadedWorkspace } from '../model/load-workspace.ts';
import type { Policy } from '../model/policy.ts';
import { readablePart } from '../model/readable-part.ts';
import type { SourceFile } from '../syntax/source.ts';
import { entryOf, type MappingNode, type SyntaxNode } from '../syntax/tree.ts';
import type { ConditionUnit, MaskUnit, PolicyUnit, RuleUnit, WorkspaceUnit } from './check.ts';

function itemsOf(root: SyntaxNode, key: string): readonly SyntaxNode[] {
  const value = entryOf(root, key)?.value;
  return value?.kind === 'sequence' ? value.items : [];
}

/** The policy of a file with its parts, as far as they could be read; undefined where the file's head could not. */
export function policyUnit(loaded: LoadedPolicy): PolicyUnit | undefined {
  const { root, source } = loaded.parsed;
  if (loaded.policy && root?.kind === 'mapping') return unitOf(source, root, loaded.policy, {});
  const part = readablePart(loaded);
  return part && unitOf(source, part.root, part.policy, { partial: true });
}

function unitOf(
  source: SourceFile,
  root: MappingNode,
  policy: Policy,
  more: Pick<PolicyUnit, 'partial'>,
): PolicyUnit {
  const rules: RuleUnit[] = [];
  const masks: MaskUnit[] = [];
  const unit: PolicyUnit = { file: source.file, source, root, policy, rules, masks, ...more };
  itemsOf(root, 'rules').forEach((node, index) => {
    const rule = policy.rules[index];
    if (rule === undefined || node.kind !== 'mapping') return;
    const condition = conditionUnit(node);
    rules.push({ policy: unit, index, node, rule, ...(condition && { condition }) });
  });
  itemsOf(root, 'masks').forEach((node, index) => {
    const mask = policy.masks[index];
    if (mask !== undefined && node.kind === 'mapping') masks.push({ policy: unit, index, node, mask });
  });
  return unit;
}

function conditionUnit(rule: MappingNode): ConditionUnit | undefined {
  const node = entryOf(rule, 'when')?.value;
  if (node?.kind !== 'scalar' || typeof node.value !== 'string' || node.value === '') return undefined;
  return { node, source: node.value, compiled: compiledCondition(node.value) };
}

export function workspaceUnit({ workspace, groups, parsed }: LoadedWorkspace): WorkspaceUnit | undefined {
  const { root, source } = parsed;
  if (workspace === undefined || root?.kind !== 'mapping') return undefined;
  return { file: source.file, source, root, workspace, ...(groups && { groups }) };
}
