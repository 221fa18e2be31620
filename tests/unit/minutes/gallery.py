"""`make minutes-gallery`: every page of the samples and hard cases as a picture, to look at."""

import shutil
import subprocess
import sys
from pathlib import Path

from services.minutes.fields import put_fields
from services.minutes.rendering import render_paper
from tests.unit.minutes.hard_cases import PAPERS

DOTS_PER_INCH = 80


def main(folder: Path) -> int:
    """Write NAME.pdf and NAME-PAGE.png for each paper; returns the exit status."""
    if shutil.which("pdftoppm") is None:
        print(
            "pdftoppm makes the pictures and is not installed: install poppler-utils"
            " (make system-tools), then call make minutes-gallery again",
            file=sys.stderr,
        )
        return 1
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name, draw in PAPERS.items():
        paper = draw()
        file = folder / f"{name}.pdf"
        file.write_bytes(put_fields(render_paper(paper.content, paper.records), paper.content))
        command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-png", str(file), str(folder / name)]
        subprocess.run(command, check=True)
        print(f"{name}: {len(list(folder.glob(f'{name}-*.png')))} pages")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
