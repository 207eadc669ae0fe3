"""Bodies of the API: strict JSON, capped, hashed as they were sent."""

import hashlib
from collections.abc import Mapping
from typing import IO, Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.http.request import RawPostDataException
from rest_framework.parsers import BaseParser

from definitions import strict_json
from definitions.errors import MalformedJson, TooLarge


class StrictJSONParser(BaseParser):
    """Parses JSON as `definitions.strict_json` does; the sha256 of the raw body goes to the request, for idempotency."""

    media_type = "application/json"

    def parse(
        self, stream: IO[bytes], media_type: str | None = None, parser_context: Mapping[str, Any] | None = None
    ) -> Any:
        limit = settings.SNAPSHOTTER["MAX_BODY_BYTES"]
        try:
            body = stream.read(limit + 1)
        except (RequestDataTooBig, RawPostDataException):
            body = b" " * (limit + 1)
        except OSError as error:
            raise MalformedJson("the body ended early") from error
        if len(body) > limit:
            raise TooLarge(f"the body is larger than {limit} bytes")
        if parser_context is not None:
            parser_context["request"].raw_body_sha256 = hashlib.sha256(body).hexdigest()
        return strict_json.loads(body, max_bytes=limit)
