import { ancestors, graphOf, type Planned } from './planned-draft.ts';

/** A draft that is being spoilt: nothing is spoilt twice, so that what becomes of it stays known. */
export interface Spoiling {
  readonly draft: Planned[];
  readonly spoilt: Set<Planned>;
  /** 0 to 1. */
  readonly random: () => number;
}

/** Spoils a draft in one way. Gives false where there is nothing left that can be spoilt so. */
type Fault = (spoiling: Spoiling) => boolean;

/** Changes one question that is good so far. */
function changing(
  change: (planned: Planned, spoiling: Spoiling) => void,
  fits = (_: Planned) => true,
): Fault {
  return (spoiling) => {
    const { draft, spoilt, random } = spoiling;
    const fitting = draft.filter((planned) => !spoilt.has(planned) && fits(planned));
    const victim = fitting[Math.floor(random() * fitting.length)];
    if (victim === undefined) return false;
    spoilt.add(victim);
    change(victim, spoiling);
    return true;
  };
}

/** Adds one question at the end. */
function adding(make: (spoiling: Spoiling) => Partial<Planned>): Fault {
  return (spoiling) => {
    const { draft, spoilt } = spoiling;
    const id = `extra-${draft.length}`;
    const text = `Is the ${id.replace('-', ' ')} there?`;
    const planned: Planned = { id, text, dependsOn: [], fields: { category: 'object' }, answer: 'unknown' };
    Object.assign(planned, make(spoiling));
    spoilt.add(planned);
    draft.push(planned);
    return true;
  };
}

const rewording = (reword: (text: string) => string, fault: RegExp) =>
  changing((planned) => Object.assign(planned, { text: reword(planned.text), fault }));

const withField = (fields: Record<string, unknown>, fault: RegExp) =>
  changing((planned) => Object.assign(planned, { fields: { ...planned.fields, ...fields }, fault }));

const isUnspoilt = ({ draft, spoilt }: Spoiling, id: string) =>
  draft.some((planned) => planned.id === id && !spoilt.has(planned));

/** Ways in which writers go wrong, by what is wrong. */
export const FAULTS: Readonly<Record<string, Fault>> = {
  compound: rewording(
    (text) => text.replace(/\?$/, ' and is it shiny?'),
    /asks more than one thing \("and"\)/,
  ),
  'list of things': rewording(
    (text) => text.replace(/\?$/, ', is it shiny?'),
    /asks more than one thing \(","\)/,
  ),
  negated: rewording((text) => text.replace(/^(\w+ \w+)/, '$1 not'), /denies something \("not"\)/),
  'open question': rewording((text) => `How many things does this say: ${text}`, /asks for a number/),
  'second clause': rewording((text) => text.replace(/\?$/, ' while it rains?'), /second clause \("while"\)/),
  'no question': rewording((text) => text.replace(/\?$/, '.'), /must end in its only question mark/),
  'existence and place': adding(() => ({
    text: 'Is there a clock on the wall?',
    fault: /whether something is there, and more \("on"\)/,
  })),
  'unknown parent': changing((planned) => {
    planned.dependsOn.push('nobody');
    planned.fault = /depends on nobody, which is no question of the draft/;
  }),
  'depends on itself': changing((planned) => {
    planned.dependsOn.push(planned.id);
    planned.fault = /depends on itself/;
  }),
  circle: (spoiling) => {
    const isChild = ({ dependsOn }: Planned) => dependsOn.some((id) => isUnspoilt(spoiling, id));
    return changing((child, { draft, spoilt }) => {
      const parent = draft.find((planned) => child.dependsOn.includes(planned.id) && !spoilt.has(planned));
      spoilt.add(parent as Planned);
      parent?.dependsOn.push(child.id);
    }, isChild)(spoiling);
  },
  'id twice': adding(({ draft, random }) => ({
    id: draft[Math.floor(random() * draft.length)]?.id ?? '',
    fault: /its id is that of an earlier question/,
  })),
  'text twice': changing((original, { draft, spoilt }) => {
    const id = `again-${draft.length}`;
    const child = draft.find(({ dependsOn }) => dependsOn.includes(original.id));
    if (child !== undefined) {
      // The writer hangs a child on the repeat; it comes to the original.
      child.dependsOn = child.dependsOn.map((parent) => (parent === original.id ? id : parent));
    }
    const repeat: Planned = {
      ...original,
      id,
      text: original.text.toUpperCase().replaceAll(' ', '  '),
      dependsOn: [],
      parents: [original.id],
      fault: new RegExp(`asks the same as ${original.id}`),
    };
    spoilt.add(repeat);
    draft.push(repeat);
  }),
  'bad id': changing((planned, { draft }) => {
    const { id: old } = planned;
    const id = `Question ${old}!`;
    planned.fault = /its id must be/;
    for (const other of draft) {
      if (other.id === old) other.id = id;
      other.dependsOn = other.dependsOn.map((parent) => (parent === old ? id : parent));
    }
  }),
  'unknown category': withField({ category: 'beauty' }, /its category must be one of/),
  'wrong form': withField({ required: 'very' }, /has not the form that was asked for: required/),
  'count without a number': withField(
    { answered_by: 'count', counted: 'things', expected: 'several' },
    /must be digits, from 1 to 1000/,
  ),
  'words that the brief has not': adding(() => ({
    text: 'Does the sign say "Zweihundert Zebras"?',
    fields: { category: 'text', answered_by: 'text', quoted: 'Zweihundert Zebras' },
    fault: /the brief has not these words, letter for letter/,
  })),
  'variable without a template': rewording(
    (text) => text.replace(/\?$/, ' {{ item }}?'),
    /uses the variable item, which no template declares/,
  ),
  'not in the brief': adding(() => ({ answer: 'unknown' })),
  'against the brief': changing((planned) => Object.assign(planned, { answer: 'no' })),
  'open in the brief': changing((planned) => Object.assign(planned, { answer: 'unknown' })),
};

/** Everything that came to stand in a circle goes. */
export function withCircles(draft: readonly Planned[]): readonly Planned[] {
  const graph = graphOf(draft);
  return draft.map((planned) =>
    planned.fault === undefined && ancestors(planned.id, graph).has(planned.id)
      ? { ...planned, fault: /depends on itself/ }
      : planned,
  );
}
