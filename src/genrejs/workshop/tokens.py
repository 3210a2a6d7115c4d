"""Codes that people type and tokens that machines keep.

A token is 128 random bits, so nobody can try them all and a plain SHA-256 keeps it: slow password hashes are for
secrets that people choose. The store holds the hash only; whoever reads the store cannot act for anybody.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets

LETTERS = "ABCDEFGHJKMNPQRTUVWXY346789"
"""Of codes: none of 0 O, 1 I L, 2 Z, 5 S, so that a code can be read off a screen."""
LENGTH = 6
"""Letters of a code: 27^6 = 387 million codes."""
BYTES = 16
"""Random bytes of a token."""
LONGEST = 64
"""Characters beyond which nothing can be a token: no time is spent on it."""


def new_code() -> str:
    """Return a random code."""
    return "".join(secrets.choice(LETTERS) for _ in range(LENGTH))


def read_code(text: str) -> str | None:
    """Return the code that somebody typed, None where it cannot be one."""
    code = text.strip().upper()
    return code if len(code) == LENGTH and all(letter in LETTERS for letter in code) else None


def new_token() -> str:
    """Return a random token, safe in an address."""
    return secrets.token_urlsafe(BYTES)


def digest(token: str) -> str:
    """Return what is kept of a token."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def same(given: str, kept: str) -> bool:
    """Return whether two digests are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(given.encode(), kept.encode())
