"""A meeting unlike the samples: other rules, bases, team, attendance; figures computed apart."""

import json
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

from services.cli.main import main
from tests.web_verifier import ask_web_verifier, failing, file_input, skip_without_node

SCHOOL = Path(__file__).parents[1] / "fixtures" / "scenarios" / "doi-thong-school.json"
MARKS = ("agree", "disagree", "blank")
RULES: list[dict[str, Any]] = [
    {"share": "66.5%", "comparator": "at_least", "base": "present_members"},
    {"share": "1/2", "comparator": "more_than", "base": "ballots_returned"},
    {"share": "100%", "comparator": "at_least", "base": "ballots_returned"},
    {"share": "50%", "comparator": "more_than", "base": "all_members"},
]
RULES.append(RULES[0])
CASES = len(RULES)
# Longer than a line where the counting team signs.
LONG_NAME = "Phó Giáo sư, Tiến sĩ Nguyễn Hoàng Thị Phương Uyên"


def scenario() -> dict[str, Any]:
    """Nine members, five tellers, 3 of 5 keys, one online, one absent, one ballot not returned."""
    document: dict[str, Any] = json.loads(SCHOOL.read_bytes())
    del document["expected"]
    attendance = {3: "online", 8: "absent_consulted", 9: "absent"}
    for member in document["members"]:
        member["attendance"] = attendance.get(member["no"], "present")
        if member["attendance"].startswith("absent"):
            member["absence_reason"] = "Đi công tác"
    document["secretary"], document["tellers"] = 6, [7, 5, 4, 3, 2]
    document["trustee_threshold"] = 3
    document["quorum"] = {"share": "66.5%", "base": "all_members"}
    document["minimum_ballots"] = 6
    for no in (5, 7):
        document["members"][no - 1]["name"] = f"{LONG_NAME} {no}"
    # The last case is of the first one's award: their table does not follow the list.
    document["nominations"].append(document["nominations"][0] | {"no": 5, "name": "Âu Thị Én"})
    for nomination, rule in zip(document["nominations"], RULES, strict=True):
        nomination["rule"] = rule | {"citation": "Điều 9 Quy chế; không thực hiện biểu quyết"}
    for place in (0, 4):
        document["nominations"][place]["rule"]["quorum"] = {"share": "2/3", "base": "all_members"}
    # Member 6 is present and takes no ballot, member 5 takes one and does not cast it.
    document["votes"] = {
        str(no): [MARKS[(no * 7 + place * place) % 5 % 3] for place in range(CASES)]
        for no in (1, 2, 3, 4, 7, 8)
    } | {"5": None}
    return document


def outcome(document: dict[str, Any], place: int) -> dict[str, Any]:
    """One nomination's figures with fractions and decimals, not with the service's arithmetic."""
    marks = [votes[place] for votes in document["votes"].values() if votes is not None]
    rule = RULES[place]
    base = {"all_members": 9, "present_members": 7, "ballots_returned": 6}[rule["base"]]
    agree = marks.count("agree")
    numerator, _, denominator = rule["share"].rstrip("%").partition("/")
    share = Fraction(numerator) / Fraction(denominator or "100")
    percent = Decimal(agree * 100) / Decimal(base)
    reached = Fraction(agree, base)
    return {
        "no": place + 1,
        "agree": agree,
        "disagree": marks.count("disagree"),
        "blank": marks.count("blank"),
        "base": base,
        "share_percent": str(percent.quantize(Decimal("0.01"), ROUND_HALF_UP)).replace(".", ","),
        "passed": reached > share if rule["comparator"] == "more_than" else reached >= share,
    }


def test_other_rules_bases_and_team(tmp_path: Path) -> None:
    """Every base and comparator, a team of five, members who take no ballot or do not cast it."""
    document, out = scenario(), tmp_path / "out"
    (tmp_path / "scenario.json").write_text(json.dumps(document), encoding="utf-8")
    arguments = ["--scenario", str(tmp_path / "scenario.json"), "--out", str(out)]
    assert main(["demo", *arguments]) == 0
    assert json.loads((out / "result.json").read_bytes()) == {
        "members": 9,
        "present": 7,
        "issued": 7,
        "returned": 6,
        "outcomes": [outcome(document, place) for place in range(CASES)],
    }
    # `demo` has verified its papers by this verifier; the other one must find no fault either.
    papers = [file_input(path.name, path.read_bytes()) for path in out.glob("*.pdf")]
    skip_without_node()
    answers = ask_web_verifier(tmp_path, papers)
    assert [each for answer in answers for each in failing(answer)] == []
    assert len(answers) == 2
