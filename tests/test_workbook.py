"""A learner's own copies are filled in and never lost."""

import json
import os

import pytest

from helpers.errors import DownhillError
from helpers.workbook import MANIFEST, Copied, fill

NAME = "01-steps/steps.ipynb"


@pytest.fixture
def root(tmp_path):
    """A course whose release holds one assignment with a data file."""
    folder = tmp_path / "release" / "01-steps"
    folder.mkdir(parents=True)
    (folder / "steps.ipynb").write_text("as released", encoding="utf-8")
    (folder / "data.csv").write_text("1,2", encoding="utf-8")
    return tmp_path


def names_in(workbook):
    """Return the names a learner sees below the workbook."""
    return sorted(
        path.relative_to(workbook).as_posix()
        for path in workbook.rglob("*")
        if path.is_file() and not path.name.startswith(".")
    )


def release_again(root, text):
    """Change the released notebook."""
    (root / "release" / NAME).write_text(text, encoding="utf-8")


def test_a_missing_assignment_is_copied_with_all_its_files(root):
    copied = fill(root)
    assert [one.path for one in copied] == [
        root / "workbook/01-steps/data.csv",
        root / "workbook/01-steps/steps.ipynb",
    ]
    assert (root / "workbook" / NAME).read_text(encoding="utf-8") == "as released"


def test_a_second_start_copies_nothing(root):
    fill(root)
    assert fill(root) == []


def test_a_learners_work_stays_and_is_no_news(root):
    fill(root)
    (root / "workbook" / NAME).write_text("my work", encoding="utf-8")
    assert fill(root) == []
    assert (root / "workbook" / NAME).read_text(encoding="utf-8") == "my work"


@pytest.mark.parametrize("mine", ["my work", "as released"])
def test_a_changed_release_is_put_beside_the_learners_file_once(root, mine):
    fill(root)
    own = root / "workbook" / NAME
    own.write_text(mine, encoding="utf-8")
    release_again(root, "released again")
    (news,) = fill(root)
    assert news == Copied(own.with_name("steps-revised.ipynb"), beside=own)
    assert news.path.read_text(encoding="utf-8") == "released again"
    assert own.read_text(encoding="utf-8") == mine
    assert fill(root) == []


def test_the_learner_is_told_about_the_new_version_by_name(root):
    fill(root)
    release_again(root, "released again")
    (news,) = fill(root)
    assert news.sentence(root) == (
        "workbook/01-steps/steps.ipynb has a newer version: it is beside yours, as "
        "workbook/01-steps/steps-revised.ipynb; your own file is untouched."
    )


def test_a_third_version_does_not_overwrite_the_second(root):
    fill(root)
    release_again(root, "second")
    fill(root)
    revised = root / "workbook/01-steps/steps-revised.ipynb"
    revised.write_text("my work in the second", encoding="utf-8")
    release_again(root, "third")
    (news,) = fill(root)
    assert news.path.name == "steps-revised-2.ipynb"
    assert revised.read_text(encoding="utf-8") == "my work in the second"


def test_a_deleted_assignment_comes_back_as_it_was_released(root):
    fill(root)
    (root / "workbook" / NAME).unlink()
    assert [one.path.name for one in fill(root)] == ["steps.ipynb"]


def test_an_assignment_that_is_no_longer_released_stays_with_the_learner(root):
    fill(root)
    for path in (root / "release" / "01-steps").iterdir():
        path.unlink()
    assert fill(root) == []
    assert names_in(root / "workbook") == ["01-steps/data.csv", "01-steps/steps.ipynb"]


def test_a_file_of_unknown_origin_is_left_alone_and_known_from_then_on(root):
    own = root / "workbook" / NAME
    own.parent.mkdir(parents=True)
    own.write_text("brought from another machine", encoding="utf-8")
    assert [one.path.name for one in fill(root)] == ["data.csv"]
    release_again(root, "released again")
    assert [one.path.name for one in fill(root)] == ["steps-revised.ipynb"]
    assert own.read_text(encoding="utf-8") == "brought from another machine"


def test_hidden_files_and_checkpoints_are_not_handed_out(root):
    checkpoints = root / "release/01-steps/.ipynb_checkpoints"
    checkpoints.mkdir()
    (checkpoints / "steps-checkpoint.ipynb").touch()
    (root / "release/01-steps/.DS_Store").touch()
    fill(root)
    assert names_in(root / "workbook") == ["01-steps/data.csv", "01-steps/steps.ipynb"]
    assert not (root / "workbook/01-steps/.ipynb_checkpoints").exists()


def test_a_copy_that_breaks_off_leaves_no_file_that_looks_like_the_learners(root, monkeypatch):
    def breaks_off(source, target):
        raise OSError(28, "No space left on device", os.fspath(target))

    monkeypatch.setattr("shutil.copyfile", breaks_off)
    with pytest.raises(DownhillError, match=r"cannot be written .No space left on device"):
        fill(root)
    assert names_in(root / "workbook") == []


def test_a_workbook_that_is_a_file_is_refused_in_one_sentence(root):
    (root / "workbook").touch()
    with pytest.raises(DownhillError, match=r"Your workbook cannot be written .*: make that place writable"):
        fill(root)


def test_a_damaged_manifest_is_refused_and_nothing_is_touched(root):
    fill(root)
    (root / "workbook" / NAME).write_text("my work", encoding="utf-8")
    (root / "workbook" / MANIFEST).write_text('{"01-st', encoding="utf-8")
    with pytest.raises(DownhillError, match="is damaged: delete it and start again"):
        fill(root)
    (root / "workbook" / MANIFEST).unlink()
    assert fill(root) == []
    assert (root / "workbook" / NAME).read_text(encoding="utf-8") == "my work"


def test_the_manifest_holds_a_hash_for_each_file_and_no_path_of_the_machine(root):
    fill(root)
    manifest = json.loads((root / "workbook" / MANIFEST).read_text(encoding="utf-8"))
    assert sorted(manifest) == ["01-steps/data.csv", NAME]
    assert all(len(digest) == 64 for digest in manifest.values())
