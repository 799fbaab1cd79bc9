import { ground, scenery, transparency } from './background.ts';
import { cut, type Matcher, told } from './clause.ts';
import type { Lighting, Position, PromptReading } from './reading.ts';
import { tell } from './reading.ts';

const LIGHTS: readonly (readonly [RegExp, Lighting])[] = [
  [/\b(?:back[- ]?lit|back[- ]?light(?:ing)?|rim light(?:ing)?|silhouetted?)\b/, 'backlit'],
  [
    /\b(?:dramatic|moody|low[- ]key|chiaroscuro|contrasty|hard|harsh)(?:,? \w+)? (?:light(?:ing)?|shadows?|mood)\b|\b(?:dramatic|moody|low[- ]key)(?:ally)?(?: lit)?\b/,
    'dramatic',
  ],
  [/\b(?:golden hour|warm(?:,? \w+)? light(?:ing)?|sunset|candle ?light|warmly lit|warm tones?)\b/, 'warm'],
  [/\b(?:cool(?:,? \w+)? light(?:ing)?|cold light(?:ing)?|moonlight|cool tones?)\b/, 'cool'],
  [/\b(?:dim(?:ly)?|dark)(?: lit| light(?:ing)?)\b/, 'dim'],
  [
    /\bstudio(?:,? \w+)? light(?:ing|s)?\b|\b(?:studio|professionally)[- ]lit\b|\bstudio (?:shot|photo(?:graph)?(?:y)?)\b/,
    'studio',
  ],
  [
    /\b(?:soft|even|evenly|diffused?|gentle|natural|flat|shadowless|softly|neutral)(?:,?(?: and)? (?:\w+))? (?:light(?:ing)?|daylight|lit|illumination)\b|\b(?:softly|evenly)[- ]lit\b|\bsoft shadows?\b|\b(?:soft|even) daylight\b/,
    'soft',
  ],
  [
    /\b(?:bright|brightly|high[- ]key)(?:,?(?: \w+)?)? (?:light(?:ing)?|lit|daylight)\b|\bhigh[- ]key\b|\bbrightly[- ]lit\b|\bbright daylight\b|\bwell[- ]lit\b|\bbrighter\b/,
    'bright',
  ],
];

const lighting: Matcher = (reading, clause, emphasis) => {
  for (const [pattern, value] of LIGHTS) {
    const match = pattern.exec(clause);
    if (!match) continue;
    reading.lighting = tell(reading.lighting, told(value, emphasis));
    return cut(clause, match);
  }
  return clause.replace(/\blight(?:ing)?\b(?= (?:is|should|must))/, ' ');
};

const POSITIONS: readonly (readonly [RegExp, Position])[] = [
  [/\b(?:copy|empty|negative|white|free) ?space (?:on|at|to) the right\b/, 'left'],
  [/\b(?:copy|empty|negative|white|free) ?space (?:on|at|to) the left\b/, 'right'],
  [
    /\b(?:copy|empty|negative|white|free) ?space (?:on|at|to|above|in) (?:the )?(?:top|above)\b|\bspace above\b/,
    'bottom',
  ],
  [
    /\b(?:(?:on|in|to|at|into) the |keep )?(?:left|left-hand) (?:third|half|side)\b|\b(?:on|to) the left\b/,
    'left',
  ],
  [
    /\b(?:(?:on|in|to|at|into) the )?(?:right|right-hand) (?:third|half|side)\b|\b(?:on|to) the right\b/,
    'right',
  ],
  [/\b(?:in|at|near|to) the (?:upper|top)(?: (?:third|half|part))?\b/, 'top'],
  [/\b(?:in|at|near|to) the (?:lower|bottom)(?: (?:third|half|part))?\b/, 'bottom'],
  [
    /\b(?:perfectly |exactly |well |horizontally and vertically )*(?:cent(?:red|ered|rally|ring|ering)|re-?cent(?:re|er)(?:ed)?|cent(?:re|er) the (?:subject|object|product))\b(?: (?:in|within) the (?:frame|image|picture|middle|cent(?:re|er)))?|\b(?:in|at|to) the (?:exact |very )?(?:cent(?:re|er)|middle)(?: of the (?:frame|image|picture))?\b|\bcentral(?:ly)?(?: placed)?\b|\bcent(?:re|er) (?:frame|composition)\b|\bsymmetrical(?:ly)?\b/,
    'centre',
  ],
];

const position: Matcher = (reading, clause, emphasis) => {
  for (const [pattern, value] of POSITIONS) {
    const match = pattern.exec(clause);
    if (!match) continue;
    reading.position = tell(reading.position, told(value, emphasis));
    return cut(clause, match);
  }
  return clause;
};

