import type { StudioModelTraits } from './traits.ts';

/** What the models of the catalog are good at, by their native names. */
export const STUDIO_MODELS: Readonly<Record<string, StudioModelTraits>> = {
  draft: {
    name: 'draft',
    adherence: 0.8,
    taste: 0.45,
    textAccuracy: 0.6,
    reliableCount: 3,
    shading: 'flat',
    supportsTransparency: false,
    supportsNegativePrompt: false,
  },
  standard: {
    name: 'standard',
    adherence: 0.9,
    taste: 0.65,
    textAccuracy: 0.8,
    reliableCount: 6,
    shading: 'both',
    supportsTransparency: false,
    supportsNegativePrompt: true,
  },
  pro: {
    name: 'pro',
    adherence: 0.96,
    taste: 0.8,
    textAccuracy: 0.93,
    reliableCount: 12,
    shading: 'both',
    supportsTransparency: true,
    supportsNegativePrompt: true,
  },
};
