"""The three ways a run may refuse, one class for each thing the reader can do; anything else is a bug.

A message says what, where and how to mend; never a value of a person, never a count.
"""


class JeugdbeeldError(Exception):
    """A refusal with words for the reader and an exit code for the caller."""

    exit_code = 1


class ContractError(JeugdbeeldError):
    """A delivery is not as agreed: ask the supplier or change the contract."""

    exit_code = 4


class UnsafeFigures(JeugdbeeldError):  # noqa: N818 - the name the command line and the documents use
    """Figures would give persons away: stop, do not publish."""

    exit_code = 5


class CannotPublish(JeugdbeeldError):  # noqa: N818 - the name the command line and the documents use
    """The publication could not be written or does not agree with itself; the last one stays as it was."""

    exit_code = 6
