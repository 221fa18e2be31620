"""A registrar on the real database."""

import pytest

from services.database import Databases
from services.registrar.party import Registrar
from tests.sample_parties import make_registrar


@pytest.fixture
def registrar(databases: Databases) -> Registrar:
    return make_registrar(databases)
