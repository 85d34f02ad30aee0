"""Every error in the shape that OpenAI clients read: {"error": {"message", "type", "param", "code"}}."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException
from starlette.requests import Request

from imprint.backbone.base import ContextTooLong
from imprint.serve.engine import Busy
from imprint.serve.scope import BadUser, LongUser
from imprint.store.connect import StoreError
from imprint.types import ImprintError

RETRY = "2"
"""Seconds after which a client of a busy server is told to come back."""


class ApiError(HTTPException):
    """An error with its place in the request."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        param: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(status, message, headers)
        self.code = code
        self.param = param


def invalid(message: str, param: str | None = None, code: str | None = None) -> ApiError:
    """The request says something that cannot be done."""
    return ApiError(400, message, code, param)


def of_mistake() -> ApiError:
    """What a client reads of an error nobody foresaw."""
    return ApiError(500, "the server made a mistake. Its log says where", "internal_error")


def of_imprint(error: ImprintError) -> ApiError:
    """The status that fits an error the user can mend."""
    message = _KEPT.sub("", _PATH.sub("the data folder", str(error)))
    if isinstance(error, StoreError):
        return ApiError(503, message, "store", headers={"retry-after": RETRY})
    if isinstance(error, Busy):
        return ApiError(503, message, "busy", headers={"retry-after": RETRY})
    if isinstance(error, ContextTooLong):
        return ApiError(400, message, "context_length_exceeded", "messages")
    if isinstance(error, BadUser):
        return ApiError(400, message, "invalid_user", "user")
    if isinstance(error, LongUser):
        return ApiError(422, message, "invalid_user", "user")
    return ApiError(422, message, "unprocessable")


_PATH = re.compile(r"(?<!\w)/[\w./-]*imprint\.db")
"""Where the store lies is nobody's business who asks over the network."""
_KEPT = re.compile(r"\+(?:[0-9a-f]{16}|local)\.")
"""What stands before a user's id in the name it is kept under."""
_KINDS = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def body(error: ApiError) -> dict[str, Any]:
    """The JSON of an error."""
    kind = "server_error" if error.status_code >= 500 else _KINDS.get(error.status_code, "invalid_request_error")
    return {"error": {"message": error.detail, "type": kind, "param": error.param, "code": error.code}}


def error_response(error: ApiError) -> JSONResponse:
    """The response of an error."""
    return JSONResponse(body(error), error.status_code, dict(error.headers or {}))


async def _api_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ApiError)
    return error_response(error)


async def _imprint_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, ImprintError)
    return error_response(of_imprint(error))


async def _http_error(request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    words = {404: "there is nothing at this address", 405: "this address does not take this method"}
    said = words.get(error.status_code, HTTPStatus(error.status_code).phrase.lower())
    return error_response(ApiError(error.status_code, said, headers=error.headers))


async def _wrong_input(request: Request, error: Exception) -> JSONResponse:
    """Names the field and the rule, never the value."""
    assert isinstance(error, RequestValidationError)
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    if first["type"] == "extra_forbidden":
        return error_response(invalid("this field is not known here", where[:200], "unknown_parameter"))
    if first["type"] == "json_invalid":
        return error_response(invalid("the body is not JSON"))
    said = first["msg"] if first["type"] != "value_error" else str(first["ctx"]["error"])
    return error_response(invalid(f"{where[:200]}: {said}" if where else said, where[:200] or None))


def add_handlers(app: FastAPI) -> None:
    """Have the app answer every error in this shape."""
    app.add_exception_handler(ApiError, _api_error)
    app.add_exception_handler(ImprintError, _imprint_error)
    app.add_exception_handler(HTTPException, _http_error)
    app.add_exception_handler(RequestValidationError, _wrong_input)
