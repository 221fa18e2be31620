"""Plays one scenario from roster to opened sum, everybody as their own client over HTTP."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar

import msgspec

from crypto.randomness import Randomness
from schemas.entries import Result
from schemas.fields import GroupName
from schemas.record import ReceiptFile
from schemas.scenario import ExpectedOutcome, MeetingResult, Scenario, ScenarioMember
from services.simulation.device import Device
from services.simulation.http_client import ApiClient
from services.simulation.member import MemberPhone
from services.simulation.secretary import Secretary
from services.simulation.teller import TellerDevice

AT_ONCE: Final = 8
Progress = Callable[[str], None]
Value = TypeVar("Value")


@dataclass(frozen=True)
class HeldMeeting:
    """What a meeting that was held leaves behind, before its papers."""

    council_id: str
    meeting_id: str
    uuid: str
    result: MeetingResult
    receipts: tuple[ReceiptFile, ...]
    view: Any


@dataclass
class MeetingPlay:
    """
    One scenario played against the service at `base_url`.

    `enrolment_link` is the first secretary's; `progress` gets a line an act. Close it after use.
    """

    scenario: Scenario
    group: GroupName
    base_url: str
    enrolment_link: str
    randomness: Randomness
    progress: Progress
    phones: dict[int, MemberPhone] = field(default_factory=dict)
    tellers: list[TellerDevice] = field(default_factory=list)
    _connections: AsyncExitStack = field(default_factory=AsyncExitStack)
    _at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(AT_ONCE))

    @property
    def origin(self) -> str:
        """The client's origin, as the enrolment link names it."""
        return self.enrolment_link.partition("/join")[0]

    async def close(self) -> None:
        await self._connections.aclose()

    async def hold(self) -> HeldMeeting:
        """Everything up to the announced result. Raises ProblemError where the service refuses."""
        secretary = await self._enrol_secretary()
        council_id = await secretary.create_council(self.scenario)
        self.progress(f"Council and roster: {len(self.scenario.members)} members")
        await self._enrol_members(secretary, council_id)
        meeting_id = await secretary.create_meeting(council_id, self.scenario)
        await self._record_attendance(secretary, meeting_id)
        uuid = await secretary.draft_election(meeting_id, self.scenario, self.group)
        self.progress(f"Draft {uuid}: {len(self.scenario.nominations)} nominations, {self.group}")
        await self._make_key(secretary, uuid)
        await self._issue(secretary, uuid)
        await self._vote(secretary, uuid)
        receipts = await self._check_receipts()
        await self._open(secretary, uuid)
        view = await secretary.view(uuid)
        return HeldMeeting(
            council_id=council_id,
            meeting_id=meeting_id,
            uuid=uuid,
            result=meeting_result(msgspec.convert(view["result"], Result)),
            receipts=receipts,
            view=view,
        )

    @property
    def secretary(self) -> Secretary:
        return self._secretary

    def at(self, part: float) -> str:
        """A time of the meeting's own day, `part` of the way through it, on a whole minute."""
        meeting = self.scenario.meeting
        start = datetime.fromisoformat(meeting.starts_at)
        length = datetime.fromisoformat(meeting.ends_at) - start
        minutes = int(length.total_seconds() * part // 60)
        return (start + timedelta(minutes=minutes)).isoformat()

    async def _together(self, acts: Iterable[Awaitable[Value]]) -> list[Value]:
        """Run acts side by side, at most `AT_ONCE` of them; the first error ends all."""
        return list(await asyncio.gather(*(_limited(self._at_once, act) for act in acts)))

    async def _connect(self) -> Device:
        api = await self._connections.enter_async_context(ApiClient(self.base_url, self.origin))
        return Device(api)

    async def _enrol_secretary(self) -> Secretary:
        device = await self._connect()
        await device.enrol(self.enrolment_link)
        self._secretary = Secretary(device)
        self.progress("The secretary's device is enrolled")
        return self._secretary

    async def _enrol_members(self, secretary: Secretary, council_id: str) -> None:
        wanted = [member.no for member in self.scenario.members if self._needs_phone(member)]
        invitations = await secretary.invite(council_id, wanted)
        for invitation in invitations:
            self.phones[invitation.no] = MemberPhone(
                invitation.no, await self._connect(), self.randomness
            )
        await self._together(self.phones[each.no].enrol(each.link) for each in invitations)
        self.progress(f"{len(invitations)} members have enrolled their phones")

    def _needs_phone(self, member: ScenarioMember) -> bool:
        officers = (self.scenario.presiding, self.scenario.secretary, *self.scenario.tellers)
        return member.attendance != "absent" or member.no in officers

    async def _record_attendance(self, secretary: Secretary, meeting_id: str) -> None:
        here = [each for each in self.scenario.members if each.attendance in ("present", "online")]
        await self._together(
            self.phones[member.no].check_in(meeting_id, online=member.attendance == "online")
            for member in here
        )
        for member in self.scenario.members:
            if member not in here:
                await secretary.set_attendance(
                    meeting_id, member.no, member.attendance, member.absence_reason
                )
        self.progress(f"{len(here)} of {len(self.scenario.members)} members have checked in")

    async def _make_key(self, secretary: Secretary, uuid: str) -> None:
        members = self.scenario.tellers
        names = {member.no: member.name for member in self.scenario.members}
        on_the_list = {nomination.name for nomination in self.scenario.nominations}
        conflict = [names[no] for no in members if names[no] in on_the_list]
        await secretary.record_counting_team(
            uuid,
            members,
            self.scenario.trustee_threshold,
            "Hội đồng vẫn cử theo đề nghị của chủ tọa" if conflict else None,
        )
        self.tellers = [
            TellerDevice(index, uuid, self.phones[no].device, self.randomness)
            for index, no in enumerate(members, start=1)
        ]
        for act in ("certificate", "commitment", "reveal", "key"):
            await self._together(teller.contribute(act) for teller in self.tellers)
        self.progress(
            f"The counting team has made the key: {self.scenario.trustee_threshold} of"
            f" {len(members)} open the sum"
        )

    async def _issue(self, secretary: Secretary, uuid: str) -> None:
        await secretary.issue(uuid)
        self.progress("Issuing ballots: list, rules and counting team are fixed")
        await self._together(teller.contribute("confirmation") for teller in self.tellers)
        self.progress(f"All {len(self.tellers)} tellers confirm the election")
        takers = [no for no in self.phones if self.scenario.takes_ballot(no)]
        await self._together(self.phones[no].take_ballot(uuid) for no in takers)
        self.progress(f"{len(takers)} ballots issued")
        for warning in (await secretary.view(uuid)).get("warnings", []):
            self.progress(f"Warning: {warning['text']}")

    async def _vote(self, secretary: Secretary, uuid: str) -> None:
        await secretary.start(uuid, self.at(0.5))
        self.progress("Voting has begun")
        voters = [(no, marks) for no, marks in self.scenario.votes.items() if marks is not None]
        casts = [
            _limited(self._at_once, self.phones[int(no)].cast_ballot(marks)) for no, marks in voters
        ]
        for number, done in enumerate(asyncio.as_completed(casts), start=1):
            await done
            self.progress(f"Ballot {number} of {len(voters)} is in the box")
        await secretary.close(uuid, self.at(0.7))
        self.progress("Voting has ended, the box is sealed")

    async def _check_receipts(self) -> tuple[ReceiptFile, ...]:
        voters = [phone for phone in self.phones.values() if phone.cast is not None]
        receipts = await self._together(phone.build_receipt() for phone in voters)
        self.progress(f"{len(receipts)} phones have found their ballot in the sealed box")
        return tuple(sorted(receipts, key=lambda receipt: receipt.tracker))

    async def _open(self, secretary: Secretary, uuid: str) -> None:
        seal = str((await secretary.view(uuid))["seal_value"])
        for teller in self.tellers[: self.scenario.trustee_threshold]:
            await teller.open_sum(seal)
            self.progress(f"Teller {teller.index} has verified the board and opened the sum")
        await self.tellers[0].announce()
        self.progress("The head teller has announced the result")


def meeting_result(result: Result) -> MeetingResult:
    """The record's result in the shape of `result.json`."""
    return MeetingResult(
        members=result.members,
        present=result.present,
        issued=result.issued,
        returned=result.returned,
        outcomes=tuple(
            ExpectedOutcome(
                no=outcome.no,
                agree=outcome.agree,
                disagree=outcome.disagree,
                blank=outcome.blank,
                base=outcome.base,
                share_percent=outcome.share_percent,
                passed=outcome.passed,
            )
            for outcome in result.outcomes
        ),
    )


async def _limited(at_once: asyncio.Semaphore, act: Awaitable[Value]) -> Value:
    async with at_once:
        return await act
