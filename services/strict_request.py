"""Bodies are read as they are written: "5" is no number, 5.0 no integer, "true" no flag.

Litestar converts path, query and body together and leniently, since a path has only text.
"""

from typing import Any

import msgspec
from litestar import Request
from litestar.datastructures import State
from litestar.exceptions import ClientException, ValidationException


class StrictRequest(Request[Any, Any, State]):
    """A request whose JSON body has the exact types of the handler's `data`, or is refused."""

    async def json(self) -> Any:
        """
        The body as JSON values, once it was found to be of the handler's type.

        Raises ClientException for what is not JSON, ValidationException for another type.
        """
        body = await self.body()
        field = self.route_handler.parsed_data_field
        if field is None:
            return await super().json()
        try:
            msgspec.json.decode(body or b"null", type=field.annotation)
        except msgspec.ValidationError as error:
            # The place is in the message: "… - at `$.nominations[0].no`".
            raise ValidationException(extra=[{"message": str(error), "key": "data"}]) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise ClientException from None
        return await super().json()
