/** The words for each drawable noun, besides the key itself. Plurals are derived. */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  apple: ['pomme'],
  banana: [],
  orange: ['mandarin', 'clementine', 'tangerine', 'satsuma'],
  lemon: [],
  lime: [],
  pear: [],
  peach: ['nectarine', 'apricot'],
  plum: [],
  mango: [],
  kiwi: ['kiwifruit', 'kiwi fruit'],
  strawberry: [],
  cherry: [],
  grapes: ['grape', 'bunch of grapes', 'bunches of grapes'],
  watermelon: ['watermelon slice', 'slice of watermelon', 'melon'],
  pineapple: [],
  avocado: [],
  tomato: [],
  carrot: [],
  potato: [],
  onion: [],
  garlic: ['garlic bulb', 'bulb of garlic', 'head of garlic', 'clove of garlic'],
  pepper: ['bell pepper', 'capsicum', 'paprika'],
  chilli: ['chili', 'chilli pepper', 'chili pepper', 'hot pepper'],
  broccoli: ['head of broccoli', 'broccoli floret'],
  cucumber: ['courgette', 'zucchini'],
  aubergine: ['eggplant'],
  mushroom: [],
  corn: ['corn cob', 'corn on the cob', 'ear of corn', 'sweetcorn', 'maize'],
  pumpkin: ['squash'],
  lettuce: ['cabbage', 'head of lettuce', 'head of cabbage'],
  bread: ['loaf', 'loaf of bread', 'bread loaf', 'sourdough', 'toast'],
  baguette: ['breadstick'],
  croissant: [],
  cheese: [
    'wedge of cheese',
    'cheese wedge',
    'piece of cheese',
    'slice of cheese',
    'block of cheese',
    'cheddar',
  ],
  egg: ['chicken egg'],
  cookie: ['biscuit'],
  doughnut: ['donut'],
  cupcake: ['muffin'],
  carton: ['milk carton', 'juice carton', 'milk', 'milk pack'],
  bottle: ['water bottle', 'glass bottle', 'wine bottle', 'juice bottle', 'milk bottle'],
  jar: ['glass jar', 'jam jar', 'honey jar', 'mason jar'],
  can: ['tin', 'tin can', 'soda can', 'drink can', 'soup can', 'aluminium can'],
  box: ['cardboard box', 'cereal box', 'parcel', 'gift box'],
  bag: [
    'paper bag',
    'flour bag',
    'shopping bag',
    'grocery bag',
    'coffee bag',
    'pouch',
    'sack',
    'packet',
    'crisps',
    'chips',
  ],
  tube: ['toothpaste', 'toothpaste tube', 'tube of toothpaste', 'cream tube'],
  spray: ['spray bottle', 'cleaning spray', 'spray cleaner', 'cleaner'],
  cup: ['coffee cup', 'tea cup', 'teacup', 'paper cup'],
  mug: ['coffee mug', 'tea mug', 'beer mug'],
  glass: ['drinking glass', 'tumbler', 'water glass'],
  plate: ['dinner plate', 'dish', 'saucer'],
  bowl: ['salad bowl', 'mixing bowl', 'fruit bowl'],
  teapot: ['tea pot'],
  kettle: ['electric kettle'],
  pan: ['frying pan', 'skillet', 'saucepan'],
  pot: ['cooking pot', 'casserole', 'stock pot'],
  spoon: ['wooden spoon', 'tablespoon', 'teaspoon'],
  fork: [],
  knife: ['kitchen knife', 'chef knife', "chef's knife"],
  lamp: ['table lamp', 'desk lamp', 'bedside lamp'],
  chair: ['dining chair', 'wooden chair'],
  sofa: ['couch', 'settee'],
  candle: [],
  soap: ['bar of soap', 'soap bar'],
  towel: ['bath towel', 'kitchen towel', 'folded towel', 'tea towel'],
  broom: [],
  brush: ['scrubbing brush', 'dish brush'],
  sponge: [],
  bucket: ['pail'],
  basket: ['wicker basket', 'shopping basket', 'picnic basket'],
  shoe: ['sneaker', 'trainer', 'running shoe'],
  clock: ['wall clock', 'alarm clock'],
  plant: ['potted plant', 'houseplant', 'house plant', 'pot plant'],
  vase: [],
  book: ['cookbook', 'notebook'],
  umbrella: [],
};

