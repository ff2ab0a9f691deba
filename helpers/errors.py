"""The one kind of error that is meant for a person, not for a programmer."""


class DownhillError(Exception):
    """A refusal: its text is one sentence that says what is wrong and what to do about it.

    The command `downhill` prints the sentence and ends with exit code 1; nobody has to read a traceback.
    """
