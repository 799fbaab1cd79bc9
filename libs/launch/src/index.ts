export { type LaunchOptions, launchMesh, Mesh, type Variables } from './mesh.ts';
export { ServiceProcess } from './service-process.ts';
export { defaultPorts, type MeshPorts, meshEnvironment, type ServiceName, serviceNames } from './services.ts';
export { supervise } from './supervise.ts';
