"""The corpus as one class, graded by plain `nbgrader autograde` and by `downhill grade`: points and harm."""

import pytest

from tests.attacks.classroom import Watch, prepared
from tests.attacks.corpus import entries

GROUPS = entries()
STUDENTS = {student: entry for group in GROUPS.values() for student, entry in group.items()}
ATTACKS = [student for name, group in GROUPS.items() if name != "honest" for student in group]
HONEST = list(GROUPS["honest"])


@pytest.fixture(scope="module")
def corpus(founded, tmp_path_factory):
    """Return the course with the whole corpus handed in, and who watches it."""
    room = founded.copied(tmp_path_factory.mktemp("corpus") / "course")
    with Watch(room) as watch:
        prepared(room, watch)
        yield room, watch


@pytest.fixture(scope="module", params=["nbgrader autograde", "downhill grade"])
def graded(request, corpus, tmp_path_factory):
    """Return the corpus graded one way, and who watched it."""
    handed_in, watch = corpus
    room = handed_in.copied(tmp_path_factory.mktemp("graded") / "course")
    watch.room = room
    before = watch.digest()
    if request.param == "downhill grade":
        room.report = room.grade("--workers", "2", expect=1)
    else:
        room.said = room.nbgrader("autograde", "01-step-size-and-curvature", expect=None)
        room.report = None
    room.found = room.scores()
    room.changed = {name for name, said in watch.digest().items() if before.get(name) != said}
    return room, watch


def test_the_corpus_is_large_enough():
    assert len(ATTACKS) >= 60
    assert len(HONEST) >= 30
    assert len(STUDENTS) == sum(map(len, GROUPS.values()))


def test_everybody_gets_the_points_they_must(graded):
    room, _ = graded
    wrong = {
        student: (room.found.get(student), entry.scores)
        for student, entry in STUDENTS.items()
        if room.found.get(student) != entry.scores
    }
    assert wrong == {}
