"""The secretary's console: roster, meeting, election, issuing, start, close, papers."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from schemas.fields import GroupName
from schemas.papers import PaperTexts
from schemas.scenario import Scenario
from services.simulation.device import Device


@dataclass(frozen=True)
class Invitation:
    """A member's one-time enrolment link."""

    no: int
    link: str


class Secretary:
    """Acts of the secretary, each one request; the device is enrolled by the first link."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self._api = device.api

    async def create_council(self, scenario: Scenario) -> str:
        """Create the council with its roster; returns its id."""
        body = {"council": msgspec.to_builtins(scenario.council)}
        council_id = str((await self._api.post("/councils", body))["id"])
        members = [
            {
                "no": member.no,
                "name": member.name,
                "position": member.position,
                "council_role": member.council_role,
            }
            for member in scenario.members
        ]
        await self._api.put(f"/councils/{council_id}/members", {"members": members})
        return council_id

    async def invite(self, council_id: str, numbers: Sequence[int]) -> list[Invitation]:
        """A one-time enrolment link for each member named."""
        invitations = []
        for no in numbers:
            answer = await self._api.post(f"/councils/{council_id}/members/{no}/invitation")
            invitations.append(Invitation(no, str(answer["link"])))
        return invitations

    async def create_meeting(self, council_id: str, scenario: Scenario) -> str:
        meeting = scenario.meeting
        answer = await self._api.post(
            "/meetings",
            {
                "council_id": council_id,
                "kind": meeting.kind,
                "title": meeting.title,
                "starts_at": meeting.starts_at,
                "venue": meeting.venue,
                "presiding": scenario.presiding,
                "minute_taker": scenario.secretary,
            },
        )
        return str(answer["id"])

    async def set_attendance(
        self, meeting_id: str, no: int, state: str, reason: str | None
    ) -> None:
        body = {"state": state} if reason is None else {"state": state, "reason": reason}
        await self._api.put(f"/meetings/{meeting_id}/members/{no}/attendance", body)

    async def draft_election(self, meeting_id: str, scenario: Scenario, group: GroupName) -> str:
        """Draft the election with list and rules; returns its uuid."""
        body: dict[str, object] = {
            "group": group,
            "nominations": msgspec.to_builtins(scenario.nominations),
            "quorum": msgspec.to_builtins(scenario.quorum),
        }
        if scenario.minimum_ballots is not None:
            body["minimum_ballots"] = scenario.minimum_ballots
        answer = await self._api.post(f"/meetings/{meeting_id}/elections", body)
        return str(answer["uuid"])

    async def record_counting_team(
        self, uuid: str, members: Sequence[int], trustee_threshold: int, conflict: str | None
    ) -> None:
        body: dict[str, object] = {
            "members": list(members),
            "trustee_threshold": trustee_threshold,
        }
        if conflict is not None:
            body["conflict_reason"] = conflict
        await self._api.put(f"/elections/{uuid}/counting-team", body)

    async def issue(self, uuid: str) -> Any:
        return await self._api.post(f"/elections/{uuid}/issue")

    async def view(self, uuid: str) -> Any:
        return await self._api.get(f"/elections/{uuid}")

    async def start(self, uuid: str, at: str) -> Any:
        return await self._api.post(f"/elections/{uuid}/start", {"at": at})

    async def close(self, uuid: str, at: str) -> Any:
        return await self._api.post(f"/elections/{uuid}/close", {"at": at})

    async def write_texts(self, meeting_id: str, texts: PaperTexts) -> None:
        await self._api.put(f"/meetings/{meeting_id}/texts", msgspec.to_builtins(texts))

    async def draw_up_counting_minute(self, uuid: str) -> Any:
        return await self._api.post(f"/elections/{uuid}/counting-minute")

    async def draw_up_meeting_minute(self, meeting_id: str) -> Any:
        return await self._api.post(f"/meetings/{meeting_id}/minute")

    async def confirm_waiting(self, paper: Any) -> None:
        """
        Say of each waiting signature that the certificate is the signer's.

        A real secretary compares it with what the person has shown; here it is of our making.
        """
        for place in paper["fields"]:
            if "waiting" in place:
                path = f"/papers/{paper['id']}/signatures/{place['name']}/confirmation"
                await self._api.post(path, {"certificate": place["waiting"]["sha256"]})

    async def give_number(self, paper_id: str, number: str, date: str) -> None:
        """`date` is ISO 8601."""
        await self._api.put(f"/papers/{paper_id}/number", {"number": number, "date": date})

    async def download_record(self, uuid: str) -> bytes:
        return await self._api.get_bytes(f"/elections/{uuid}/record.zip")

    async def download_archive(self, uuid: str) -> bytes:
        return await self._api.get_bytes(f"/elections/{uuid}/record.bel")
