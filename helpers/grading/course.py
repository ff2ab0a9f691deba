"""A course as its nbgrader_config.py describes it: where things are, and how they are to be graded."""

from pathlib import Path

from jupyter_core.paths import jupyter_config_path
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config, ConfigFileNotFound, PyFileConfigLoader

from helpers.errors import DownhillError

NAME = "nbgrader_config.py"


def load(root: Path, db_url: str | None = None) -> tuple[Config, CourseDirectory]:
    """Return the configuration nbgrader itself would use in this folder, and its course directory.

    Raises `DownhillError` if the folder is no course.
    """
    if not (root / NAME).is_file():
        raise DownhillError(f"There is no {NAME} in {root}: run this in the course's folder.")
    config = Config()
    for folder in [*reversed(jupyter_config_path()), str(root)]:
        try:
            config.merge(PyFileConfigLoader(NAME, path=folder).load_config())
        except ConfigFileNotFound:
            continue
    if db_url:
        config.CourseDirectory.db_url = db_url
    if "root" not in config.CourseDirectory:
        config.CourseDirectory.root = str(root)
    return config, CourseDirectory(config=config)


def plain(config: Config, names: tuple[str, ...]) -> dict:
    """Return these sections of a configuration as plain data, to be sent elsewhere."""
    return {name: _resolved(config[name]) for name in names if name in config}


def _resolved(value: object) -> object:
    if isinstance(value, dict):
        return {key: _resolved(item) for key, item in value.items()}
    return value
