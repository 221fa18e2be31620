"""The links of the sample meeting, as a table for a person to choose from."""

from collections.abc import Sequence

from services.simulation.sample_meeting import SampleMeeting


def first_try_text(sample: SampleMeeting, origin: str, secretary_link: str | None) -> str:
    """
    Everybody's link, one a line; Vietnamese names in NFC have one column a letter.

    `origin` is where browsers open the client.
    """
    places = [
        ("Secretary", secretary_link or f"{origin}/secretary  (has a device)"),
        ("Hall screen", sample.hall_link),
        ("Kiosk", f"{origin}/kiosk"),
        ("Verifier", f"{origin}/verify"),
    ]
    people = [
        (str(each.no), each.name, each.note, each.link or f"{origin}/  (has a device)")
        for each in sample.members
    ]
    return "\n".join(
        [
            "",
            *_aligned(places),
            "",
            "Members. Each link enrols one browser; on one computer, take a browser profile each.",
            *_aligned(people, right=(0,)),
            "",
            "Presiding officer and tellers check in themselves; the others are recorded as there.",
            "Phones need HTTPS: README.md says how. Stop with Ctrl-C.",
        ]
    )


def _aligned(rows: Sequence[tuple[str, ...]], right: tuple[int, ...] = ()) -> list[str]:
    """Rows in columns, all but the last padded."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=False))
        ]
        lines.append("  " + "  ".join([*cells, row[-1]]))
    return lines
