"""Edit the tests and take checksums and schema out of the metadata, so that nothing notices."""

from tests.attacks.corpus import NOTHING, POINTS, Entry


def change(paper):
    for name in POINTS:
        test = paper.test(name)
        test["source"] = "5"
        for key in ("checksum", "schema_version", "cell_type"):
            test["metadata"]["nbgrader"].pop(key, None)


ENTRY = Entry(NOTHING, base="stub", change=change)
