"""A course as its nbgrader_config.py describes it: where things are, and how they are to be graded."""

import traceback
from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config import Config, ConfigFileNotFound, PyFileConfigLoader

from helpers.errors import DownhillError

NAME = "nbgrader_config.py"


def load(root: Path, db_url: str | None = None) -> tuple[Config, CourseDirectory]:
    """Return the configuration nbgrader itself would use in this folder, and its course directory.

    Raises `DownhillError` if the folder is no course, or if a configuration file has a mistake in it.
    """
    if not (root / NAME).is_file():
        raise DownhillError(f"There is no {NAME} in {root}: run this in the course's folder.")
    config = Config()
    for folder in [*reversed(jupyter_config_path()), str(root)]:
        config.merge(_read(folder))
    if db_url:
        config.CourseDirectory.db_url = db_url
    if "root" not in config.CourseDirectory:
        config.CourseDirectory.root = str(root)
    try:
        return config, CourseDirectory(config=config)
    except TraitError as error:
        raise DownhillError(
            f"{NAME} gives nbgrader something it cannot take ({_words(error)}), so nothing was graded: "
            "correct that setting and run this again."
        ) from error


def _read(folder: str) -> Config:
    """Return what this folder's file configures; nothing if there is none."""
    loader = PyFileConfigLoader(NAME, path=folder)
    try:
        return loader.load_config()
    except ConfigFileNotFound:
        return Config()
    except (Exception, SystemExit) as error:  # the file is Python: it may raise anything, or end the process
        raise DownhillError(_refusal(loader.full_filename, error)) from error


def _refusal(file: str, error: BaseException) -> str:
    """Return the sentence for a configuration file that raised this error."""
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == file]
    words = _words(error)
    if isinstance(error, SyntaxError) and error.filename == file:  # it tells the place once more
        lines, words = [error.lineno], error.msg
    place, part = (f"{file}, line {lines[-1]},", "line") if lines and lines[-1] else (file, "file")
    return (
        f"{place} cannot be read ({type(error).__name__}: {words}), so nothing was graded: "
        f"correct that {part} and run this again."
    )


def _words(error: BaseException) -> str:
    """Return what an error says, on one line."""
    return " ".join(str(error).split())


def plain(config: Config, names: tuple[str, ...]) -> dict:
    """Return these sections of a configuration as plain data, to be sent elsewhere."""
    return {name: _resolved(config[name]) for name in names if name in config}


def _resolved(value: object) -> object:
    if isinstance(value, dict):
        return {key: _resolved(item) for key, item in value.items()}
    return value
