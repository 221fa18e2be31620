"""`phieukin openapi`: prints the OpenAPI document of the API."""

import argparse
import json
import sys

from services.api_document import api_document
from services.app import create_app
from services.database import PARTIES, open_databases
from services.environment import settings_from_environment

# The document is the same wherever the service is served and whatever it stores.
NOWHERE = "postgresql+asyncpg://localhost/nowhere"


def add_parser(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe `phieukin openapi`."""
    parser = subparsers.add_parser("openapi", help="print the API's OpenAPI 3.1 document")
    parser.set_defaults(run=run)


def run(_: argparse.Namespace) -> int:
    """Write the document to standard output; 0."""
    sys.stdout.write(render_document())
    return 0


def render_document() -> str:
    """The text of `schemas/openapi.json`."""
    settings = settings_from_environment({}, ("http://localhost",)).settings
    app = create_app(settings, open_databases(dict.fromkeys(PARTIES, NOWHERE)))
    return json.dumps(api_document(app), ensure_ascii=False, indent=1) + "\n"
