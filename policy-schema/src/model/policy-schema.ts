import { vocabularies } from '../vocabulary/registry.ts';
import type { SelectorDeclaration, Vocabulary } from '../vocabulary/vocabulary.ts';
import {
  count,
  dialect,
  duration,
  heading,
  type JsonSchema,
  list,
  mapping,
  name,
  patternText,
  size,
  step,
  text,
  titles,
} from './schema-parts.ts';

/** The JSON Schema of a policy file. What a rule may name comes from the vocabularies. */
export function policySchema(): JsonSchema {
  return {
    $schema: dialect,
    $id: 'urn:gatehouse:schema:v1:policy',
    title: 'Gatehouse policy',
    ...mapping(
      {
        ...heading('Policy'),
        name: name('The name of the policy, unique in the workspace.'),
        description: text('What the policy is for. Has no effect.'),
        owner: {
          type: 'string',
          title: titles.owner,
          pattern: '^(group|person):.{1,200}$',
          description: 'Who answers for the policy: `group:NAME` or `person:NAME`. Has no effect.',
          examples: ['group:dba'],
        },
        mode: {
          enum: ['enforce', 'observe'],
          default: 'enforce',
          description: '`observe`: the policy decides and is recorded, and blocks nothing.',
        },
        applies: applies(),
        lists: {
          type: 'object',
          propertyNames: name('The name of a list, unique in the workspace.'),
          additionalProperties: list(
            patternText(['public.products', 'public.order*']),
            'Patterns, and `$name` for what another list holds.',
          ),
          default: {},
          description:
            'Named lists of patterns. Every policy file of the workspace may use one as `$name`, as an item of a list of patterns.',
          examples: [{ catalogue: ['public.products', 'public.prices'] }],
        },
        rules: { type: 'array', items: rule(), default: [], description: 'Rules, in any order.' },
        masks: { type: 'array', items: mask(), default: [], description: 'Columns whose values are hidden.' },
        limits: limits(),
        budgets: budgets(),
      },
      ['gatehouse', 'kind', 'name', 'applies'],
    ),
  };
}

function applies(): JsonSchema {
  return mapping(
    {
      to: list(
        patternText(['shop-db', 'env=prod', '*']),
        'Resources, by name or by `label=value`; `*` is for any run of characters.',
      ),
      agents: list(patternText(['claude', '*']), 'Agents, by name; `*` is for any run of characters.', {
        default: ['*'],
      }),
      groups: list(patternText(['engineering']), 'Groups of the person. Absent: everyone.'),
    },
    ['to'],
    { description: 'Whom and what the policy speaks of.' },
  );
}

function rule(): JsonSchema {
  const blocks = Object.values(vocabularies).map((vocabulary) => [vocabulary.name, block(vocabulary)]);
  return mapping(
    {
      name: name('The name of the rule, unique in its policy.'),
      description: text('What the rule is for. Has no effect.'),
      effect: {
        enum: ['allow', 'approve', 'deny'],
        description: 'What the rule does. Deny beats approve beats allow, and what no rule allows is denied.',
      },
      ...Object.fromEntries(blocks),
      when: {
        type: 'string',
        title: titles.condition,
        minLength: 1,
        maxLength: 8192,
        description: 'A CEL condition over the whole request. The rule matches only where it is true.',
        examples: ['request.sql.statementCount > 1', '!request.sql.hasWhere'],
      },
      message: text('Shown to whoever is refused or held: say what to do instead.', { maxLength: 1000 }),
      approval: mapping(
        {
          by: list(
            {
              type: 'string',
              title: titles.approver,
              pattern: '^(\\*|(group|person):.{1,200})$',
              examples: ['group:dba', 'person:ada@example.com', '*'],
            },
            'Who may answer: `group:NAME`, `person:NAME`, or `*` for any person.',
            { default: ['*'] },
          ),
          within: duration('How long the request waits; then it is denied.', { default: '10m' }),
          counts: {
            const: 'rows',
            description:
              '`rows`: before a person is asked, run an UPDATE or DELETE and roll it back, to show how many rows it changes.',
          },
        },
        [],
        {
          description:
            'Who may answer a held request, and for how long it waits. Only with `effect: approve`.',
        },
      ),
    },
    ['name', 'effect'],
  );
}