/** Words for a whole shelf, and what stands for it. */
const CATEGORIES: Readonly<Record<string, readonly string[]>> = {
  fruit: ['apple', 'orange', 'pear', 'banana', 'lemon', 'strawberry'],
  vegetable: ['carrot', 'tomato', 'broccoli', 'pepper', 'onion', 'cucumber'],
  produce: ['apple', 'carrot', 'tomato', 'pear', 'pepper', 'lemon'],
  grocery: ['carton', 'bread', 'apple', 'can', 'carrot', 'egg'],
  food: ['bread', 'cheese', 'apple', 'tomato', 'egg'],
  dairy: ['carton', 'cheese', 'egg'],
  'dairy product': ['carton', 'cheese', 'egg'],
  bakery: ['bread', 'croissant', 'baguette', 'cupcake'],
  pastry: ['croissant', 'cupcake', 'doughnut'],
  drink: ['bottle', 'can', 'carton', 'glass'],
  beverage: ['bottle', 'can', 'carton', 'glass'],
  'cleaning product': ['spray', 'sponge', 'bucket', 'brush'],
  'cleaning supply': ['spray', 'sponge', 'bucket', 'brush'],
  cutlery: ['fork', 'knife', 'spoon'],
  utensil: ['spoon', 'fork', 'knife', 'pan'],
  kitchenware: ['pan', 'pot', 'bowl', 'kettle'],
  cookware: ['pan', 'pot', 'kettle'],
  tableware: ['plate', 'cup', 'bowl', 'glass'],
  furniture: ['chair', 'sofa', 'lamp'],
  toiletry: ['soap', 'tube', 'towel'],
  snack: ['cookie', 'bag', 'doughnut'],
  sweet: ['cookie', 'doughnut', 'cupcake'],
  'canned food': ['can', 'jar'],
  'household item': ['soap', 'towel', 'candle', 'basket'],
  'household product': ['soap', 'spray', 'sponge', 'candle'],
};

/** A noun recognised in a run of words. */
export interface FoundNoun {
  noun: string;
  plural: boolean;
  members?: readonly string[];
  /** How many words it took. */
  length: number;
}

const TABLE = new Map<string, Omit<FoundNoun, 'length'>>();
for (const [noun, others] of Object.entries(SYNONYMS)) {
  for (const phrase of [noun, ...others]) {
    TABLE.set(phrase, { noun, plural: false });
    TABLE.set(pluralOf(phrase), { noun, plural: true });
  }
}
TABLE.set('grapes', { noun: 'grapes', plural: false });
TABLE.set('loaves', { noun: 'bread', plural: true });
TABLE.set('knives', { noun: 'knife', plural: true });
for (const [category, members] of Object.entries(CATEGORIES)) {
  TABLE.set(category, { noun: category, plural: true, members });
  TABLE.set(pluralOf(category), { noun: category, plural: true, members });
}

/** Every noun the studio can draw from knowledge. */
export const KNOWN_NOUNS: readonly string[] = Object.keys(SYNONYMS);

/** The longest noun that starts at `index`; words are lower case. */
export function nounAt(words: readonly string[], index: number): FoundNoun | undefined {
  for (let length = 4; length > 0; length -= 1) {
    if (index + length > words.length) continue;
    const found = TABLE.get(words.slice(index, index + length).join(' '));
    if (found) return { ...found, length };
  }
  return undefined;
}

/** The singular of a word by the common rules of English; good enough for labels. */
export function singularOf(word: string): string {
  if (/(?:ss|us|is)$/.test(word) || word.length < 4) return word;
  if (/ies$/.test(word)) return word.replace(/ies$/, 'y');
  if (/(?:x|ch|sh|ss|z|o)es$/.test(word)) return word.replace(/es$/, '');
  return word.replace(/s$/, '');
}

function pluralOf(phrase: string): string {
  const of = phrase.indexOf(' of ');
  const head = of < 0 ? phrase : phrase.slice(0, of);
  const tail = of < 0 ? '' : phrase.slice(of);
  if (/[^aeiou]y$/.test(head)) return `${head.slice(0, -1)}ies${tail}`;
  if (/(?:s|x|ch|sh|[^o]o)$/.test(head) && !/(?:avocado|kilo)$/.test(head)) return `${head}es${tail}`;
  return `${head}s${tail}`;
}
