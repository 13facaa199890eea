"""One file a page, functions only: nothing runs on import (see docs/adr)."""
