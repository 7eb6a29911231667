"""The codes of a device's problems as text, `,clock_missing,xaddr_rewritten,`, without the words that go with them."""

from typing import Any

from sqlalchemy import JSON, ColumnElement, Text
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement


class problem_codes(FunctionElement[str]):
    """Of a column `[{code, message}]`. The words may hold addresses, which not everybody may look for."""

    name = "problem_codes"
    type = Text()
    inherit_cache = True

    def __init__(self, column: ColumnElement[JSON]) -> None:
        super().__init__(column)


@compiles(problem_codes, "sqlite")
def _sqlite(element: problem_codes, compiler: SQLCompiler, **more: Any) -> str:
    column = compiler.process(element.clauses, **more)
    codes = f"SELECT group_concat(json_extract(value, '$.code'), ',') FROM json_each({column})"  # noqa: S608 - a column
    return f"(',' || coalesce(({codes}), '') || ',')"


@compiles(problem_codes, "postgresql")
def _postgresql(element: problem_codes, compiler: SQLCompiler, **more: Any) -> str:
    column = compiler.process(element.clauses, **more)
    codes = f"SELECT string_agg(value ->> 'code', ',') FROM json_array_elements({column})"  # noqa: S608 - a column
    return f"(',' || coalesce(({codes}), '') || ',')"
