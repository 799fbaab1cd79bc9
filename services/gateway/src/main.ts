import { serviceMain } from '@atelier/service';
import { loadGatewayConfig, startGateway } from './service.ts';

await serviceMain({
  name: 'gateway',
  load: loadGatewayConfig,
  start: startGateway,
  drainGraceMs: (config) => config.GATEWAY_DRAIN_GRACE,
});
