/**
 * What to say to an image model when a typed check fails for which yes was hoped for; `rules-for-no.ts` has those for no.
 * Words in braces are filled in from the check; see
 * `fill.ts` for what there is. The wordings are ordinary English that asks for what is wanted: models follow that better
 * than a list of faults.
 */
export interface Rule {
  /** Kind of the check. */
  readonly check: string;
  /**
   * Which form of the check it is for, as `fill.ts` finds it; without one, any. The first rule that fits counts.
   */
  readonly form?: string;
  /** What it is about. A later instruction about the same replaces an earlier one. */
  readonly topic: string;
  /** Whether instructions with other values are about something else: two texts are two topics. */
  readonly perValue?: boolean;
  /** The first time. */
  readonly plain: string;
  /** In other words, when that did not help. */
  readonly again: string;
  /** In the fewest words, for the front of the prompt and where room is short. */
  readonly terse: string;
  /** What goes into the negative prompt of a model that has one; filled in like the wordings. */
  readonly avoid: readonly string[];
}

/** Checks that no words can mend: the parameters or the model decide them. Each with what does. */
export const BEYOND_WORDS: Readonly<Record<string, string>> = {
  minimum_size: 'the size is set by the parameters',
  aspect_ratio: 'the aspect ratio is set by the parameters',
  format: 'the file format is set by the parameters',
};

