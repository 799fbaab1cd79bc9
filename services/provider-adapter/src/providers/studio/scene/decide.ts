import type { PromptReading, TextPlace, TextReading } from '../parse/reading.ts';
import type { StudioModelTraits } from '../traits.ts';
import { Judgement } from './judgement.ts';
import { gibberish, misspell } from './misspell.ts';
import type { Plan, PlannedText } from './plan.ts';
import { planGroups } from './subjects.ts';
import {
  planBackground,
  planFinish,
  planFraming,
  planLighting,
  planShading,
  plansTransparency,
} from './surroundings.ts';

/** What beside the prompt bears on the decisions. */
export interface DecisionInputs {
  seed: bigint | number;
  background?: 'opaque' | 'transparent';
  format: string;
  guidance?: number;
  steps?: number;
}

/** Decides everything about a picture but where its parts go. Pure: the same inputs give the same plan. */
export function decideScene(traits: StudioModelTraits, reading: PromptReading, inputs: DecisionInputs): Plan {
  const judgement = new Judgement(traits, inputs.seed, inputs.guidance, inputs.steps);
  const transparent = plansTransparency(reading, traits, inputs.background === 'transparent', inputs.format);
  const wordless = reading.avoid.get('text');
  const stray = wordless
    ? !judgement.follows('no-text', wordless.emphasis, 0.8)
    : reading.texts.length === 0 && !judgement.chooses('stray-text', 0.3);
  const groups = planGroups(reading, traits, judgement, !wordless || stray);
  const texts = planTexts(reading, judgement, stray, groups.length > 0);
  for (const text of texts.filter(({ place }) => place === 'label')) {
    const [carrier] = groups;
    if (carrier) carrier.label = text.lines.join(' ');
  }
  const shading = planShading(reading, traits, judgement);
  return {
    groups,
    background: transparent ? { kind: 'plain', colour: '#ffffff' } : planBackground(reading, judgement),
    transparent,
    lighting: planLighting(reading, judgement),
    shading,
    ...planFraming(reading, judgement),
    crowded:
      groups.some(({ count }) => count > 1) &&
      !reading.subjects.some(({ count }) => count?.clear) &&
      !judgement.chooses('spacing', 0.4),
    clutter: planClutter(reading, judgement),
    shadow: !transparent && planShadow(reading, judgement, shading),
    ...planFinish(reading, judgement),
    texts: texts.filter(({ place }) => place !== 'label' || groups.length === 0),
    decisions: judgement.decisions,
  };
}

function planClutter(reading: PromptReading, judgement: Judgement): number {
  const random = judgement.random('clutter');
  const ruledOut = reading.avoid.get('clutter');
  if (ruledOut) return judgement.follows('clutter', ruledOut.emphasis) ? 0 : random.integer(1, 3);
  return judgement.chooses('clutter', 0.9) ? 0 : random.integer(2, 5);
}

function planShadow(reading: PromptReading, judgement: Judgement, shading: 'flat' | 'shaded'): boolean {
  const ruledOut = reading.avoid.get('shadow');
  if (ruledOut) return !judgement.follows('shadow', ruledOut.emphasis);
  return shading === 'shaded';
}

function planTexts(
  reading: PromptReading,
  judgement: Judgement,
  stray: boolean,
  hasSubject: boolean,
): PlannedText[] {
  const texts: PlannedText[] = [];
  reading.texts.forEach((text, index) => {
    const asked = text.lines.join('\n');
    if (!judgement.follows('text', text.emphasis, 0.4, asked)) return;
    const random = judgement.random(`text:${index}:${asked}`);
    const spelt = judgement.spells(asked, text.emphasis);
    const spoilt = random.integer(0, text.lines.length - 1);
    const place = placeOf(text, index, hasSubject);
    const moved =
      text.place !== undefined && !judgement.follows('text-place', text.emphasis, 0.6, `${asked}:${place}`);
    texts.push({
      lines: spelt
        ? text.lines
        : text.lines.map((line, at) => (at === spoilt ? misspell(line, random) : line)),
      place: moved ? (place === 'bottom' ? 'top' : 'bottom') : place,
      ...(text.colour ? { colour: text.colour } : {}),
      size: text.size,
      faint: text.emphasis === 0 && !judgement.chooses('text-contrast', 0.3, asked),
    });
  });
  if (stray)
    texts.push({
      lines: [gibberish(judgement.random('stray'))],
      place: 'bottom',
      size: 'small',
      faint: true,
    });
  return texts;
}

/** A text without a place goes to the top; the next one below. Alone, it takes the middle. */
function placeOf(text: TextReading, index: number, hasSubject: boolean): TextPlace {
  if (text.place) return text.place;
  if (!hasSubject) return 'centre';
  return index === 0 ? 'top' : 'bottom';
}
