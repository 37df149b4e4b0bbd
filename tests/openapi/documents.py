"""The OpenAPI documents, a row each."""

from collections.abc import Mapping

from tests.openapi.control import CONTROL
from tests.openapi.document import Document
from tests.openapi.public import PUBLIC

DOCUMENTS: Mapping[str, Document] = {each.name: each for each in (PUBLIC, CONTROL)}
"""Every document that a platform hands out; a new one is a row."""
