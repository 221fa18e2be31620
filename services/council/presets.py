"""Pass rules to start from; data, with the caution that belongs to each."""

from pathlib import Path
from typing import Final

import msgspec

from schemas.api_council import PresetsView

PRESETS_FILE: Final = Path(__file__).parent / "presets.json"

PRESETS: Final = msgspec.json.decode(PRESETS_FILE.read_bytes(), type=PresetsView)
