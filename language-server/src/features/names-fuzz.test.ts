import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TextRange } from '@gatehouse/policy-schema/syntax/diagnostic.ts';
import fc from 'fast-check';
import { deskOf } from '../desk.fixture.ts';
import { incomingCalls, outgoingCalls, prepareCalls } from './call-hierarchy.ts';
import { definition, references } from './definition.ts';
import { documentLinks } from './document-links.ts';
import { documentSymbols, type FileSymbol } from './document-symbols.ts';
import { highlights } from './highlight.ts';
import { linkedEditing } from './linked-editing.ts';
import { type ShopFile, shop } from './names.fixture.ts';
import { prepareRename, rename } from './rename.ts';
import { workspaceSymbols } from './workspace-symbols.ts';

const noise = fc.constantFrom(
  '',
  ' ',
  '\n',
  '  ',
  ':',
  '- ',
  '[',
  '}',
  '"',
  "'",
  '#',
  '*',
  '&a ',
  '*a',
  '|',
  '$',
  '{}',
  '\t',
  '\r\n',
  'rules:\n',
  'name: ',
  'é',
  '😀',
);
const edit = fc.tuple(fc.nat(900), fc.nat(20), noise);
const file = fc.constantFrom(...(Object.keys(shop) as ShopFile[]));

test('no text and no place makes a feature about names throw or point outside of its file', () => {
  fc.assert(
    fc.property(
      file,
      fc.array(edit, { minLength: 1, maxLength: 4 }),
      fc.nat(900),
      fc.string({ maxLength: 4 }),
      (name, edits, place, to) => {
        let text: string = shop[name];
        for (const [at, length, put] of edits) text = text.slice(0, at) + put + text.slice(at + length);
        const { desk } = deskOf({ ...shop, [name]: text });
        const offset = place % (text.length + 1);
        const inside = ({ start, end }: TextRange, each: string = name): void => {
          const { length } = desk.files.get(each)?.text ?? '';
          assert.ok(0 <= start && start <= end && end <= length, `${each} ${start} ${end} of ${length}`);
        };
        const found = definition(desk, name, offset);
        if (found) inside(found.origin);
        for (const target of found?.targets ?? []) {
          inside(target.range, target.file);
          inside(target.head, target.file);
        }
        for (const use of references(desk, name, offset, { declaration: true })) inside(use, use.file);
        for (const { range } of highlights(desk, name, offset)) inside(range);
        for (const range of linkedEditing(desk, name, offset)?.ranges ?? []) inside(range);
        prepareRename(desk, name, offset);
        for (const other of [to, 'x', 'it\'s: "x"']) {
          const result = rename(desk, name, offset, other);
          if (result?.ok === true) for (const each of result.edits) inside(each, each.file);
        }
        const visit = (symbol: FileSymbol): void => {
          inside(symbol.range);
          assert.ok(symbol.range.start <= symbol.head.start && symbol.head.end <= symbol.range.end);
          assert.notEqual(symbol.name.trim(), '');
          symbol.children.forEach(visit);
        };
        documentSymbols(desk, name).forEach(visit);
        workspaceSymbols(desk, to);
        for (const { range } of documentLinks(desk, name)) inside(range);
        const item = prepareCalls(desk, name, offset);
        if (item) {
          inside(item.range, item.file);
          for (const call of incomingCalls(desk, item))
            for (const each of call.places) inside(each, call.item.file);
          for (const call of outgoingCalls(desk, item))
            for (const each of call.places) inside(each, item.file);
        }
      },
    ),
    { numRuns: 600 },
  );
});
