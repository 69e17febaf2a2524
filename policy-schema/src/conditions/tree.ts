/**
 * A condition as a tree, for checks and for the editor: the parser's own tree with names in place of operators' spellings,
 * macros told from calls, and the type of each part. Offsets are UTF-16 units of the condition's source.
 */
interface Part {
  readonly start: number;
  readonly end: number;
  /** CEL's spelling of the type, such as `list<string>`; absent where none was found. */
  readonly type?: string;
}

/** Where a word stands in the source. */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

export type BinaryOperator =
  | '&&'
  | '||'
  | '=='
  | '!='
  | '<'
  | '<='
  | '>'
  | '>='
  | '+'
  | '-'
  | '*'
  | '/'
  | '%'
  | 'in'
  | '[]';

export type ConditionNode =
  | (Part & { readonly kind: 'literal'; readonly value: string | bigint | number | boolean | null })
  | (Part & { readonly kind: 'name'; readonly name: string })
  | (Part & { readonly kind: 'field'; readonly object: ConditionNode; readonly field: Word })
  | (Part & {
      readonly kind: 'call';
      readonly name: Word;
      readonly receiver?: ConditionNode;
      readonly arguments: readonly ConditionNode[];
    })
  | (Part & {
      /** `all`, `exists`, `exists_one`, `filter` and `map`. */
      readonly kind: 'comprehension';
      readonly name: Word;
      readonly over: ConditionNode;
      readonly variable: Word;
      readonly body: readonly ConditionNode[];
    })
  | (Part & { readonly kind: 'list'; readonly items: readonly ConditionNode[] })
  | (Part & { readonly kind: 'unary'; readonly operator: '!' | '-'; readonly operand: ConditionNode })
  | (Part & {
      readonly kind: 'binary';
      readonly operator: BinaryOperator;
      readonly left: ConditionNode;
      readonly right: ConditionNode;
    })
  | (Part & {
      readonly kind: 'conditional';
      readonly test: ConditionNode;
      readonly yes: ConditionNode;
      readonly no: ConditionNode;
    });

/** The parts of a node, in the order of the source. */
export function partsOf(node: ConditionNode): readonly ConditionNode[] {
  switch (node.kind) {
    case 'literal':
    case 'name':
      return [];
    case 'field':
      return [node.object];
    case 'call':
      return node.receiver ? [node.receiver, ...node.arguments] : node.arguments;
    case 'comprehension':
      return [node.over, ...node.body];
    case 'list':
      return node.items;
    case 'unary':
      return [node.operand];
    case 'binary':
      return [node.left, node.right];
    case 'conditional':
      return [node.test, node.yes, node.no];
  }
}

/** Every node of a tree, outer ones first. */
export function* nodesOf(node: ConditionNode): Generator<ConditionNode> {
  yield node;
  for (const part of partsOf(node)) yield* nodesOf(part);
}
