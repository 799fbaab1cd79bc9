import { serviceMain } from '@atelier/service';
import { loadStorageConfig, startStorage } from './service.ts';

await serviceMain({
  name: 'storage',
  load: loadStorageConfig,
  start: startStorage,
  drainGraceMs: (config) => config.STORAGE_DRAIN_GRACE,
});
