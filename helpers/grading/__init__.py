"""Trusted grading on top of nbgrader: students' code in a sandbox, a judge outside it."""
