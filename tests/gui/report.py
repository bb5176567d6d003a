# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Reports the checks: one line each, and an exit status for the shell."""

import traceback

from desktop import Impossible


class NotRun(Exception):
    """A check that cannot be made here, and why."""


class Report:
    def __init__(self):
        self.failures = 0

    def check(self, name, function, *arguments):
        """Runs a check, which raises if it fails; returns whether it passed."""
        try:
            function(*arguments)
        except NotRun as why:
            print(f"not run: {name}: {why}", flush=True)
            return False
        except (AssertionError, Impossible) as why:
            self.failures += 1
            where = traceback.extract_tb(why.__traceback__)[1]
            print(f"FAILED: {name}: {why} ({where.name}, line {where.lineno}: {where.line})", flush=True)
            return False
        print(f"ok: {name}", flush=True)
        return True

    def end(self):
        return 1 if self.failures else 0
