"""Who a request comes from, in the words that all parties share; knows nothing of HTTP."""

from dataclasses import dataclass
from typing import Literal

from services.errors import Fault, PartyError

AccountRole = Literal["secretary", "auditor", "member"]


class LoginRequiredError(PartyError):
    """The request needs a login and has none that is valid."""

    name = "login-required"
    fault = Fault.NO_LOGIN


class NotAllowedError(PartyError):
    """The person is logged in, but this is not theirs to do or see."""

    name = "not-allowed"
    fault = Fault.FORBIDDEN


@dataclass(frozen=True)
class Account:
    """
    One person. A member's account belongs to (`council_id`, `member` number), an auditor's to a
    council; presiding officer and teller are roles in a meeting or election, not of an account.
    """

    id: str
    name: str
    roles: frozenset[AccountRole]
    council_id: str | None = None
    member: int | None = None

    @property
    def is_secretary(self) -> bool:
        return "secretary" in self.roles

    @property
    def is_auditor(self) -> bool:
        return "auditor" in self.roles

    def require_secretary(self) -> None:
        """Raises NotAllowedError."""
        if not self.is_secretary:
            raise NotAllowedError

    def require_member_of(self, council_id: str) -> int:
        """The person's member number in that council. Raises NotAllowedError."""
        if self.council_id != council_id or self.member is None:
            raise NotAllowedError
        return self.member

    def belongs_to(self, council_id: str) -> bool:
        """Member or auditor of that council, or the secretary."""
        return self.is_secretary or self.council_id == council_id
