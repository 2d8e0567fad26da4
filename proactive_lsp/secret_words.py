"""What a secret looks like by itself: token formats, names that hold one, strings of chance.

Tables and yes-or-no questions only; `redaction` decides where to ask them.
"""

import re
from functools import lru_cache
from itertools import pairwise


def _at_an_edge(literal: str, pattern: str) -> str:
    """The pattern, not right after a letter or digit, unless that belongs to an escape.

    The look back comes after the literal, since a pattern that opens with one is found fast.
    """
    opening = re.escape(literal)
    if not pattern.startswith(opening):
        return rf"(?<![A-Za-z0-9]){pattern}"
    edge = rf"(?:(?<![A-Za-z0-9]{opening})|(?<=\\[nrt]{opening}))"
    return opening + edge + pattern.removeprefix(opening)


# A literal that must occur in the text, and the whole token. The literal is searched first,
# since `in` is a hundred times faster than a pattern. Tails are far shorter than real tokens,
# so that one which is still being typed is caught early.
FORMATS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (literal, re.compile(pattern))
    for literals, tail in (
        ("ghp_ gho_ ghu_ ghs_ ghr_", r"[A-Za-z0-9]{8,}"),
        ("github_pat_", r"\w{8,}"),
        ("glpat- gldt- glrt- glptt- glft- glsoat- glcbt- glimt- glagent-", r"[\w.-]{8,}"),
        ("xoxb- xoxp- xoxa- xoxe- xoxr- xoxs- xoxo- xoxc- xoxd- xapp-", r"[\w%.-]{6,}"),
        ("sk_live_ sk_test_ rk_live_ rk_test_ pk_live_ whsec_", r"[A-Za-z0-9+/=]{8,}"),
        ("sk-ant- sk-proj- sk-svcacct- sk-admin- sk-or-", r"[\w-]{8,}"),
        ("AKIA ASIA ABIA ACCA", r"[A-Z0-9]{8,}"),
        ("AIza GOCSPX-", r"[\w-]{12,}"),
        ("ya29.", r"[\w-]{12,}"),
        ("dop_v1_ doo_v1_ dor_v1_ shpat_ shpss_ shpca_ shppa_ dapi", r"[0-9a-f]{12,}"),
        ("dckr_pat_ lin_api_ glsa_ pscale_tkn_ pscale_pw_ figd_ PMAK- NRAK- tskey-", r"[\w-]{8,}"),
        ("sq0atp- sq0csp- AGE-SECRET-KEY- ATATT3 rubygems_", r"(?=[\w-]{0,80}\d)[\w-]{16,}"),
        ("pypi-AgE", r"[\w-]{5,}"),
    )
    for literal in literals.split()
    for pattern in (re.escape(literal) + tail,)
) + tuple(
    # These prefixes also end or begin ordinary words, so they want an edge and more shape.
    (literal, re.compile(_at_an_edge(literal, pattern)))
    for literal, pattern in (
        ("sk-", r"sk\-[A-Za-z0-9]{16,}"),
        ("hf_", r"hf_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{10,}"),
        ("npm_", r"npm_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{10,}"),
        ("gsk_", r"gsk_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{10,}"),
        ("xai-", r"xai\-(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{10,}"),
        ("r8_", r"r8_(?=[a-z]*[A-Z0-9])[A-Za-z0-9]{10,}"),
        ("SG.", r"SG\.[\w-]{12,}(?:\.[\w-]*)?"),
        ("hvs.", r"hvs\.[\w-]{16,}"),
        ("key-", r"key\-[0-9a-f]{24,}"),
        ("SK", r"SK[0-9a-f]{32}"),
        (":AA", r"\d{8,10}:AA[\w-]{20,}"),
        # Base64 of `{"`, which opens the header of every JSON web token.
        ("eyJ", r"eyJ[\w-]{12,}(?:\.[\w-]*){0,4}"),
    )
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# Any of these in a lower-case text means that a name may be near; see `is_secret_name`.
STEMS = re.compile(
    r"token|secret|pass(?:w|p|\b|_)|pwd|auth|cred|cookie|key|session|sess\w{0,3}id|sid\b|dsn|"
    r"conn\w{0,8}[_.-]?str|bearer|jwt|mnemonic|recovery|seed.phrase"
)

_NOUNS = _words(
    "token secret secrets password passwords passwd pwd passphrase apikey apikeys credential "
    "credentials creds cred mnemonic bearer accesskey privatekey sessionid sessid "
    "phpsessid jsessionid connectionstring connstr"
)
# These are also everyday words of code, so only the last part of a name counts.
_LAST_NOUNS = _words("auth authorization cookie cookies dsn jwt sid")
_PAIRS = frozenset(
    tuple(pair.split())
    for pair in (
        *("api key", "api keys", "access key", "private key", "secret key", "signing key"),
        *("sign key", "encryption key", "encrypt key", "master key", "account key"),
        *("shared key", "deploy key", "ssh key", "app key", "service key", "storage key"),
        *("subscription key", "license key", "consumer key", "session key", "auth key"),
        *("host key", "session id", "connection string", "conn string", "conn str"),
        *("recovery code", "recovery codes", "recovery phrase", "seed phrase"),
        *("db pass", "smtp pass", "mail pass", "email pass", "user pass", "root pass"),
        *("admin pass", "ftp pass", "ssh pass", "login pass", "mysql pass", "pg pass"),
        *("redis pass", "proxy pass", "key pass", "store pass", "basic pass", "http pass"),
    )
)
_GLUED = tuple(
    _words("token secret password passwd passphrase apikey secretkey accesskey privatekey")
)
# `DBPASS`, but not `bypass` or `compass`.
_GLUED_PASS = re.compile(
    r"(?:my|db|user|root|admin|smtp|mail|ftp|ssh|pg|sql|mysql|redis|proxy|ldap|wifi|login|key)pass"
)
# What is said about a secret: its value is no secret.
_ATTRIBUTES = _words(
    "type types field fields name names url uri urls endpoint header headers length len size "
    "count counts limit limits max min ttl expiry expires expiration expired timeout lifetime "
    "age path file filename files dir directory folder label labels placeholder help prompt "
    "hint title description message messages msg error errors regex pattern format prefix "
    "suffix method methods scheme schemes mode backend backends provider providers handler "
    "class module id ids env var enabled disabled required optional policy rule rules validator "
    "validators validation kind status state strategy algorithm algo alg issuer audience scope "
    "scopes user username host hostname port index position start end at column col row line "
    "list store manager service form input widget page view route template docs reset strength "
    "version source location usage budget cost price cls exp realm domain samesite flags "
    "separator delimiter stream iterator parser reader text kwargs args middleware encoding "
    "created updated date time seconds minutes hours days rotation visible shown hidden"
)
# What lexers and language models call by these names: no secret either.
_LEXER_WORDS = _words(
    "max min num n total eos bos pad unk sep cls mask stop special prev previous current expected "
    "lookahead first last left right start end is has no sub bad unexpected peek"
)
_PART = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@lru_cache(maxsize=4_096)
def is_secret_name(name: str) -> bool:
    """Whether a variable, key, flag or header of this name holds a secret.

    Decided on the parts of the name, so `author`, `tokenize`, `token_type` and `max_tokens` do
    not; a plural `tokens` alone is what a lexer makes.
    """
    if name in ("PWD", "OLDPWD"):  # the shell's working directory
        return False
    parts = [part.lower() for part in _PART.findall(name)]
    if not parts:
        return False
    pairs = set(pairwise(parts))
    if parts[-1] in _LAST_NOUNS or tuple(parts[-2:]) in _PAIRS:
        return True
    if parts[-1] in _ATTRIBUTES:
        return False
    if parts[0] in _LEXER_WORDS and parts[-1] in ("token", "tokens"):
        return False
    if parts == ["pass"] or pairs & _PAIRS or _GLUED_PASS.fullmatch(parts[-1]):
        return True
    if parts[-1] == "tokens" and len(parts) > 1:
        return not _NOUNS.isdisjoint(parts) or parts[-2] in ("api", "access", "auth", "refresh")
    return any(part in _NOUNS or part.endswith(_GLUED) for part in parts)


# Small letters without a vowel are no word, which is asked of each run once.
_WORD_LIKE = re.compile(r"[A-Z]?[a-z]{3,}+|[A-Z]{3,}+")
_VOWEL = re.compile(r"[aeiouy]")
_HEX = re.compile(r"(?:0[xX])?(?:[0-9a-f_-]+|[0-9A-F_-]+)")
_SWITCH = re.compile(r"[a-z](?=\d)|\d(?=[a-z])", re.IGNORECASE)
_RANGES = ("A-Z", "a-z", "0-9")
_SPLIT = re.compile(r"[/+_-]+")


def looks_random(run: str, least: int = 20) -> bool:
    """Whether letters and digits of at least `least` characters look drawn by chance.

    Names are made of words, chance is not: what counts is how much of it reads as words. Pure
    hexadecimal is a hash or an id, not a secret. A chance part between `/`, `-`, `_` suffices.
    """
    if len(run) < least or _HEX.fullmatch(run):
        return False
    if any(mark in run for mark in _RANGES):  # a character class of some pattern
        return False
    if _drawn(run):
        return True
    parts = _SPLIT.split(run)
    return len(parts) > 1 and any(
        len(part) >= least and not _HEX.fullmatch(part) and _drawn(part) for part in parts
    )


def _drawn(run: str) -> bool:
    lower, upper = run.upper() != run, run.lower() != run
    digits = any(char.isdigit() for char in run)
    if lower and upper:
        return _in_words(run) < (0.55 if digits else 0.3) * len(run)
    # One case and digits: only when both alternate often, without separators.
    return run.isalnum() and len(_SWITCH.findall(run)) >= max(2, len(run) // 5)


# What a name is made of; a key changes between these after every second character.
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+")


def looks_half_drawn(run: str) -> bool:
    """Whether a bare run of at least 8 letters and digits reads like the start of a key.

    Bare words are far more often `sha256sum` or a time than those in quotes, so this is stricter.
    """
    pieces = _PIECE.findall(run)
    letters = sum(char.isalpha() for char in run)
    words = sum(len(piece) for piece in pieces if len(piece) > 2 and _VOWEL.search(piece))
    return (
        _HEX.fullmatch(run) is None
        and letters >= 0.3 * len(run)
        and len(pieces) > 0.34 * len(run)
        and words < 0.45 * len(run)
    )


def _in_words(run: str) -> int:
    """How many characters of the run read as words."""
    words = _WORD_LIKE.findall(run)
    return sum(len(word) for word in words if word.isupper() or _VOWEL.search(word))
