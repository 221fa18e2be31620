"""A small meeting with simulated people around the one phone that a test looks at.

Three tellers, who are members and vote, and the person under test as member 1. Everything but that
person's phone is a client of the simulation, so a test costs a second or two before it begins.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final

import msgspec

from crypto.randomness import system_randomness
from schemas.fields import GroupName
from schemas.scenario import Mark, Scenario, parse_scenario
from services.simulation.device import Device
from services.simulation.http_client import ApiClient
from services.simulation.member import MemberPhone
from services.simulation.secretary import Secretary
from services.simulation.teller import TellerDevice

NAME: Final = "Đặng Thị Thu Hà"
SECOND: Final = "Vi Văn Khoa"
ABSENCE_REASON: Final = "Đi công tác"
TELLERS: Final = (2, 3, 4)
VIETNAM: Final = timezone(timedelta(hours=7))
RULE: Final = {
    "share": "2/3",
    "comparator": "at_least",
    "base": "all_members",
    "citation": "Điều 9 Quy chế tổ chức và hoạt động của Hội đồng",
}


def small_scenario(nominations: int, tellers: Sequence[int]) -> Scenario:
    """A council of five: 1 is the phone under test, 2 to 4 are simulated, 5 is absent."""
    names = (NAME, "Triệu Văn Bình", "Hoàng Minh Châu", "Lục Văn Dũng", SECOND)
    return parse_scenario(
        {
            "schema": "meeting-scenario/1",
            "council": {
                "name": f"Hội đồng thử {secrets.token_hex(3)}",
                "issuer": {
                    "parent_line": "SỞ XÂY DỰNG TỈNH LAM GIANG",
                    "issuer_line": "HỘI ĐỒNG THI ĐUA, KHEN THƯỞNG",
                    "symbol": "HĐTĐKT",
                },
            },
            "meeting": {
                "kind": "regular",
                "title": "Họp xét thi đua, khen thưởng",
                "starts_at": _now(),
                "ends_at": _now(),
                "venue": "Phòng họp tầng 2",
            },
            "members": [
                {
                    "no": no,
                    "name": name,
                    "position": "Chuyên viên",
                    "council_role": "Ủy viên",
                    "attendance": "present",
                }
                for no, name in enumerate(names, start=1)
            ],
            "presiding": 2,
            "secretary": 3,
            "tellers": list(tellers),
            "trustee_threshold": 2,
            "quorum": {"share": "1/2", "base": "all_members"},
            "nominations": [
                {
                    "no": no,
                    "kind": "individual",
                    "name": f"Nguyễn Văn Mẫu {no}",
                    "unit": f"Phòng số {no}",
                    "award": "Chiến sĩ thi đua cơ sở" if no % 2 else "Bằng khen",
                    "summary": "Hoàn thành xuất sắc nhiệm vụ ba năm liền.",
                    "rule": RULE,
                }
                for no in range(1, nominations + 1)
            ],
            "votes": {},
            "minimum_ballots": 3,
        }
    )


@dataclass
class Surroundings:
    """One meeting at `base_url`; `link` enrols member 1, `second_link` member 5."""

    secretary: Secretary
    scenario: Scenario
    group: GroupName = "Ed25519"
    council_id: str = ""
    meeting_id: str = ""
    uuid: str = ""
    link: str = ""
    second_link: str = ""
    others: dict[int, MemberPhone] = field(default_factory=dict)
    tellers: dict[int, TellerDevice] = field(default_factory=dict)
    _connections: AsyncExitStack = field(default_factory=AsyncExitStack)

    async def close(self) -> None:
        await self._connections.aclose()

    @property
    def nominations(self) -> int:
        return len(self.scenario.nominations)

    @property
    def box_path(self) -> str:
        return f"/api/v1/elections/{self.uuid}/ballots"

    async def convene(self) -> None:
        """Council, invitations, meeting, the others' check-in, and the draft."""
        self.council_id = await self.secretary.create_council(self.scenario)
        self.link = await self.invite(1)
        self.second_link = await self.invite(5)
        for no in TELLERS:
            phone = MemberPhone(no, await self._connect(), system_randomness)
            await phone.enrol(await self.invite(no))
            self.others[no] = phone
        self.meeting_id = await self.secretary.create_meeting(self.council_id, self.scenario)
        for phone in self.others.values():
            await phone.check_in(self.meeting_id, online=False)
        await self.secretary.set_attendance(self.meeting_id, 5, "absent", ABSENCE_REASON)
        self.uuid = await self.secretary.draft_election(self.meeting_id, self.scenario, self.group)

    async def invite(self, no: int) -> str:
        return (await self.secretary.invite(self.council_id, [no]))[0].link

    async def name_tellers(self) -> None:
        scenario = self.scenario
        await self.secretary.record_counting_team(
            self.uuid, scenario.tellers, scenario.trustee_threshold, None
        )
        self.tellers = {
            no: TellerDevice(index, self.uuid, self.others[no].device, system_randomness)
            for index, no in enumerate(scenario.tellers, start=1)
            if no in self.others
        }

    async def contribute(self, act: str) -> None:
        """One step of the simulated tellers."""
        await asyncio.gather(*(teller.contribute(act) for teller in self.tellers.values()))

    async def make_key(self) -> None:
        await self.name_tellers()
        for act in ("certificate", "commitment", "reveal", "key"):
            await self.contribute(act)

    async def issue(self) -> None:
        """Begin to issue; the others take their ballots."""
        await self.secretary.issue(self.uuid)
        await self.contribute("confirmation")
        for phone in self.others.values():
            await phone.take_ballot(self.uuid)

    async def start(self) -> None:
        await self.secretary.start(self.uuid, _now())

    async def others_vote(self) -> None:
        for phone in self.others.values():
            marks: list[Mark] = ["agree"] * self.nominations
            await phone.cast_ballot(marks)

    async def end_voting(self) -> None:
        await self.secretary.close(self.uuid, _now())

    async def until_voting(self) -> None:
        """From the keys to the start of voting, without the phone under test."""
        await self.make_key()
        await self.issue()
        await self.start()

    async def until_voting_with(self, take_own: Callable[[], Awaitable[None]]) -> None:
        """The same, with a ballot for the phone under test."""
        await self.make_key()
        await self.issue()
        await take_own()
        await self.start()

    async def count(self) -> None:
        """Two simulated tellers open the sum, and the head teller announces it."""
        seal = await self.seal_value()
        for teller in list(self.tellers.values())[:2]:
            await teller.open_sum(seal)
        await self.tellers[self.scenario.tellers[0]].announce()

    async def invite_secretary(self) -> str:
        """A link for a second secretary."""
        answer = await self.secretary.device.api.post("/secretaries", {"name": "Thư ký thứ hai"})
        return str(answer["link"])

    @property
    def data(self) -> frozenset[str]:
        """Texts of the meeting itself, which no dictionary translates."""
        scenario = self.scenario
        texts = {scenario.council.name, scenario.meeting.title, scenario.meeting.venue}
        texts |= {str(part) for part in msgspec.structs.astuple(scenario.council.issuer)}
        for member in scenario.members:
            texts |= {member.name, member.position, member.council_role}
        for case in scenario.nominations:
            texts |= {case.name, case.unit, case.award, case.summary or "", case.rule.citation}
        return frozenset(texts | {"Thư ký thứ hai", "Thư ký Hội đồng", ABSENCE_REASON}) - {""}

    async def view(self) -> Any:
        return await self.secretary.view(self.uuid)

    async def seal_value(self) -> str:
        return str((await self.view())["seal_value"])

    async def board_entries(self) -> list[bytes]:
        """The entries as a teller's device reads them."""
        api = next(iter(self.others.values())).device.api
        data = await api.get_bytes(f"/elections/{self.uuid}/board/entries")
        return data.split(b"\n")[:-1]

    async def _connect(self) -> Device:
        api = self.secretary.device.api
        client = await self._connections.enter_async_context(ApiClient(api.base_url, api.origin))
        return Device(client)


async def first_secretary(base_url: str, enrolment_link: str) -> Secretary:
    """The simulated secretary of a fresh service."""
    device = Device(ApiClient(base_url, enrolment_link.partition("/join")[0]))
    await device.enrol(enrolment_link)
    return Secretary(device)


def _now() -> str:
    return datetime.now(UTC).astimezone(VIETNAM).isoformat(timespec="seconds")
