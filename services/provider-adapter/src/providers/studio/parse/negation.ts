import { nounAt } from './lexicon.ts';
import type { Avoided, PromptReading, SubjectReading } from './reading.ts';
import { tell } from './reading.ts';

const AVOIDABLE: readonly (readonly [RegExp, Avoided])[] = [
  [
    /\b(?:clutter(?:ed)?|props?|(?:other|extra|additional|distracting|more|unrelated|stray|random|background) (?:objects?|items?|things?|elements?|products?|subjects?|props?)|anything else|distractions?|mess(?:y)?|decorations?|duplicates?|debris)\b/,
    'clutter',
  ],
  [
    /\b(?:text|letters|lettering|words?|writing|captions?|logos?|watermarks?|labels?|typography|signature|brand(?:ing|s)?|numbers)\b/,
    'text',
  ],
  [/\bshadows?\b/, 'shadow'],
  [
    /\b(?:busy|complex|distracting|cluttered|patterned|textured|detailed|noisy|colou?rful|real|visible)? ?(?:back ?grounds?|backdrops?|scenery|patterns?|textures?)\b|\b(?:kitchen|market|table|wood|outdoor scene|room|interior)\b/,
    'busy-background',
  ],
  [
    /\b(?:blur(?:ry|red|riness)?|soft focus|out[- ]of[- ]focus|unfocus(?:s)?ed|low[- ](?:quality|resolution|res)|bokeh|grain(?:y)?|noise)\b/,
    'blur',
  ],
  [
    /\b(?:crop(?:ped|ping)?|cut[- ]off|cut off|partial(?:ly visible)?|truncat(?:ed|ion)|out of frame|bleed(?:ing)? off)\b/,
    'crop',
  ],
  [
    /\b(?:low contrast|dim|dark(?:ness)?|underexposed|washed[- ]out|faded|dull|harsh light(?:ing)?|colou?r cast)\b/,
    'low-contrast',
  ],
  [/\b(?:off[- ]?cent(?:re|er)(?:ed)?|asymmetr(?:y|ical))\b/, 'off-centre'],
  [/\b(?:gradients?|vignettes?|vignetting)\b/, 'gradient'],
];

/** Whether every word of a clause that follows a negative one can be part of its list ("no text, logos or watermarks"). */
export function continuesNegation(clause: string): boolean {
  let rest = ` ${clause} `;
  for (const [pattern] of AVOIDABLE) rest = rest.replace(new RegExp(pattern, 'g'), ' ');
  return (
    rest
      .replace(
        /\b(?:or|and|nor|any|no|of|the|kind|people|hands?|faces?|reflections?|borders?|frames?)\b/g,
        '',
      )
      .trim() === '' && clause.trim() !== ''
  );
}

/** Reads what a negative clause rules out. Words it does not know are about things the studio never draws. */
export function readAvoided(reading: PromptReading, clause: string, emphasis: number): void {
  const avoid = (what: Avoided, put = emphasis): void => {
    reading.avoid.set(what, tell(reading.avoid.get(what), { value: true, emphasis: put, clear: true }));
  };
  let rest = clause;
  for (const [pattern, what] of AVOIDABLE) {
    if (!pattern.test(rest)) continue;
    // "Cluttered background" is about the background, not about objects.
    if (what === 'clutter' && /\bclutter(?:ed)? back ?ground\b/.test(rest)) continue;
    avoid(what);
    rest = rest.replace(new RegExp(pattern, 'g'), ' ');
  }
  const words = rest.split(/[^a-z'-]+/).filter((word) => word !== '');
  for (let index = 0; index < words.length; index += 1) {
    const found = nounAt(words, index);
    if (!found) continue;
    avoid(`noun:${found.noun}`);
    index += found.length - 1;
  }
}

/** Positive words that come to the same ("isolated", "nothing else"); taken out of the clause. */
const ALONE =
  /\b(?:isolated|nothing else(?: in (?:the )?(?:frame|image|picture))?|uncluttered|clutter[- ]free|by (?:itself|themselves)|alone|on (?:its|their) own|clean composition)\b/;

export function readAlone(reading: PromptReading, clause: string, emphasis: number): string {
  const match = ALONE.exec(clause);
  if (!match) return clause;
  reading.avoid.set('clutter', tell(reading.avoid.get('clutter'), { value: true, emphasis, clear: true }));
  return `${clause.slice(0, match.index)} ${clause.slice(match.index + match[0].length)}`;
}

/** Drops subjects that are named only to be ruled out. */
export function withoutAvoided(subjects: SubjectReading[], avoid: PromptReading['avoid']): SubjectReading[] {
  const kept = subjects.filter((subject) => !avoid.has(`noun:${subject.noun}`));
  return kept.length > 0 ? kept : subjects;
}