const SHARES: readonly (readonly [RegExp, number])[] = [
  [/\bfill(?:s|ing)? (?:most|much) of (?:the )?(?:frame|image|picture|canvas)\b/, 0.62],
  [
    /\bfill(?:s|ing)? (?:about )?half (?:of )?(?:the )?(?:frame|image|picture)\b|\bhalf (?:of )?the frame\b/,
    0.5,
  ],
  [/\bextreme close[- ]?up\b|\bmacro\b|\btight(?:ly)? (?:crop(?:ped)?|fram(?:ed|ing))\b/, 0.75],
  [
    /\bclose[- ]?up\b|\bfill(?:s|ing)? the (?:whole |entire )?(?:frame|image|picture|canvas)\b|\bfull[- ]frame\b/,
    0.66,
  ],
  [/\bmedium shot\b|\bmid shot\b/, 0.4],
  [/\b(?:larger|bigger|closer)(?: in (?:the )?(?:frame|image|picture))?\b|\blarge in (?:the )?frame\b/, 0.6],
  [/\b(?:smaller|small) in (?:the )?(?:frame|image|picture)\b|\bsmaller\b/, 0.22],
  [
    /\bwide (?:shot|angle|view|framing)\b|\bfrom afar\b|\b(?:lots|plenty) of (?:negative|empty|white|copy|free) ?space\b|\bgenerous (?:negative space|margins?)\b/,
    0.2,
  ],
];

const PERCENT =
  /\b(?:(?:fill|occup|cover|tak|us)(?:y|s|es|e|ing|ies|ying)?(?: up)?\s+)?(at least|at most|no more than|less than|more than|over|under|between)?\s*(?:about|around|roughly|approximately|some|~)?\s*(\d{1,3})\s*(?:%|percent)?\s*(?:(?:-|–|to|and)\s*(\d{1,3}))?\s*(?:%|percent)(?: of (?:the )?(?:\w+ )?(?:frame|image|picture|canvas|area|width|height|space))?/;

const fill: Matcher = (reading, clause, emphasis) => {
  const match = PERCENT.exec(clause);
  if (
    match &&
    (/\b(?:fill|occup|cover|tak)/.test(match[0]) ||
      / of /.test(match[0]) ||
      /\b(?:fill|occup|cover|frame|share|size)/.test(clause))
  ) {
    const low = Number(match[2]);
    const high = match[3] ? Number(match[3]) : undefined;
    const bound = match[1] ?? '';
    let share = (high === undefined ? low : (low + high) / 2) / 100;
    if (high === undefined && /least|more than|over/.test(bound) && !/no more/.test(bound))
      share = Math.min(share * 1.25, share + 0.15);
    else if (high === undefined && /most|no more|less|under/.test(bound)) share *= 0.75;
    reading.fill = tell(reading.fill, told(Math.min(0.9, Math.max(0.05, share)), emphasis));
    return cut(clause, match);
  }
  for (const [pattern, value] of SHARES) {
    const found = pattern.exec(clause);
    if (!found) continue;
    reading.fill = tell(reading.fill, told(value, emphasis));
    return cut(clause, found);
  }
  return clause;
};

const FLAT =
  /\b(?:flat(?: (?:vector|design|colou?rs?|style|icon|graphic))?(?: (?:illustration|style|art|icon|graphic))?|vector(?: (?:illustration|art|graphic|style))?|minimalist illustration|cartoon(?: style)?|clip ?art|icon style|line art)\b(?! (?:lay|lighting|light|surface))/;
const SHADED =
  /\b(?:photo(?:graph(?:ic|y)?|realis(?:m|tic)|real)?|realistic|3d(?: render(?:ed|ing)?)?|render(?:ed)?|shaded|volumetric|product shot|studio shot|lifelike)\b(?: (?:style|look|image|picture))?/;

const shading: Matcher = (reading, clause, emphasis) => {
  const flat = FLAT.exec(clause);
  if (flat) {
    reading.shading = tell(reading.shading, told('flat' as const, emphasis));
    return cut(clause, flat);
  }
  const shaded = SHADED.exec(clause);
  if (!shaded) return clause;
  // "a photo of" is how most prompts begin and says little; "realistic" says more.
  reading.shading = tell(
    reading.shading,
    told('shaded' as const, emphasis, !/^(?:photo|render)$/.test(shaded[0])),
  );
  return cut(clause, shaded);
};

const SHARP =
  /\b(?:(?:in |tack[- ]|razor[- ]|very |perfectly |crisp(?:,| and)? )*sharp(?:ly)?(?:er)?(?: (?:focus(?:ed)?|edges|details?|image))?|crisp(?: (?:focus|edges|details?|image))?|in focus|high (?:detail|resolution)|highly detailed|well[- ]defined edges)\b/;
const SOFT = /\b(?:soft focus|dreamy|shallow depth of field)\b/;

const focus: Matcher = (reading, clause, emphasis) => {
  const sharp = SHARP.exec(clause);
  const soft = SOFT.exec(clause);
  const match = sharp ?? soft;
  if (!match) return clause;
  reading.focus = tell(reading.focus, told(sharp ? ('sharp' as const) : ('soft' as const), emphasis));
  return cut(clause, match);
};

/** Light comes before style, so that "flat lighting" is not a flat drawing; scenery before ground, so that "gradient background" is not plain. */
const MATCHERS: readonly Matcher[] = [
  transparency,
  fill,
  focus,
  lighting,
  scenery,
  ground,
  shading,
  position,
];

/** Reads everything about the picture but its subjects out of one positive clause, and returns what is left of it. */
export function readSettings(reading: PromptReading, clause: string, emphasis: number): string {
  return MATCHERS.reduce((rest, matcher) => matcher(reading, rest, emphasis), clause);
}
