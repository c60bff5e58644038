"""The trusted documents: what partners may ask, word for word; each is a file of queries/partner.

`python -m graphsvc.api.trusted` prints docs/partner-documents.md.
"""

from __future__ import annotations

import sys
from importlib import resources

from graphsvc.audit.events import digest

HEAD = """# Documents for partners

A partner's key may run these documents and no others: `POST /graphql` with `documentId` in the
place of `query`, and `variables`. An id is the SHA-256 of the file under queries/partner, so that
neither side can change what is asked; a document that changes gets a new id, and this page is made
anew: `python -m graphsvc.api.trusted > docs/partner-documents.md`.
"""


def documents() -> dict[str, str]:
    """Return the texts of all trusted documents by the names of their files, in order."""
    found = resources.files("queries") / "partner"
    files = sorted(each.name for each in found.iterdir() if each.name.endswith(".graphql"))
    return {name.removesuffix(".graphql"): (found / name).read_text("utf-8") for name in files}


def page() -> str:
    """Return the page that lists them: name, id, what it answers, text."""
    parts = [HEAD]
    for name, text in documents().items():
        said = text.partition("\n")[0].removeprefix("# ")
        parts.append(f"## {name}\n\n{said}\n\n`{digest(text)}`\n\n```graphql\n{text}```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    sys.stdout.write(page())
