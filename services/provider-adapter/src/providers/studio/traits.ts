/** What a studio model is good at. All shares are 0 to 1. */
export interface StudioModelTraits {
  /** Part of every random stream, so that two models never make the same mistakes. */
  name: string;
  /** Chance that one plainly put instruction is honoured; emphasis and guidance raise it. */
  adherence: number;
  /** Chance that a choice the prompt leaves open is made well. Low means clutter, busy grounds, off-centre subjects. */
  taste: number;
  /** Chance that a text of about ten letters is spelt right; longer ones fare worse. */
  textAccuracy: number;
  /** Counts up to this are as reliable as other instructions; above it they fail more and more. */
  reliableCount: number;
  /** The one style it draws in, or both on request. */
  shading: 'flat' | 'shaded' | 'both';
  supportsTransparency: boolean;
  /** Without this the negative prompt is not read at all. */
  supportsNegativePrompt: boolean;
}
