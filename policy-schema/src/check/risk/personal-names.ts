/** What a column holds, as far as its name says so, in the languages that people name columns in. */

export const personalKinds = {
  email: 'a mail address',
  phone: 'a telephone number',
  identity: 'a number that a state gives to a person',
  bank: 'a number of an account or a card',
  birth: 'a date of birth',
  pay: 'what a person earns',
  address: 'where a person lives',
  health: 'something about health',
  belief: 'a belief or an origin',
  secret: 'a credential',
} as const satisfies Readonly<Record<string, string>>;

export type PersonalKind = keyof typeof personalKinds;

/** Words as they stand between underscores; some stand for two that are written as one or apart. */
const words: Readonly<Record<PersonalKind, string>> = {
  email: 'email emails mail e_mail email_address correo courriel correo_electronico mailadresse emailadresse',
  phone:
    'phone telephone mobile phone_number phone_no telefon telefono telefone handy mobil rufnummer portable msisdn fax',
  identity:
    'ssn social_security social_security_number national_id nino dni nie nif cpf pesel bsn aadhaar aadhar passport passport_no passport_number reisepass pasaporte passeport ausweis personalausweis steuer_id steuerid tax_id taxid drivers_license driver_license curp codice_fiscale personnummer',
  bank: 'iban card_number card_no cardnumber credit_card creditcard cc_number kreditkarte kreditkartennummer kontonummer account_number bank_account numero_tarjeta carte_bancaire cvv cvc',
  birth:
    'birthdate birth_date birthday date_of_birth dob born geburtsdatum geburtstag fecha_nacimiento fecha_de_nacimiento date_naissance date_de_naissance data_nascita data_di_nascita data_nascimento',
  pay: 'salary salaries wage wages gehalt lohn salaire salario sueldo stipendio compensation',
  address:
    'street street_address home_address postal_address strasse anschrift wohnort direccion domicilio indirizzo endereco adresse',
  health: 'diagnosis diagnoses diagnose diagnostico diagnostic blood_type blutgruppe medication disability',
  belief: 'religion konfession ethnicity ethnic_origin race political_party sexual_orientation',
  secret:
    'password passwd pwd passwort kennwort contrasena mot_de_passe senha secret secrets secret_key client_secret api_key apikey api_token access_token refresh_token auth_token private_key password_hash pw_hash totp_secret otp_secret recovery_code recovery_codes security_answer',
};

/** With one of these at its end or start, a name speaks about the value, and does not hold it. */
const about =
  /(^(is|has|can|should|num|count|total)_)|(_(at|on|count|total|verified|confirmed|valid|status|state|type|kind|class|band|domain|provider|sent|opt|optin|enabled|format|length|version|language|template|subject|flag|required|id|ids|expires|expiry|updated|changed|region)$)/;

const kinds: ReadonlyMap<string, PersonalKind> = new Map(
  (Object.entries(words) as [PersonalKind, string][]).flatMap(([kind, list]) =>
    list.split(' ').map((word) => [word, kind] as const),
  ),
);

/** `birthDate` and `Birth-Date` as `birth_date`, without accents and numbers at the end. */
function plainName(column: string): string {
  return column
    .replace(/ß/g, 'ss')
    .normalize('NFD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^_+|_*\d*_*$/g, '');
}

/**
 * The kind of personal value in a column of this bare name; undefined where the name does not say. The last words of a
 * name say what it is (`billing_email`), so they are asked, the longest run of them first.
 */
export function personalKind(column: string): PersonalKind | undefined {
  const name = plainName(column);
  const whole = kinds.get(name);
  if (whole !== undefined) return whole;
  if (about.test(name)) return undefined;
  const parts = name.split('_');
  for (let from = 1; from < parts.length; from++) {
    const kind = kinds.get(parts.slice(from).join('_'));
    if (kind !== undefined) return kind;
  }
  return undefined;
}

/** The kind of personal value that a mask's pattern for `schema.table.column` speaks of. */
export function personalKindOfPattern(pattern: string): PersonalKind | undefined {
  const column = pattern.slice(pattern.lastIndexOf('.') + 1).replaceAll('"', '');
  // `public.*` and `*email*` name no column.
  return column === '' || column.includes('*') ? undefined : personalKind(column);
}
