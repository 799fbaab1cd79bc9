import type { StudioModelTraits } from './traits.ts';

/** What the models of the catalog are good at, by their native names. */
export const STUDIO_MODELS: Readonly<Record<string, StudioModelTraits>> = {
  draft: {
    name: 'draft',
    adherence: 0.75,
    taste: 0.35,
    textAccuracy: 0.5,
    reliableCount: 3,
    shading: 'flat',
    supportsTransparency: false,
    supportsNegativePrompt: false,
  },
  standard: {
    name: 'standard',
    adherence: 0.87,
    taste: 0.5,
    textAccuracy: 0.75,
    reliableCount: 5,
    shading: 'both',
    supportsTransparency: false,
    supportsNegativePrompt: true,
  },
  pro: {
    name: 'pro',
    adherence: 0.94,
    taste: 0.65,
    textAccuracy: 0.9,
    reliableCount: 8,
    shading: 'both',
    supportsTransparency: true,
    supportsNegativePrompt: true,
  },
};
