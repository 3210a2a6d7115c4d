"""The tree of errors.

::

    GenrejsError
    ├── InputError    the user's input is wrong: the message says what, where, what is accepted  (exit code 1)
    ├── Cancelled     whoever asked for it asked for it to stop                                  (exit code 130)
    └── Fault         a fault of ours: something that must not happen did                        (exit code 2)
"""


class GenrejsError(Exception):
    """Every error that Genrejs raises on purpose."""

    exit_code = 2


class InputError(GenrejsError):
    """The user's input is wrong; the message is one clear sentence for that user."""

    exit_code = 1


class Cancelled(GenrejsError):
    """A run was stopped on request; nothing half-made is left."""

    exit_code = 130


class Fault(GenrejsError):
    """A promise inside Genrejs was broken."""

    exit_code = 2
