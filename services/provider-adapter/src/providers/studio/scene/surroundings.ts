import { mix } from '../colour.ts';
import type { BackgroundKind, Lighting, PromptReading } from '../parse/reading.ts';
import type { StudioModelTraits } from '../traits.ts';
import type { Judgement } from './judgement.ts';
import type { Plan } from './plan.ts';

const QUIET: readonly BackgroundKind[] = ['plain', 'plain', 'plain', 'studio', 'gradient'];
const BUSY: readonly BackgroundKind[] = [
  'kitchen',
  'market',
  'outdoor',
  'shelf',
  'pattern',
  'confetti',
  'bokeh',
  'gingham',
  'room',
  'tiles',
  'wood',
];
const PLEASANT = ['#ffffff', '#f4efe6', '#eaf2f8', '#f8ecec', '#eef4ea', '#f3eefa', '#fdf3dc'];
const LOUD = ['#f2c14e', '#7fb069', '#5fa8d3', '#e07a5f', '#b28dff', '#c9c9c9'];

/** Whether the picture is to have real transparency. JPEG has none. */
export function plansTransparency(
  reading: PromptReading,
  traits: StudioModelTraits,
  asked: boolean,
  format: string,
): boolean {
  return traits.supportsTransparency && format !== 'jpeg' && (asked || reading.transparent !== undefined);
}

/** Decides what is behind the subject. */
export function planBackground(reading: PromptReading, judgement: Judgement): Plan['background'] {
  const random = judgement.random('background');
  const pleasant = random.pick(PLEASANT);
  const loud = random.pick(LOUD);
  const busy = random.pick(BUSY);
  const quiet = random.pick(QUIET);
  if (reading.transparent && !reading.backgroundColour) {
    // A model without alpha paints the chequers it has seen in its training pictures, or leaves it white.
    return judgement.chooses('transparency', 0.8)
      ? { kind: 'plain', colour: '#ffffff' }
      : { kind: 'checker', colour: '#ffffff' };
  }
  const colour = backgroundColour(reading, judgement, pleasant, loud);
  const told = reading.background;
  const calm = reading.avoid.get('busy-background') ?? reading.avoid.get('gradient');
  if (told?.value === 'plain' || (!told && reading.backgroundColour)) {
    const emphasis = Math.max(told?.emphasis ?? 0, calm ? calm.emphasis + 1 : 0);
    const failing = random.next() < 0.4 ? 'gradient' : busy;
    return { kind: judgement.follows('background', emphasis, 1, 'plain') ? 'plain' : failing, colour };
  }
  if (told)
    return {
      kind: judgement.follows('background', told.emphasis, 1, told.value) ? told.value : quiet,
      colour,
    };
  if (calm)
    return { kind: judgement.follows('background', calm.emphasis, 1, 'calm') ? 'plain' : busy, colour };
  return judgement.chooses('background') ? { kind: quiet, colour: pleasant } : { kind: busy, colour: loud };
}

function backgroundColour(
  reading: PromptReading,
  judgement: Judgement,
  pleasant: string,
  loud: string,
): string {
  const told = reading.backgroundColour;
  if (!told)
    return reading.background?.value === 'plain' && !judgement.chooses('background-colour', 0.5)
      ? loud
      : pleasant;
  return judgement.follows('background-colour', told.emphasis, 0.8, told.value)
    ? told.value
    : mix(told.value, loud, 0.6);
}

/** Decides the light. */
export function planLighting(reading: PromptReading, judgement: Judgement): Lighting {
  const random = judgement.random('lighting');
  const good = random.pick<Lighting>(['soft', 'studio', 'bright']);
  const bad = random.pick<Lighting>(['dim', 'dramatic', 'warm', 'cool']);
  if (reading.lighting) {
    if (judgement.follows('lighting', reading.lighting.emphasis, 0.7, reading.lighting.value))
      return reading.lighting.value;
    return reading.lighting.value === bad ? good : bad;
  }
  return judgement.chooses('lighting', 0.6) ? good : bad;
}

/** Decides flat or shaded. A model that knows only one style uses it. */
export function planShading(
  reading: PromptReading,
  traits: StudioModelTraits,
  judgement: Judgement,
): 'flat' | 'shaded' {
  if (traits.shading !== 'both') return traits.shading;
  const told = reading.shading;
  if (!told) return judgement.random('shading').next() < 0.75 ? 'shaded' : 'flat';
  const other = told.value === 'flat' ? 'shaded' : 'flat';
  return judgement.follows('shading', told.emphasis, told.clear ? 0.7 : 1, told.value) ? told.value : other;
}

/** Decides how soft and how washed out the picture is. */
export function planFinish(
  reading: PromptReading,
  judgement: Judgement,
): Pick<Plan, 'softness' | 'contrast'> {
  const random = judgement.random('finish');
  const soft = random.between(0.4, 1);
  const washed = random.between(0.35, 0.6);
  const sharp = reading.focus?.value === 'sharp' ? reading.focus : reading.avoid.get('blur');
  let softness = 0;
  if (reading.focus?.value === 'soft')
    softness = judgement.follows('focus', reading.focus.emphasis, 1, 'soft') ? soft : 0;
  else if (sharp) softness = judgement.follows('focus', sharp.emphasis, 0.5, 'sharp') ? 0 : soft;
  else softness = judgement.chooses('focus', 0.4) ? 0 : soft;
  const clear =
    reading.avoid.get('low-contrast') ??
    (reading.lighting?.value === 'bright' ? reading.lighting : undefined);
  const full = clear
    ? judgement.follows('contrast', clear.emphasis, 0.4)
    : judgement.chooses('contrast', 0.25);
  return { softness, contrast: full ? 1 : washed };
}

/** Decides where the subject sits and how much of the frame it takes. */
export function planFraming(
  reading: PromptReading,
  judgement: Judgement,
): Pick<Plan, 'anchor' | 'fill' | 'cropped'> {
  const random = judgement.random('framing');
  const wander = (): readonly [number, number] => {
    const angle = random.between(0, Math.PI * 2);
    const reach = random.between(0.14, 0.26);
    return [0.5 + Math.cos(angle) * reach, 0.5 + Math.sin(angle) * reach];
  };
  const astray = wander();
  const goodFill = random.between(0.36, 0.56);
  const badFill = random.next() < 0.7 ? random.between(0.06, 0.16) : random.between(0.75, 0.9);
  const offCentre = reading.avoid.get('off-centre');
  const position =
    reading.position ?? (offCentre ? { value: 'centre' as const, emphasis: offCentre.emphasis } : undefined);
  const placed = position
    ? judgement.follows('position', position.emphasis, 1, position.value)
    : judgement.chooses('position', 0.8);
  const anchor = placed ? ANCHORS[position?.value ?? 'centre'] : astray;
  const told = reading.fill;
  let fill = goodFill;
  if (told)
    fill = judgement.follows('fill', told.emphasis, 0.8, told.value.toFixed(2))
      ? told.value
      : Math.min(0.9, told.value * random.pick([0.35, 0.5, 1.7]));
  else if (!judgement.chooses('fill', 0.7)) fill = badFill;
  const whole = reading.avoid.get('crop') ?? (position?.value === 'centre' ? position : undefined);
  const cropped = whole ? !judgement.follows('crop', whole.emphasis, 0.3) : !judgement.chooses('crop', 0.3);
  return { anchor, fill, cropped };
}

const ANCHORS = {
  centre: [0.5, 0.5],
  left: [0.31, 0.5],
  right: [0.69, 0.5],
  top: [0.5, 0.33],
  bottom: [0.5, 0.67],
} as const;
