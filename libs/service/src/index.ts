export { type RunningService, type RunOptions, runService } from './run-service.ts';
export { type ServiceMainOptions, serviceMain } from './service-main.ts';
