"""The contract in /openapi.json, made true where the framework guesses: every error is JSON of one form."""

from typing import Any

from fastapi import FastAPI

_ERROR = {"application/json": {"schema": {"$ref": "#/components/schemas/ErrorAnswer"}}}


class Application(FastAPI):
    def openapi(self) -> dict[str, Any]:
        """Made once. Else the errors of endpoints that answer pictures would be called pictures."""
        if self.openapi_schema is None:
            contract = super().openapi()
            for methods in contract["paths"].values():
                for operation in methods.values():
                    for status, answer in operation["responses"].items():
                        if int(status) >= 400:
                            answer["content"] = _ERROR
        return super().openapi()
