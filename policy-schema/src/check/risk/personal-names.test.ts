import assert from 'node:assert/strict';
import { test } from 'node:test';
import { personalKind, personalKindOfPattern } from './personal-names.ts';

test('names of columns are known in several languages and spellings', () => {
  const known = {
    email: 'email',
    billing_email: 'email',
    contactEmail: 'email',
    email2: 'email',
    Telefon: 'phone',
    mobile_phone: 'phone',
    contraseña: 'secret',
    DateOfBirth: 'birth',
    fecha_de_nacimiento: 'birth',
    Straße: 'address',
    'card-number': 'bank',
    password_hash: 'secret',
    annual_salary: 'pay',
    national_id: 'identity',
  };
  for (const [name, kind] of Object.entries(known)) assert.equal(personalKind(name), kind, name);
});

test('names that speak about a value, or of something else, are left alone', () => {
  const names =
    'email_verified email_domain has_phone phone_type password_changed_at token_count salary_band address_id status total note id name city mailbox emailer iban_country';
  for (const name of names.split(' ')) assert.equal(personalKind(name), undefined, name);
});

test('a pattern speaks of a column only where it names one', () => {
  assert.equal(personalKindOfPattern('public.customers.email'), 'email');
  assert.equal(personalKindOfPattern('*.ssn'), 'identity');
  assert.equal(personalKindOfPattern('public.customers.*'), undefined);
  assert.equal(personalKindOfPattern('*email*'), undefined);
});