function block(vocabulary: Vocabulary): JsonSchema {
  const kinds = Object.entries(vocabulary.actions);
  const selectors = Object.entries(vocabulary.selectors).map(([key, selector]) => [key, patterns(selector)]);
  return mapping(
    {
      actions: list(
        { enum: ['*', ...kinds.map(([kind]) => kind)] },
        `Kinds of action, or \`*\` for all of them.\n${kinds.map(([kind, doc]) => `- \`${kind}\`: ${doc}`).join('\n')}`,
      ),
      ...Object.fromEntries(selectors),
    },
    [],
    { description: `${vocabulary.title}. Every key must match; in a list, any pattern.` },
  );
}

function patterns(selector: SelectorDeclaration): JsonSchema {
  return list(patternText(selector.examples), selector.doc);
}

function mask(): JsonSchema {
  return mapping(
    {
      columns: list(
        patternText(['public.customers.email', '*.ssn']),
        'Columns as `schema.table.column`; `*` is for any run of characters.',
      ),
      with: {
        enum: ['redact', 'partial', 'hash', 'range', 'tokenize', 'null', null],
        description:
          '`redact`: a fixed text. `partial`: all but the ends. `hash`: a keyed hash, equal for equal values. `range`: the lower end of a bucket. `tokenize`: a token that can be compared with. `null`: NULL.',
      },
      keep: mapping(
        {
          first: count('Characters that stay at the start.', 0, { default: 0 }),
          last: count('Characters that stay at the end.', 0, { default: 0 }),
        },
        [],
        { description: 'How many characters stay at each end. Only with `with: partial`.' },
      ),
      step: step(
        'How wide a bucket is: a number, or day, week, month, quarter, year or decade. Only with `with: range`.',
      ),
      harmless: list(
        {
          type: 'string',
          title: titles.function,
          minLength: 1,
          maxLength: 63,
          examples: ['length', 'char_length'],
        },
        "PostgreSQL's own functions whose results pass although they were made of the column. `count` always passes.",
      ),
      writable: {
        type: 'boolean',
        default: false,
        description:
          'Whether clients may put values of their own into the columns, and so compare their tokens or hashes with those of others. Only with `with: tokenize` and `with: hash`.',
      },
      tokens: name(
        'The set that the tokens are of. Equal values have equal tokens within a set and can be joined there, and nothing in common across sets. Absent: the set that has no name. Only with `with: tokenize`.',
      ),
      unless: mapping(
        {
          groups: list(patternText(['privacy']), 'Groups; `*` is for any run of characters.'),
          people: list(patternText(['ada@example.com']), 'People; `*` is for any run of characters.'),
        },
        [],
        {
          minProperties: 1,
          description: 'Persons who see the values: in any of the groups, or any of the people.',
        },
      ),
    },
    ['columns', 'with'],
  );
}

function limits(): JsonSchema {
  return mapping(
    {
      rows: count('Rows that one request may return.', 1),
      bytes: size('Bytes that one request may return, such as `5MB` or `64KiB`.', 1),
      duration: duration('Wall time of one request, such as `30s`.'),
      statementsPerMinute: count('Requests that one agent may make in a minute, over all its sessions.', 1),
      cost: plannerCost("What the server's planner may expect one request to cost, in its own units."),
      estimatedRows: count("Rows that the server's planner may expect one request to return or write.", 1),
    },
    [],
    { default: {}, description: 'Bounds on each request. The smallest of all policies that apply holds.' },
  );
}

function budgets(): JsonSchema {
  const budget = (description: string): JsonSchema =>
    mapping(
      {
        rows: count('Rows that all requests together may return.', 1),
        bytes: size('Bytes that all requests together may return, such as `500MB`.', 1),
        cost: plannerCost("What all requests together may cost by the planner's estimates."),
      },
      [],
      { minProperties: 1, description },
    );
  return mapping(
    {
      session: budget('What one session may use up.'),
      agent: budget('What one agent may use up in a day (UTC), over all its sessions.'),
      day: budget('What all agents together may use up in a day (UTC).'),
    },
    [],
    {
      default: {},
      description: 'What requests may use up together. The smallest of all policies that apply holds.',
    },
  );
}

function plannerCost(description: string): JsonSchema {
  return count(description, 1, { maximum: 1_000_000_000_000 });
}
