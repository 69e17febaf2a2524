import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { policyUnit, workspaceUnit } from '@gatehouse/policy-schema/check/units.ts';
import { loadPolicy } from '@gatehouse/policy-schema/model/load-policy.ts';
import { loadWorkspace } from '@gatehouse/policy-schema/model/load-workspace.ts';
import type { Desk, DeskFile, LiveNames } from './desk.ts';

/** A desk made from nothing, without the caches of the real one. */
export function deskFrom(
  texts: ReadonlyMap<string, string>,
  workspaceName: string,
  live?: LiveNames,
  now = new Date(),
): Desk {
  const workspaceText = texts.get(workspaceName);
  const policies = new Map([...texts].filter(([file]) => file !== workspaceName).sort());
  const loadedWorkspace =
    workspaceText === undefined ? undefined : loadWorkspace(workspaceName, workspaceText);
  const loaded = [...policies].map(([file, text]) => loadPolicy(file, text));
  const units = loaded.map(policyUnit);
  const files = new Map<string, DeskFile>();
  if (loadedWorkspace && workspaceText !== undefined) {
    const { parsed } = loadedWorkspace;
    files.set(workspaceName, {
      file: workspaceName,
      kind: 'Workspace',
      text: workspaceText,
      parsed,
      tree: parsed.tree,
    });
  }
  loaded.forEach(({ parsed }, index) => {
    const unit = units[index];
    const { file, text } = parsed.source;
    files.set(file, { file, kind: 'Policy', text, parsed, tree: parsed.tree, ...(unit && { unit }) });
  });
  const workspace = loadedWorkspace && workspaceUnit(loadedWorkspace);
  return {
    files,
    world: {
      ...(workspace && { workspace }),
      policies: units.flatMap((unit) => unit ?? []),
      partial: units.includes(undefined) || (loadedWorkspace !== undefined && workspace === undefined),
      now,
    },
    ...(live && { live }),
    diagnostics: (file) =>
      checkWorkspace({
        workspace: workspaceText === undefined ? undefined : { file: workspaceName, text: workspaceText },
        policies,
        now,
      }).diagnostics.filter((each) => each.file === file),
  };
}
