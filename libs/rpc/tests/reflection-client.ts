import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fromBinary } from '@bufbuild/protobuf';
import { type FileDescriptorProto, FileDescriptorProtoSchema } from '@bufbuild/protobuf/wkt';
import type { ClientDuplexStream, ServiceDefinition } from '@grpc/grpc-js';
import type { Channel } from '../src/index.ts';

const require = createRequire(import.meta.url);
const reflectionPath = dirname(require.resolve('@grpc/reflection/package.json'));
const protoLoader = createRequire(join(reflectionPath, 'package.json'))('@grpc/proto-loader') as {
  loadSync(path: string, options: object): Record<string, ServiceDefinition>;
};

type Answer = {
  listServicesResponse?: { service: { name: string }[] };
  fileDescriptorResponse?: { fileDescriptorProto: Buffer[] };
};

/** What grpcurl asks of server reflection, over one session. */
export class Reflection implements AsyncDisposable {
  readonly #stream: ClientDuplexStream<object, Answer>;
  readonly #answers: AsyncIterator<Answer>;

  constructor(channel: Channel, version: 'v1' | 'v1alpha') {
    const path = join(reflectionPath, `build/proto/grpc/reflection/${version}/reflection.proto`);
    const definition = protoLoader.loadSync(path, { keepCase: false, defaults: false, oneofs: true });
    const service = definition[`grpc.reflection.${version}.ServerReflection`] as ServiceDefinition;
    const method = service.ServerReflectionInfo;
    if (method === undefined) throw new Error('the proto has no ServerReflectionInfo');
    this.#stream = channel
      .next()
      .makeBidiStreamRequest<object, Answer>(
        method.path,
        method.requestSerialize,
        method.responseDeserialize,
      );
    this.#answers = this.#stream[Symbol.asyncIterator]() as AsyncIterator<Answer>;
  }

  async services(): Promise<string[]> {
    const answer = await this.#ask({ listServices: '*' });
    return (answer.listServicesResponse?.service ?? []).map(({ name }) => name);
  }

  async filesOf(symbol: string): Promise<FileDescriptorProto[]> {
    return files(await this.#ask({ fileContainingSymbol: symbol }));
  }

  /** The name of the first file that comes for a file name. */
  async file(name: string): Promise<string | undefined> {
    return files(await this.#ask({ fileByFilename: name }))[0]?.name;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stream.end();
    await this.#answers.next();
  }

  async #ask(request: object): Promise<Answer> {
    this.#stream.write(request);
    const { value } = await this.#answers.next();
    return value as Answer;
  }
}

function files(answer: Answer): FileDescriptorProto[] {
  const { fileDescriptorProto = [] } = answer.fileDescriptorResponse ?? {};
  return fileDescriptorProto.map((bytes) => fromBinary(FileDescriptorProtoSchema, bytes));
}
