"""Elections of every shape for tests of crypto, and the archives made by belenios-tool."""

import functools
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from crypto.belenios_archive import Archive, read_archive
from crypto.belenios_json import dumps
from crypto.elections import Election, parse_election
from crypto.groups import GROUPS, group_by_name

BELENIOS: Final = Path(__file__).parent / "vectors" / "belenios"
UUID: Final = "2MoJPRgWzLnoyF"
SECRET_KEY: Final = 0x5EC2E7
GROUP_NAMES: Final = tuple(GROUPS)


def agree_question(number: int = 1) -> dict[str, Any]:
    """Protocol §1: agree or disagree, neither = left blank."""
    answers = ["Đồng ý", "Không đồng ý"]
    return {"answers": answers, "min": 0, "max": 1, "question": f"{number}. Nguyễn Văn An (LĐTT)"}


def at_most_question(answers: int = 3, most: int = 2) -> dict[str, Any]:
    names = [f"Người {number}" for number in range(answers)]
    return {"answers": names, "min": 0, "max": most, "question": "Chọn không quá số người"}


def blank_question(least: int = 1, most: int = 1) -> dict[str, Any]:
    return {"answers": ["A", "B"], "blank": True, "min": least, "max": most, "question": "Blank?"}


SHAPES: Final[dict[str, list[dict[str, Any]]]] = {
    "agree": [agree_question(1), agree_question(2)],
    "at most": [at_most_question()],
    "blank": [blank_question(), blank_question(0, 2)],
}
MARKS: Final[dict[str, list[list[int]]]] = {
    "agree": [[1, 0], [0, 0]],
    "at most": [[1, 0, 1]],
    "blank": [[1, 0, 0], [0, 1, 1]],
}
"""Marks that the questions of `SHAPES` allow."""


def election_value(group_name: str, questions: list[dict[str, Any]]) -> dict[str, Any]:
    """The JSON of an election under the key g^SECRET_KEY."""
    group = group_by_name(group_name)
    return {
        "version": 1,
        "description": "phieukin/terms/1 " + "0" * 64,
        "name": "Hội đồng Thi đua - Khen thưởng",
        "group": group_name,
        "public_key": group.element_to_text(group.power_of_generator(SECRET_KEY)),
        "questions": questions,
        "uuid": UUID,
    }


def make_election(group_name: str, questions: list[dict[str, Any]]) -> Election:
    return parse_election(dumps(election_value(group_name, questions)))


@functools.cache
def sample_election(group_name: str, shape: str) -> Election:
    return make_election(group_name, SHAPES[shape])


@dataclass(frozen=True)
class ToolElection:
    """An archive of belenios-tool with its voters' credentials and votes."""

    data: bytes
    archive: Archive
    election: Election
    credentials: list[str]
    votes: list[list[list[int]]]


TOOL_FOLDERS: Final = tuple(sorted(path.name for path in BELENIOS.iterdir() if path.is_dir()))


@functools.cache
def tool_election(folder: str) -> ToolElection:
    """What one of the folders of `vectors/belenios` holds."""
    (path,) = (BELENIOS / folder).glob("*.bel")
    data = path.read_bytes()
    archive = read_archive(data)
    return ToolElection(
        data=data,
        archive=archive,
        election=parse_election(archive.election),
        credentials=(BELENIOS / folder / "private_creds.txt").read_text().split(),
        votes=[
            json.loads(line) for line in (BELENIOS / folder / "votes.jsonl").read_text().split()
        ],
    )
