"""Say which programs of the distribution the tests will use, and which checks go without.

Run by `make test` before pytest. With CI=true a missing program is a failure, never a skip.
"""

import os
import shutil
import sys

# Where several names stand, one of them will do.
PROGRAMS = {
    "belenios-tool": "the checks of our archives and ballots by belenios-tool 2.0 are skipped",
    "pdfsig": "the checks of the papers' signatures by poppler are skipped",
    "pdftotext": "the checks of the papers' text by poppler are skipped",
    "chromium-headless-shell or chromium": "the meetings in a browser are skipped",
    "node": "the checks of the web client's verifier against ours are skipped",
    "openssl": "the checks of the papers' signatures by openssl are skipped",
    "softhsm2-util": "signing with a token is skipped",
    "pdftoppm": "the check that the papers can be turned into pictures is skipped",
}


def main() -> int:
    missing = {
        name: what
        for name, what in PROGRAMS.items()
        if not any(shutil.which(each) for each in name.split(" or "))
    }
    for name, what in missing.items():
        print(f"{name} is not installed: {what}", file=sys.stderr)
    if missing:
        print(
            "On Debian: apt-get install belenios-tool chromium-headless-shell fonts-liberation"
            " openssl poppler-utils softhsm2; node is installed by `make node`",
            file=sys.stderr,
        )
    return 1 if missing and os.environ.get("CI") == "true" else 0


if __name__ == "__main__":
    sys.exit(main())
