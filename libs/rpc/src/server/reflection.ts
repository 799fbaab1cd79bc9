import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { FileDescriptorProtoSchema, FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import { service as healthService } from 'grpc-health-check';
import type { Registration } from './registration.ts';
import type { TrackedStreams } from './tracked-streams.ts';

type PackageDefinition = ConstructorParameters<typeof ReflectionService>[0];

/**
 * Adds server reflection, v1 and v1alpha, so that grpcurl and its like know the services without protos of their own.
 * It lists what is registered; the descriptor set (as `buf build` makes it) may hold more.
 */
export function addReflection(
  server: Server,
  streams: TrackedStreams,
  registrations: readonly Registration[],
  descriptorSet: Uint8Array,
): void {
  const { file } = fromBinary(FileDescriptorSetSchema, descriptorSet);
  const fileDescriptorProtos = [
    ...file.map((descriptor) => Buffer.from(toBinary(FileDescriptorProtoSchema, descriptor))),
    ...healthDescriptors(),
  ];
  // The package reads the descriptors of a definition and nothing else of it.
  const definition = {
    image: { format: 'descriptor set', type: {}, fileDescriptorProtos },
  };
  const names = registrations.map(({ service }) => service.typeName);
  const reflection = new ReflectionService(definition as PackageDefinition, {
    services: [...names, 'grpc.health.v1.Health'],
  });
  reflection.addToServer(streams.tracking(server));
}

function healthDescriptors(): readonly Buffer[] {
  const method = healthService.Check as unknown as {
    requestType: { fileDescriptorProtos: readonly Buffer[] };
  };
  return method.requestType.fileDescriptorProtos;
}
