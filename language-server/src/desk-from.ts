import type { CheckedFile } from '@gatehouse/policy-schema/check/checked-file.ts';
import { type CheckedFiles, CheckSession } from '@gatehouse/policy-schema/check/session.ts';
import { isExtendedFile } from '@gatehouse/policy-schema/model/extends.ts';
import type { Desk, DeskFile, LiveNames, Traffic } from './desk.ts';

/** A desk made from nothing. */
export function deskFrom(
  texts: ReadonlyMap<string, string>,
  workspaceFile: string,
  live?: LiveNames,
  now?: Date,
): Desk {
  const session = new CheckSession({ workspaceFile, now });
  for (const [file, text] of texts) session.setFile(file, text);
  return deskOfFiles(session.checked, live);
}

/** What a session holds at a moment. Files that stayed since the last desk are the same objects. */
export function deskOfFiles(checked: CheckedFiles, live: LiveNames | undefined, traffic?: Traffic): Desk {
  return {
    // What other repositories say counts in the world, and nobody edits it here.
    files: new Map(
      [...checked.files]
        .filter(([file]) => !isExtendedFile(file))
        .map(([file, each]) => [file, deskFile(each)]),
    ),
    world: checked.world,
    ...(live && { live }),
    ...(traffic && { traffic }),
    diagnostics: (file) => checked.diagnostics(file),
  };
}

const deskFiles = new WeakMap<CheckedFile, DeskFile>();

function deskFile(checked: CheckedFile): DeskFile {
  let made = deskFiles.get(checked);
  if (made === undefined) {
    const { parsed, units, loaded } = checked;
    const { file, text } = parsed.source;
    const { policy: unit } = units;
    made = { file, kind: loaded.kind, text, parsed, tree: parsed.tree, ...(unit && { unit }) };
    deskFiles.set(checked, made);
  }
  return made;
}
