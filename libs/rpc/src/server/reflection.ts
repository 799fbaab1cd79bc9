import { file_google_rpc_error_details } from '@atelier/protos/google/rpc/error_details_pb.ts';
import { file_grpc_health_v1_health } from '@atelier/protos/grpc/health/v1/health_pb.ts';
import { type DescFile, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type FileDescriptorProto,
  FileDescriptorProtoSchema,
  FileDescriptorSetSchema,
} from '@bufbuild/protobuf/wkt';
import type { Server } from '@grpc/grpc-js';
import { ReflectionService } from '@grpc/reflection';
import type { Registration } from './registration.ts';
import type { TrackedStreams } from './tracked-streams.ts';

type PackageDefinition = ConstructorParameters<typeof ReflectionService>[0];

/**
 * Adds server reflection, v1 and v1alpha, so that grpcurl and its like know the services without protos of their own.
 * It lists what is registered, and the health service; the descriptor set (as `buf build` makes it) may hold more. The
 * details of errors are always known, so that they are shown as text.
 */
export function addReflection(
  server: Server,
  streams: TrackedStreams,
  registrations: readonly Registration[],
  descriptorSet: Uint8Array,
): void {
  const files = new Map<string, FileDescriptorProto>();
  for (const file of [file_google_rpc_error_details, file_grpc_health_v1_health]) addWithImports(files, file);
  for (const file of fromBinary(FileDescriptorSetSchema, descriptorSet).file) files.set(file.name, file);
  // The package reads the encoded files of a definition and nothing else of it.
  const fileDescriptorProtos = [...files.values()].map((file) =>
    Buffer.from(toBinary(FileDescriptorProtoSchema, file)),
  );
  const definition: unknown = { image: { fileDescriptorProtos } };
  const names = registrations.map(({ service }) => service.typeName);
  const reflection = new ReflectionService(definition as PackageDefinition, {
    services: [...names, 'grpc.health.v1.Health'],
  });
  reflection.addToServer(streams.tracking(server));
}

function addWithImports(files: Map<string, FileDescriptorProto>, file: DescFile): void {
  for (const imported of file.dependencies) addWithImports(files, imported);
  files.set(file.proto.name, file.proto);
}
