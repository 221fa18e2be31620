"""Errors that name trustees."""

import pickle

import pytest

from crypto import errors
from crypto.errors import CryptoError, PartialDecryptionError, ThresholdError, TrusteeError


@pytest.mark.parametrize(
    ("error", "text"),
    [
        (TrusteeError(2, "is late"), "trustee 2: is late"),
        (PartialDecryptionError(3, "is wrong"), "trustee 3: is wrong"),
        (ThresholdError([1, 2], "disagree"), "trustees 1, 2: disagree"),
    ],
)
def test_error_that_names_trustees(error: CryptoError, text: str) -> None:
    """The culprit stands in the message, and survives the way between processes."""
    assert str(error) == text
    copied = pickle.loads(pickle.dumps(error))  # noqa: S301 (our own bytes)
    assert (str(copied), vars(copied)) == (text, vars(error))


def test_one_family() -> None:
    """Whoever catches CryptoError misses none."""
    found = [each for each in vars(errors).values() if isinstance(each, type)]
    own = [each for each in found if each.__module__ == "crypto.errors"]
    assert len(own) == 15
    assert all(issubclass(each, CryptoError) for each in own)
