import type { Check } from '../../check.ts';
import { entryOf } from '../../../syntax/tree.ts';
import { itemsOf, removal } from '../../rule-parts.ts';

const remove = 'Call it harmless no longer';

const words = (text: string): readonly string[] => text.trim().split(/\s+/);

/** What each gives away of its argument. */
const shows: ReadonlyMap<string, string> = new Map([
  ...words(`lower upper initcap casefold reverse trim btrim ltrim rtrim lpad rpad replace translate regexp_replace
    overlay repeat concat concat_ws format quote_literal quote_nullable quote_ident encode decode convert_to convert_from
    normalize unistr to_char to_json to_jsonb json_build_object jsonb_build_object json_build_array jsonb_build_array
    row_to_json array_to_json array_to_string string_to_array abs round floor ceil ceiling trunc text varchar bpchar
    first_value last_value nth_value lag lead max min any_value mode array_agg string_agg json_agg jsonb_agg
    percentile_disc`).map((name) => [name, 'shows the value in another form'] as const),
  ...words(`substr substring left right split_part regexp_match regexp_matches regexp_substr regexp_split_to_array ascii
    get_byte get_bit date_part date_trunc extract`).map(
    (name) => [name, 'shows the value part by part'] as const,
  ),
  ...words('md5 sha224 sha256 sha384 sha512 hashtext hashtextextended crc32 crc32c').map(
    (name) => [name, 'has no key, so that anybody can compare it with what guesses give'] as const,
  ),
  ...words(
    'strpos position starts_with like notlike textlike texteq textregexeq regexp_like regexp_count regexp_instr similarity',
  ).map((name) => [name, 'answers guesses'] as const),
]);

export const harmlessShowsValues: Check<'mask'> = {
  code: 'harmless-shows-values',
  family: 'risk',
  severity: 'warning',
  title: 'A function that is called harmless, and gives the masked value away.',
  unit: 'mask',
  reads: 'unit',
  fixes: { [remove]: 'unsafe' },
  check({ node, policy }, report) {
    for (const item of itemsOf(entryOf(node, 'harmless')?.value)) {
      const what = shows.get(item.text);
      if (what === undefined) continue;
      const message = `\`${item.text}\` ${what}, and its results pass unmasked. Remove it; name only what tells little, such as \`length\`.`;
      report(item.range, message, removal(remove, policy.source, [item]));
    }
  },
};
