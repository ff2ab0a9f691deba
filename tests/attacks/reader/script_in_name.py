"""A script in the student's name, which every page of the formgrader shows."""

from tests.attacks.corpus import FULL, Entry

ENTRY = Entry(FULL, base="right", student="<script>alert(1)<&>")
