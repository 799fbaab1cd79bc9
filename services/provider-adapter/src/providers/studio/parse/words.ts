export const DETERMINERS = new Set([
  'a',
  'an',
  'the',
  'this',
  'these',
  'each',
  'every',
  'another',
  'its',
  'their',
  'whole',
  'only',
  'exactly',
  'just',
  'precisely',
  'all',
  'total',
  'strictly',
]);
export const CONTAINERS = new Set([
  'bowl',
  'plate',
  'basket',
  'pan',
  'pot',
  'bucket',
  'box',
  'glass',
  'cup',
  'mug',
  'jar',
]);
export const VESSELS = new Set([...CONTAINERS, 'bottle', 'carton', 'can', 'bag', 'tube', 'spray', 'vase']);
export const JOINING = new Set(['of', 'filled', 'full', 'containing', 'holding']);
export const STOPS = new Set(
  'and or with in on at by for from to into under over near next beside behind of that which is are be must should shall can will has have show shows showing make keep draw place placed add put it they them as not no so very but then while only against between among around per'.split(
    ' ',
  ),
);
export const OBJECT_WORDS = /^(?:objects?|items?|products?|subjects?|pieces?|things?|units?|instances?)$/;
/** Words that head a phrase about the picture and not about a thing in it. */
export const NOT_THINGS = new Set(
  `image picture photo photograph photography shot illustration render rendering drawing icon painting view scene frame composition background backdrop
  foreground lighting light lights shadow shadows style quality detail details focus colour color colours colors look mood tone texture space margin
  margins edge edges text letters lettering words word headline label banner sign caption slogan title tagline logo campaign advertisement ad tile category
  poster hero cover centre center middle top bottom left right side third half angle perspective resolution camera lens aspect ratio format size
  layout design art artwork result output version attempt failure problem rubric question check required subject object objects item items product
  products catalogue catalog ecommerce e-commerce shop website everything nothing something anything frame-filling food-photography feedback
  fresh ripe shiny delicious tasty clean simple nice beautiful modern whole single`.split(/\s+/),
);
/** Adjectives that may stand before a noun and are no part of its name. */
export const ADJECTIVES =
  /^(?:fresh|ripe|shiny|glossy|small|large|big|tiny|juicy|organic|delicious|tasty|beautiful|nice|simple|clean|modern|new|old|whole|raw|crisp|crunchy|classic|ceramic|plastic|wooden|metal|glass|steel|cotton|identical|separate|distinct|individual|perfect|lovely|cute|round|tall|short|sliced|folded|stainless|round|smooth|elegant|vintage|plain|healthy|golden-brown|well|single|open|closed|empty|full|real|soft|leather|linen|porcelain|sweet|rustic|homemade|crusty|handmade|scented|bright|natural)$/;

/** Splits a positive remainder into words; "|" marks where something was taken out. */
export function wordsOf(clause: string): string[] {
  return (
    clause.match(/#[0-9a-f]{3,6}\b|[a-z][a-z'’-]*|\d+|[|,§]/g)?.map((word) => word.replace(/[’']s$/, '')) ??
    []
  );
}
