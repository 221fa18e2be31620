"""A teller's device over HTTP: key ceremony, confirmation, opening the sum (protocol.md §3)."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from crypto.groups import group_by_name
from crypto.randomness import Randomness
from crypto.trustee_device import TrusteeState, make_certificate
from services.simulation.board_reader import read_entries
from services.simulation.device import Device
from services.simulation.http_client import ProblemError
from services.trustee.opening import OpenedSum, OpeningRefusedError, open_sum
from services.trustee.steps import (
    LogView,
    read_log,
    take_commitment,
    take_confirmation,
    take_key,
    take_reveal,
)
from services.verifier.board import DownloadedBoard


class TellerDevice:
    """One trustee; its secrets stay in `state`, which the service never sees."""

    def __init__(self, index: int, uuid: str, device: Device, randomness: Randomness) -> None:
        self.index = index
        self.uuid = uuid
        self.device = device
        self.state: TrusteeState | None = None
        self.opened: OpenedSum | None = None
        self._randomness = randomness

    async def contribute(self, act: str) -> None:
        """Take one step: certificate, commitment, reveal, key or confirmation."""
        steps: dict[str, Callable[[], Awaitable[dict[str, object]]]] = {
            "certificate": self._certificate,
            "commitment": self._commitment,
            "reveal": self._reveal,
            "key": self._key,
            "confirmation": self._confirmation,
        }
        body = await steps[act]()
        await self.device.api.post(f"/elections/{self.uuid}/ceremony/{act}", body)

    async def open_sum(self, seal: str) -> None:
        """
        Verify the whole board, open the sum and hand the partial decryption in.

        A refusal of the device for too few ballots is reported like the service's own.
        """
        api, path = self.device.api, f"/elections/{self.uuid}/board"
        board = DownloadedBoard(
            entries=await read_entries(api, self.uuid),
            opening_note=await api.get_text(f"{path}/checkpoints/opening"),
            closing_note=await api.get_text(f"{path}/checkpoints/closing"),
            roster=await api.get_bytes(f"{path}/roster"),
            attendance=await api.get_bytes(f"{path}/attendance"),
        )
        try:
            self.opened = await asyncio.to_thread(
                open_sum, self._made(), self.opened, board, bytes.fromhex(seal), self._randomness
            )
        except OpeningRefusedError as refusal:
            raise ProblemError(refusal.name, 409, str(refusal)) from refusal
        await api.post(
            f"/elections/{self.uuid}/partial-decryptions",
            {
                "partial_decryption": self.opened.partial_decryption,
                "proof": msgspec.to_builtins(self.opened.proof),
            },
        )

    async def announce(self) -> None:
        await self.device.api.post(f"/elections/{self.uuid}/announce")

    def _made(self) -> TrusteeState:
        if self.state is None:
            raise AssertionError("the certificate is the first step")
        return self.state

    async def _ceremony(self) -> Any:
        return await self.device.api.get(f"/elections/{self.uuid}/ceremony")

    async def _log(self) -> LogView:
        return read_log([entry.encode() for entry in (await self._ceremony())["entries"]])

    async def _certificate(self) -> dict[str, object]:
        view = await self.device.api.get(f"/elections/{self.uuid}")
        ceremony = await self._ceremony()
        self.state = make_certificate(
            group_by_name(view["group"]),
            self.uuid,
            self.index,
            len(ceremony["trustees"]),
            ceremony["trustee_threshold"],
            self._randomness,
        )
        return {"certificate": self.state.certificate}

    async def _commitment(self) -> dict[str, object]:
        log = await self._log()
        self.state = await asyncio.to_thread(take_commitment, self._made(), log, self._randomness)
        return {"commitment": self.state.commitment}

    async def _reveal(self) -> dict[str, object]:
        self.state, revealed, sealed = take_reveal(self._made(), await self._log())
        return {
            "coefexps": revealed.coefexps,
            "signature": revealed.signature,
            "sealed_shares": list(sealed),
        }

    async def _key(self) -> dict[str, object]:
        log = await self._log()
        answer = await self.device.api.get(f"/elections/{self.uuid}/ceremony/sealed-shares")
        self.state = await asyncio.to_thread(
            take_key, self._made(), log, answer["sealed_shares"], self._randomness
        )
        return {"verification_key": self.state.verification_key}

    async def _confirmation(self) -> dict[str, object]:
        log = read_log(await read_entries(self.device.api, self.uuid))
        self.state = await asyncio.to_thread(take_confirmation, self._made(), log, self._randomness)
        return {"confirmation": self.state.confirmation}
