"""Calls Generate with stubs that the ordinary tools made from the protos. Arguments: address, project."""

import json
import sys

import grpc
from google.rpc import error_details_pb2, status_pb2

from atelier.gateway.v1 import generation_pb2, generation_service_pb2, generation_service_pb2_grpc
from atelier.prompt.v1 import prompt_pb2

address, project = sys.argv[1:]


def asked(model):
    return generation_service_pb2.GenerateRequest(
        generation=generation_pb2.GenerationRequest(
            project=project,
            model=model,
            brief=prompt_pb2.Brief(prompt="a red ball"),
            subject_id="python",
        )
    )


def refusal(client):
    """Reason and fields of an error, from its details."""
    try:
        client.Generate(asked("models/Bad Name"), timeout=30)
    except grpc.RpcError as error:
        details = dict(error.trailing_metadata())["grpc-status-details-bin"]
        info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
        for detail in status_pb2.Status.FromString(details).details:
            detail.Unpack(info)
            detail.Unpack(bad)
        return [error.code().name, info.reason, *(violation.field for violation in bad.field_violations)]
    return []


with grpc.insecure_channel(address) as channel:
    client = generation_service_pb2_grpc.GenerationServiceStub(channel)
    generation = client.Generate(asked("models/sandbox-approve"), timeout=60).generation
    print(
        json.dumps(
            {
                "outcome": generation_pb2.Outcome.Name(generation.outcome),
                "subject": generation.request.subject_id,
                "sha256": generation.results[0].image.sha256,
                "url": generation.results[0].image.url,
                "refusal": refusal(client),
            }
        )
    )
