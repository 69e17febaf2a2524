import { FixtureCatalog } from './lineage.fixture.ts';

/** What the tests of lineage are about. */
export function shopCatalog(): FixtureCatalog {
  const catalog = new FixtureCatalog();
  catalog
    .add(
      'users',
      'id int, email text, name text, note varchar, age int, data jsonb, tags text[], born date',
      { keys: [[1]] },
    )
    .add('orders', 'id int, user_id int, total numeric, label text, paid bool', { keys: [[1]] })
    .add('links', 'user_id int, order_id int, email text', { keys: [[1, 2]] })
    .add('made', 'id int, email text, loud text=2, full text=2/3')
    .add('sales', 'id int, amount numeric', {}, 'other')
    .add('stats', 'query text, calls int8', { kind: 'anything' })
    .add('people', 'id int, mail text, loud text', {
      query:
        "SELECT u.id, u.email, upper(u.email) FROM users u WHERE u.note = 'x' AND lower(u.name) LIKE 'a%'",
    })
    .add('folk', 'id int, mail text', { query: 'SELECT p.id, p.mail FROM people p' })
    .add('selfish', 'id int', { query: 'SELECT selfish.id FROM selfish' })
    .add('blind', 'id int', { query: 'SELECT hidden() AS id' })
    .addFunction('hidden', '', { kind: 'unread' })
    .addFunction('hash_of', 'value', { kind: 'unread' })
    .addFunction('email_of', 'wanted', {
      kind: 'sql',
      text: 'SELECT u.email FROM users u WHERE u.id = wanted',
      scope: catalog,
    })
    .addFunction(
      'by_email',
      '',
      {
        kind: 'sql',
        text: 'SELECT u.id, u.name FROM users u WHERE u.email = $1',
        scope: catalog,
      },
      { arguments: [''], returnsSet: true, columns: ['id', 'name'] },
    )
    .addFunction('keep', 'what', {
      kind: 'sql',
      text: 'INSERT INTO orders (label) VALUES (what) RETURNING id',
      scope: catalog,
    })
    .addFunction('piecewise', 'what', {
      kind: 'queries',
      texts: ['SELECT email FROM users WHERE id = what', 'found := found || 1', "found > 'x'"],
      scope: catalog,
    })
    .addFunction('twice', 'value', { kind: 'sql', text: 'SELECT twice($1)', scope: catalog });
  catalog.operators.add('===');
  catalog.types.add('checked');
  catalog.plainTypes.add('mood');
  return catalog;
}
