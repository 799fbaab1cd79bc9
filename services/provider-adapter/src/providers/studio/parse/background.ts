import { cut, type Matcher, told } from './clause.ts';
import { firstColour, isColourWord } from './colours.ts';
import type { BackgroundKind, PromptReading } from './reading.ts';
import { tell } from './reading.ts';

const PLAIN =
  '(?:plain|solid|clean|uniform|pure|seamless|simple|blank|empty|even|neutral|minimal(?:ist)?|uncluttered|monochrome|single[- ]colou?r(?:ed)?|flat|isolated)';
const GROUND = '(?:back ?ground|backdrop|backing|ground|surface|canvas|studio sweep)';
const HEX = '#[0-9a-f]{6}|#[0-9a-f]{3}';

/** Scenes by the words that name them. The first that matches is taken. */
const SCENES: readonly (readonly [RegExp, BackgroundKind])[] = [
  [/\bgradient(?: (?:background|backdrop))?\b(?:.{0,30}\b(?:background|backdrop)\b)?/, 'gradient'],
  [
    /\b(?:rustic |dark |light |old )*(?:wooden|wood|rustic|oak|pine)(?: \w+)? (?:table(?:top)?|surface|board|counter|desk|background|backdrop|planks?|floor)\b|\bon (?:a )?(?:rustic )?wood\b|\b(?:on|upon) (?:a|the) (?:\w+ )?table(?:top)?\b/,
    'wood',
  ],
  [
    /\bmarble(?: \w+)? (?:surface|counter(?:top)?|table(?:top)?|background|slab)\b|\bon (?:white )?marble\b/,
    'marble',
  ],
  [
    /\b(?:in|inside|at|on) (?:a|an|the) (?:\w+ ){0,2}kitchen(?: counter(?:top)?)?\b(?! (?:towel|knife|roll|scale))|\bkitchen (?:background|backdrop|scene|setting|interior|counter(?:top)?)\b|\b(?:on|upon) (?:a|the) counter(?:top)?\b/,
    'kitchen',
  ],
  [
    /\b(?:in|inside|at|on) (?:a|an|the) (?:[\w']+ ){0,2}(?:market|supermarket|grocery|shop|store|stall)(?: stall)?\b|\bmarket (?:background|scene|setting|stall)\b/,
    'market',
  ],
  [
    /\boutdoors?\b(?: (?:scene|setting|background))?|\b(?:in|at|on) (?:a|an|the) (?:\w+ ){0,2}(?:garden|field|orchard|meadow|park|lawn|grass|beach)\b|\bin nature\b|\b(?:garden|nature|landscape|sky) (?:background|backdrop|scene|setting)\b/,
    'outdoor',
  ],
  [
    /\b(?:on|onto) (?:a|an|the) (?:\w+ ){0,2}(?:shelf|shelves)\b|\bin (?:a|the) pantry\b|\bshelf background\b/,
    'shelf',
  ],
  [
    /\b(?:in|inside) (?:a|an|the) (?:\w+ ){0,2}(?:living room|room|bedroom|interior|home|house|office)\b|\b(?:interior|living room) (?:background|scene|setting)\b/,
    'room',
  ],
  [/\b(?:in|inside) (?:a|an|the) (?:\w+ ){0,2}bathroom\b|\btiled? (?:background|wall|backdrop)\b/, 'tiles'],
  [
    /\b(?:gingham|checked|checkered|chequered)(?: \w+)? (?:tablecloth|cloth|background|blanket|backdrop)\b|\bon (?:a|the) (?:\w+ ){0,2}(?:tablecloth|picnic blanket)\b/,
    'gingham',
  ],
  [/\b(?:patterned|striped|polka[- ]dot(?:ted)?) (?:background|backdrop)\b/, 'pattern'],
  [/\b(?:confetti|festive|party)(?: (?:background|backdrop|scene|setting))?\b/, 'confetti'],
  [/\bbokeh(?: (?:background|backdrop|lights))?\b|\bblurr(?:ed|y) (?:background|backdrop)\b/, 'bokeh'],
];

const TRANSPARENT =
  /\b(?:transparent|alpha|see-through)(?: (?:png|background|backdrop|ground))?\b|\bno background\b|\bbackground (?:is |must be |should be |to be )?(?:transparent|removed)\b|\bcut[- ]?out with alpha\b/;

export const transparency: Matcher = (reading, clause, emphasis) => {
  const match = TRANSPARENT.exec(clause);
  if (!match) return clause;
  reading.transparent = tell(reading.transparent, told(true, emphasis));
  return cut(clause, match);
};

export const scenery: Matcher = (reading, clause, emphasis) => {
  for (const [pattern, kind] of SCENES) {
    const match = pattern.exec(clause);
    if (!match) continue;
    reading.background = tell(reading.background, told(kind, emphasis));
    const colour = firstColour(
      clause.slice(Math.max(0, match.index - 30), match.index + match[0].length).split(/\s+/),
    );
    if (kind === 'gradient' && colour)
      reading.backgroundColour = tell(reading.backgroundColour, told(colour, emphasis));
    return cut(clause, match);
  }
  return clause;
};

/** "Background colour must be #f4efe6", "background: plain white". */
const GROUND_THEN = new RegExp(
  `\\b${GROUND}(?:'s)?(?: (?:colou?r|shade|tone))?[\\s:=(]*(?:(?:is|are|must|should|has|have|to|be|of|in|a|an|the|exactly|strictly|completely|entirely|fully|filled|with|colou?r(?:ed)?|change[sd]?|set|kept?|stay|remain|${PLAIN})[\\s:=(]+)*((?:[\\w-]+[ -])?(?:${HEX}|[a-z-]+))`,
);
/** "Isolated on pure white", where no thing follows the colour. */
const BARE_GROUND =
  /\b(?:on|against|over)\s+(?:a |an )?((?:pure |plain |solid |clean |bright |seamless )*(?:(?:off|light|pale|dark|deep|pastel|warm|soft|navy|sky|mint)[ -])?[a-z#0-9-]+)\s*(?=[,.|)]|$)/;
const GROUND_WORD = new RegExp(`\\b${GROUND}\\b`);
const BEFORE_GROUND = new RegExp(
  `^(?:${PLAIN}|on|onto|against|over|upon|in|front|of|with|a|an|the|to|it|its|colou?r(?:ed)?|single|very|completely|entirely|fully|perfectly|studio|photo|matte|smooth|bare|nice|and)$`,
);

export const ground: Matcher = (reading, clause, emphasis) => {
  const then = GROUND_THEN.exec(clause);
  const colourAfter = then ? firstColour((then[1] ?? '').split(/\s+/)) : undefined;
  if (then && (colourAfter || new RegExp(`\\b${PLAIN}\\b`).test(then[0]))) {
    const rest = settle(reading, clause, then.index, then.index + then[0].length, colourAfter, emphasis);
    return ground(reading, rest, emphasis);
  }
  const word = GROUND_WORD.exec(clause);
  if (word) {
    const start = groundStart(clause.slice(0, word.index));
    const words = clause.slice(start, word.index).trim().split(/\s+/);
    return settle(reading, clause, start, word.index + word[0].length, firstColour(words), emphasis);
  }
  const bare = BARE_GROUND.exec(clause);
  const colour = bare ? firstColour((bare[1] ?? '').split(/\s+/)) : undefined;
  return bare && colour
    ? settle(reading, clause, bare.index, bare.index + bare[0].length, colour, emphasis)
    : clause;
};

/** Walks back from "background" over the words that can describe it. */
function groundStart(before: string): number {
  let start = before.length;
  for (const match of [...before.matchAll(/[^\s]+/g)].reverse()) {
    if (
      !BEFORE_GROUND.test(match[0]) &&
      !isColourWord(match[0]) &&
      !/^[a-z]+-(?:white|blue|green|grey|gray|colou?red)$/.test(match[0])
    )
      break;
    start = match.index;
  }
  return start;
}

function settle(
  reading: PromptReading,
  clause: string,
  start: number,
  end: number,
  colour: string | undefined,
  emphasis: number,
): string {
  const said = clause.slice(start, end);
  if (/\bstudio\b/.test(said) && !colour)
    reading.background = tell(reading.background, told('studio' as const, emphasis));
  else if (colour || new RegExp(`\\b${PLAIN}\\b`).test(said))
    reading.background = tell(reading.background, told('plain' as const, emphasis));
  if (colour) reading.backgroundColour = tell(reading.backgroundColour, told(colour, emphasis));
  return `${clause.slice(0, start)} | ${clause.slice(end)}`;
}