/** Rules for checks that shall answer yes. */
export const RULES: readonly Rule[] = [
  {
    check: 'object_count',
    topic: 'count',
    plain: 'Exactly {count} {things}, clearly separated, and nothing else in the picture.',
    again: 'Count them: {count} {things} in all, no more and no fewer, with clear space around each.',
    terse: 'Exactly {count} {things}.',
    avoid: ['extra objects', 'overlapping objects', 'clutter'],
  },
  {
    check: 'background_colour',
    form: 'transparent',
    topic: 'background',
    plain: 'The subject is isolated on a fully transparent background, with nothing behind it.',
    again: 'Cut out the subject: no backdrop, no floor and no shadow, only transparency around it.',
    terse: 'Transparent background.',
    avoid: ['backdrop', 'scenery', 'floor'],
  },
  {
    check: 'background_colour',
    form: 'coloured',
    topic: 'background',
    plain: 'Plain, uniform background in {colour}, with no texture, pattern or gradient.',
    again: 'Behind everything there is one flat {colour}, the same from edge to edge.',
    terse: 'Plain {colour} background.',
    avoid: ['busy background', 'textured background', 'gradient background', 'clutter'],
  },
  {
    check: 'background_colour',
    topic: 'background',
    plain: 'Plain, uniform background with no texture, pattern or gradient.',
    again: 'Behind everything there is one flat colour, the same from edge to edge.',
    terse: 'Plain background.',
    avoid: ['busy background', 'textured background', 'gradient background', 'clutter'],
  },
  {
    check: 'dominant_colour',
    topic: 'colour',
    plain: 'The subject is clearly {colour}: {colour} is its main colour.',
    again: 'Almost all of the subject is {colour}, not merely a part of it.',
    terse: 'A {colour} subject.',
    avoid: ['wrong colours'],
  },
  {
    check: 'subject_centred',
    form: 'horizontal',
    topic: 'position',
    plain: 'The subject is centred from left to right, with equal space on both sides.',
    again: 'Place the subject halfway between the left and the right edge of the picture.',
    terse: 'Horizontally centred subject.',
    avoid: ['off-centre subject', 'cropped subject'],
  },
  {
    check: 'subject_centred',
    form: 'vertical',
    topic: 'position',
    plain: 'The subject is centred from top to bottom, with equal space above and below.',
    again: 'Place the subject halfway between the top and the bottom edge of the picture.',
    terse: 'Vertically centred subject.',
    avoid: ['off-centre subject', 'cropped subject'],
  },
  {
    check: 'subject_centred',
    topic: 'position',
    plain: 'The subject is centred in the frame, with equal space on all sides.',
    again: 'Place the subject exactly in the middle of the picture.',
    terse: 'Centred in the frame.',
    avoid: ['off-centre subject', 'cropped subject'],
  },
  {
    check: 'frame_share',
    form: 'larger',
    topic: 'scale',
    plain: 'Closer view: the subject fills about {share}% of the frame, wholly inside it.',
    again: 'Show the subject large, taking up about {share}% of the frame and cut off nowhere.',
    terse: 'The subject fills {share}% of the frame.',
    avoid: ['tiny subject', 'distant subject', 'cropped subject'],
  },
  {
    check: 'frame_share',
    form: 'smaller',
    topic: 'scale',
    plain: 'Wider view: the subject fills about {share}% of the frame, with a margin all round.',
    again: 'Show the whole subject with free space around it, taking up about {share}% of the frame.',
    terse: 'The subject fills {share}% of the frame, with a margin.',
    avoid: ['cropped subject', 'subject touching the edge'],
  },
  {
    check: 'frame_share',
    topic: 'scale',
    plain: 'The subject fills about {share}% of the frame, wholly inside it, with a margin all round.',
    again: 'Show the whole subject, taking up about {share}% of the frame and touching no edge.',
    terse: 'The subject fills {share}% of the frame.',
    avoid: ['cropped subject', 'subject touching the edge'],
  },
  {
    check: 'sharpness',
    topic: 'focus',
    plain: 'Sharp focus throughout, with crisp edges and no blur.',
    again: 'Everything is in perfect focus: crisp, clean edges and fine detail, without haze or motion blur.',
    terse: 'Sharp focus.',
    avoid: ['blur', 'soft focus', 'haze'],
  },
  {
    check: 'not_blank',
    topic: 'visibility',
    plain: 'The subject is clearly visible, large and in strong contrast to the background.',
    again: 'Show the subject plainly: bright, complete and easy to make out at a glance.',
    terse: 'Clearly visible subject.',
    avoid: ['empty picture', 'low contrast'],
  },
  {
    check: 'transparency',
    form: 'opaque',
    topic: 'background',
    plain: 'A solid, opaque background fills the whole frame.',
    again: 'The picture is opaque from edge to edge, with a solid backdrop behind the subject.',
    terse: 'Opaque background.',
    avoid: ['transparent background'],
  },
  {
    check: 'transparency',
    topic: 'background',
    plain: 'The subject is isolated on a fully transparent background, with nothing behind it.',
    again: 'Cut out the subject: no backdrop, no floor and no shadow, only transparency around it.',
    terse: 'Transparent background.',
    avoid: ['backdrop', 'scenery', 'floor'],
  },
  {
    check: 'text_present',
    form: 'none',
    topic: 'no text',
    plain: 'No text, letters, numbers, labels or watermark anywhere in the picture.',
    again: 'Every surface is bare: no lettering, no logo and no writing of any kind.',
    terse: 'No text.',
    avoid: ['text', 'letters', 'watermark', 'logo'],
  },
  {
    check: 'text_present',
    form: 'only',
    topic: 'text',
    perValue: true,
    plain:
      'The text must read exactly "{text}", in large, plain, high-contrast letters, with no other words.',
    again:
      'Write "{text}" once, spelled letter for letter, in big bold letters that are easy to read, and no other writing.',
    terse: 'The text "{text}".',
    avoid: ['misspelt text', 'extra words', 'illegible letters'],
  },
  {
    check: 'text_present',
    topic: 'text',
    perValue: true,
    plain: 'The text must read exactly "{text}", in large, plain, high-contrast letters.',
    again: 'Write "{text}" once, spelled letter for letter, in big bold letters that are easy to read.',
    terse: 'The text "{text}".',
    avoid: ['misspelt text', 'illegible letters'],
  },
  {
    check: 'likeness',
    topic: 'likeness',
    plain: 'The subject looks like the one in the reference image: the same shape, colours and proportions.',
    again:
      'Copy the subject of the reference image faithfully, with every part, colour and marking in its place.',
    terse: 'Same subject as in the reference image.',
    avoid: ['altered shape', 'altered colours'],
  },
  {
    check: 'duplicate_of',
    topic: 'composition',
    plain: 'The same composition, subject and colours as in the reference image.',
    again:
      'Reproduce the reference image as it is: the same arrangement, the same view and the same colours.',
    terse: 'Same composition as the reference image.',
    avoid: [],
  },
];
