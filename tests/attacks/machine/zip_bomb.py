"""Hand in a zip file that unpacks to gigabytes, and unpack it."""

import io
import zipfile

from tests.attacks.corpus import NOTHING, Entry


def change(paper):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("bomb", bytes(64 * 2**20))
        archive.writestr("../../../../etc/slipped", "slipped")
    paper.files["data.zip"] = buffer.getvalue()
    paper.insert(
        "import zipfile\n"
        "try:\n    zipfile.ZipFile('data.zip').extractall()\n"
        "except OSError as error:\n    print('refused:', error.errno)"
    )


ENTRY = Entry(NOTHING, change=change, shown="refused: ")
