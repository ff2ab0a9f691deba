"""Have nbgrader stop at a mistake in a configuration file; the set-up copies this file to etc/jupyter of the environment.

nbgrader logs such a mistake and goes on with settings of its own, which run students' code without a sandbox. It reads
this file before any nbgrader_config.py, as every Jupyter application does, so nothing is imported here, from this course
least of all: it may be the very thing that cannot be imported. The file says nothing of how to grade.
"""

import sys

nbgrader = sys.modules.get("nbgrader.apps.baseapp")
# An import of this file changes nothing; Jupyter, which reads it as configuration, brings `get_config`.
if nbgrader and "get_config" in globals():
    nbgrader.NbGrader.raise_config_file_errors = True
