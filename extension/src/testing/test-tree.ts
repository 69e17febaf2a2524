import * as vscode from 'vscode';
import type { WireCase, WireFile, WireFolder } from './wire.ts';
import { rangeOf } from './test-range.ts';

/** A test that can be run: its folder, file and id in the file. */
export interface TestAddress {
  readonly folder: string;
  readonly uri: string;
  readonly id: string;
}

/** The items of the Test Explorer: folders where there are several, files, matrices, tests. */
export class TestTree {
  readonly #controller: vscode.TestController;
  readonly #tests = new WeakMap<vscode.TestItem, TestAddress>();
  readonly #problems = new WeakMap<vscode.TestItem, vscode.TestMessage>();

  constructor(controller: vscode.TestController) {
    this.#controller = controller;
  }

  /** Show these tests. Items that stay are the same, so that their results do too. */
  show(folders: readonly WireFolder[]): void {
    const filled = folders.filter(({ files }) => files.length > 0);
    const several = filled.length > 1;
    const roots = filled.flatMap((folder) => {
      const files = (parent: vscode.TestItemCollection) =>
        folder.files.map((file) => this.#file(parent, folder.uri, file));
      if (!several) return files(this.#controller.items);
      const uri = vscode.Uri.parse(folder.uri);
      const item = this.#item(this.#controller.items, folder.uri, uri.path.split('/').at(-1) ?? '', uri);
      item.children.replace(files(item.children));
      return [item];
    });
    this.#controller.items.replace(roots);
  }

  #file(parent: vscode.TestItemCollection, folder: string, file: WireFile): vscode.TestItem {
    const uri = vscode.Uri.parse(file.uri);
    const item = this.#item(parent, file.uri, file.label, uri);
    item.error = file.problem?.message;
    this.#problems.delete(item);
    if (file.problem !== undefined) {
      // What was there stays in the list while the file is broken, such as in the midst of a word.
      const message = new vscode.TestMessage(file.problem.message);
      message.location = new vscode.Location(uri, rangeOf(file.problem.range));
      this.#problems.set(item, message);
      return item;
    }
    const matrices = Map.groupBy(file.cases, ({ matrix }) => matrix);
    item.children.replace(
      [...matrices].flatMap(([matrix, cases]) => {
        const tests = (collection: vscode.TestItemCollection) =>
          cases.map((each) => this.#test(collection, folder, file.uri, each));
        if (matrix === undefined) return tests(item.children);
        const group = this.#item(item.children, `${file.uri} ${matrix}`, matrix, uri);
        const [first] = cases;
        if (first) group.range = rangeOf(first.range);
        group.children.replace(tests(group.children));
        return [group];
      }),
    );
    return item;
  }

  #test(
    parent: vscode.TestItemCollection,
    folder: string,
    file: string,
    { id, name, range }: WireCase,
  ): vscode.TestItem {
    const key = `${file} ${id}`;
    const item = this.#item(parent, key, name, vscode.Uri.parse(file));
    item.range = rangeOf(range);
    // In the order of the file.
    item.sortText = String(range.start.line * 10_000 + range.start.character).padStart(12, '0');
    this.#tests.set(item, { folder, uri: file, id });
    return item;
  }

  #item(parent: vscode.TestItemCollection, id: string, label: string, uri: vscode.Uri): vscode.TestItem {
    const known = parent.get(id);
    if (known !== undefined) {
      known.label = label;
      return known;
    }
    return this.#controller.createTestItem(id, label, uri);
  }

  addressOf(item: vscode.TestItem): TestAddress | undefined {
    return this.#tests.get(item);
  }

  /** Why nothing of a file can be run. */
  problemOf(item: vscode.TestItem): vscode.TestMessage | undefined {
    return this.#problems.get(item);
  }

  /** The tests that a request asks for, and the files among them that cannot be read. */
  asked({ include, exclude }: vscode.TestRunRequest): {
    readonly tests: readonly vscode.TestItem[];
    readonly broken: readonly vscode.TestItem[];
  } {
    const tests: vscode.TestItem[] = [];
    const broken: vscode.TestItem[] = [];
    const without = new Set(exclude);
    const visit = (item: vscode.TestItem): void => {
      if (without.has(item)) return;
      if (this.#problems.has(item)) broken.push(item);
      else if (this.#tests.has(item)) tests.push(item);
      else for (const [, child] of item.children) visit(child);
    };
    if (include === undefined) for (const [, item] of this.#controller.items) visit(item);
    else for (const item of include) visit(item);
    return { tests, broken };
  }
}
