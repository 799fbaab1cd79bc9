/**
 * What questions of a draft are about, with what each means to the writer. The taxonomy is that of the Davidsonian Scene
 * Graph (Cho et al., ICLR 2024, table 1), in the words that rubrics here use: its "entity" is `object`, with `detail` for
 * parts of one; its "attribute" is `colour` or `attribute`; its "relation" is `relation` or `action`; its "other" is `count`
 * or `text`; its "global" is `style`, `lighting`, `framing`, `background` or `quality`, and `global` for the rest.
 */
export const CATEGORIES = {
  object: 'whether a thing or a being is there',
  detail: 'whether a part of a thing or being is there',
  attribute: 'what a thing is like: material, shape, size, texture, state, kind',
  colour: 'what colour a thing has',
  count: 'how many of a thing there are',
  relation: 'where a thing is, seen from another',
  action: 'what a being does',
  text: 'which words can be read',
  style: 'in which manner the picture is made: photograph, drawing, the manner of a period',
  lighting: 'how it is lit',
  framing: 'how the subject sits in the frame, and from where it is seen',
  background: 'what is behind the subject',
  quality: 'how well the picture is made: focus, detail',
  global: 'what else holds for the picture as a whole: time of day, weather, mood',
} as const satisfies Readonly<Record<string, string>>;

/** A category. */
export type Category = keyof typeof CATEGORIES;

/** All of them, in the order of the list. */
export const CATEGORY_NAMES = Object.keys(CATEGORIES) as readonly Category[];

/** Other words for the same, as writers know them from the taxonomy and from American spelling. */
const SYNONYMS: Readonly<Record<string, Category>> = {
  entity: 'object',
  subject: 'object',
  part: 'detail',
  color: 'colour',
  spatial: 'relation',
  composition: 'framing',
};

/** The category that a word means; undefined where it means none. */
export function categoryOf(word: string): Category | undefined {
  const name = word.trim().toLowerCase();
  if (Object.hasOwn(CATEGORIES, name)) return name as Category;
  return Object.hasOwn(SYNONYMS, name) ? SYNONYMS[name] : undefined;
}
