/** How features are tested: texts with «marks», and a `▮` where the cursor stands. */
import { checkWorkspace } from '@gatehouse/policy-schema/check/check-workspace.ts';
import { policyUnit, workspaceUnit } from '@gatehouse/policy-schema/check/units.ts';
import { loadPolicy } from '@gatehouse/policy-schema/model/load-policy.ts';
import { loadWorkspace } from '@gatehouse/policy-schema/model/load-workspace.ts';
import type { Desk, DeskFile, LiveNames } from './desk.ts';

export interface Placed {
  readonly desk: Desk;
  /** Where the cursor stands. */
  readonly file: string;
  readonly offset: number;
  /** What is marked, in the order of files and places. */
  readonly marks: readonly { readonly file: string; readonly start: number; readonly end: number }[];
}

const testFile = 'policies/test.policy.yaml';

/** A desk of these files; one text alone is a policy. Marks and the cursor are taken out of the texts. */
export function deskOf(files: string | Readonly<Record<string, string>>, live?: LiveNames): Placed {
  const marks: { file: string; start: number; end: number }[] = [];
  let cursor = { file: testFile, offset: 0 };
  const texts = new Map<string, string>();
  for (const [file, source] of Object.entries(typeof files === 'string' ? { [testFile]: files } : files)) {
    let text = '';
    let start = 0;
    for (const unit of source) {
      if (unit === '«') start = text.length;
      else if (unit === '»') marks.push({ file, start, end: text.length });
      else if (unit === '▮') cursor = { file, offset: text.length };
      else text += unit;
    }
    texts.set(file, text);
  }
  return { desk: plainDesk(texts, live), file: cursor.file, offset: cursor.offset, marks };
}

/** A desk made from nothing, without the caches of the real one. */
export function plainDesk(texts: ReadonlyMap<string, string>, live?: LiveNames): Desk {
  const workspaceText = texts.get('gatehouse.yaml');
  const policies = new Map([...texts].filter(([file]) => file !== 'gatehouse.yaml').sort());
  const loadedWorkspace =
    workspaceText === undefined ? undefined : loadWorkspace('gatehouse.yaml', workspaceText);
  const loaded = [...policies].map(([file, text]) => loadPolicy(file, text));
  const units = loaded.map(policyUnit);
  const files = new Map<string, DeskFile>();
  if (loadedWorkspace && workspaceText !== undefined) {
    const { parsed } = loadedWorkspace;
    files.set('gatehouse.yaml', {
      file: 'gatehouse.yaml',
      kind: 'Workspace',
      text: workspaceText,
      parsed,
      tree: parsed.root,
    });
  }
  loaded.forEach(({ parsed }, index) => {
    const unit = units[index];
    const { file, text } = parsed.source;
    files.set(file, { file, kind: 'Policy', text, parsed, tree: parsed.root, ...(unit && { unit }) });
  });
  const workspace = loadedWorkspace && workspaceUnit(loadedWorkspace);
  const now = new Date('2026-06-01T12:00:00Z');
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
        workspace: workspaceText === undefined ? undefined : { file: 'gatehouse.yaml', text: workspaceText },
        policies,
        now,
      }).diagnostics.filter((each) => each.file === file),
  };
}
