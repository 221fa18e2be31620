"""A ballot box on the real database."""

import pytest

from services.ballot_box.party import BallotBox
from services.database import Databases
from tests.sample_parties import make_box


@pytest.fixture
def box(databases: Databases) -> BallotBox:
    return make_box(databases)
