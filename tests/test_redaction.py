"""What never gets past redaction, and what it leaves alone.

Fake keys are put together from pieces, so that no scanner mistakes this file for a leak.
"""

import ast
import json
import random
import string
import time
import tomllib
from pathlib import Path
from typing import get_args

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from proactive_lsp.events import (
    Answer,
    Change,
    Close,
    Command,
    CommittedFile,
    DiagnosticItem,
    Diagnostics,
    Edit,
    Event,
    FileOperation,
    Focus,
    Git,
    Open,
    Save,
    SuggestionEvent,
    TestResult,
    encode_event,
    span,
)
from proactive_lsp.redaction import redact, redact_edit, redact_event
from proactive_lsp.secret_words import is_secret_name, looks_random
from proactive_lsp.workspace.documents import Documents

ALNUM = string.ascii_letters + string.digits


def chance(length: int, alphabet: str = ALNUM, seed: int = 7) -> str:
    """A made-up key body: drawn by chance, the same on every run."""
    return "".join(random.Random(seed).choices(alphabet, k=length))


HEX = "0123456789abcdef"
GITHUB = "gh" + "p_" + chance(36)
GITHUB_FINE = "github" + "_pat_" + chance(22) + "_" + chance(59)
GITLAB = "gl" + "pat-" + chance(20)
SLACK = "xo" + "xb-" + chance(12, string.digits) + "-" + chance(24)
STRIPE = "sk" + "_live_" + chance(24)
OPENAI = "sk" + "-" + chance(48)
OPENAI_PROJECT = "sk" + "-proj-" + chance(60)
ANTHROPIC = "sk" + "-ant-" + chance(60)
NPM = "np" + "m_" + chance(36)
PYPI = "py" + "pi-AgE" + chance(60)
HUGGING = "h" + "f_" + chance(34)
AWS = "AK" + "IA" + chance(16, string.ascii_uppercase + "234567")
AWS_SECRET = chance(40, ALNUM + "+/")
GOOGLE = "AI" + "za" + chance(35)
SENDGRID = "S" + "G." + chance(22) + "." + chance(43)
OCEAN = "do" + "p_v1_" + chance(64, HEX)
TELEGRAM = "123456789" + ":AA" + chance(33)
JWT = "ey" + "J" + chance(30) + "." + "ey" + "J" + chance(40) + "." + chance(43)
BASE64 = chance(64, ALNUM + "+/")
BASE36 = chance(32, string.ascii_lowercase + string.digits)
FORMATS = {
    "github": GITHUB,
    "github-fine": GITHUB_FINE,
    "gitlab": GITLAB,
    "slack": SLACK,
    "stripe": STRIPE,
    "openai": OPENAI,
    "openai-project": OPENAI_PROJECT,
    "anthropic": ANTHROPIC,
    "npm": NPM,
    "pypi": PYPI,
    "hugging-face": HUGGING,
    "aws": AWS,
    "google": GOOGLE,
    "sendgrid": SENDGRID,
    "digital-ocean": OCEAN,
    "telegram": TELEGRAM,
    "jwt": JWT,
}
WORD = "hun" + "ter2"  # a password that only its place gives away
BEGIN, END = ("-----" + edge + " RSA PRIVATE" + " KEY-----" for edge in ("BEGIN", "END"))
PEM_LINES = [chance(64, ALNUM + "+/", seed) for seed in range(3)]
PEM = "\n".join([BEGIN, *PEM_LINES, END])


def gone(secret: str, text: str, language: str | None = None, **how: bool) -> str:
    """Redact, check what must always hold, and that nothing of the secret is left."""
    assert secret in text
    result = check(text, language, **how)
    assert secret not in result
    return result


def check(text: str, language: str | None = None, **how: bool) -> str:
    """Redact, and check what must hold for every text."""
    result = redact(text, language=language, **how)
    assert units(result) == units(text)
    assert [units(line) for line in lines(result)] == [units(line) for line in lines(text)]
    assert redact(result, language=language, **how) == result
    return result


def units(text: str) -> int:
    """Length in UTF-16, lone surrogates included."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def lines(text: str) -> list[str]:
    """Lines as LSP counts them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


PYTHON = "python"
POSITIVES = [
    # In code a literal given to a secret name, however it gets there.
    (PYTHON, f'token = "{WORD}"'),
    (PYTHON, f"self.api_key = '{WORD}'"),
    (PYTHON, f'password: str = "{WORD}"'),
    (PYTHON, f'connect(user="joe", password="{WORD}")'),
    (PYTHON, f'config = {{"client_secret": "{WORD}", "user": "joe"}}'),
    (PYTHON, f'os.environ["API_KEY"] = "{WORD}"'),
    (PYTHON, f'pwd = os.environ.get("DB_PASSWORD", "{WORD}")'),
    (PYTHON, f'token = os.environ.get("TOKEN") or "{WORD}"'),
    (PYTHON, f'setenv("DB_PASSWORD", "{WORD}")'),
    (PYTHON, f'if password == "{WORD}":\n    pass'),
    (PYTHON, f'secret = b"{WORD}"'),
    (PYTHON, f'token = SecretStr("{WORD}")'),
    (PYTHON, f'auth = ("joe", "{WORD}")'),
    (PYTHON, f'token = """\n{WORD}\n"""\nx = 1'),
    (PYTHON, f'passphrase = (\n    "one"\n    "{WORD}"\n)'),
    (PYTHON, f'token = "one" \\\n    "{WORD}"'),
    (PYTHON, f'token = f"{{prefix}}-{WORD}"'),
    (PYTHON, f'run(["mysql", "--password", "{WORD}"])'),
    (PYTHON, f'dsn = "postgresql://h/db?user=joe&pass={WORD}"'),
    (PYTHON, f'connect("host=h password={WORD} dbname=d")'),
    (PYTHON, f'connect("postgres://joe:{WORD}@h/db")'),
    (PYTHON, f'headers = {{"X-Api-Key": "{WORD}"}}'),
    (PYTHON, f'send("Authorization: token {WORD}")'),
    (PYTHON, f"# password: {WORD}"),
    (PYTHON, f'session_id = "{WORD}"'),
    ("javascript", f'const t = process.env.TOKEN || "{WORD}"'),
    ("typescript", f"const token: string = '{WORD}';"),
    ("go", f'password := "{WORD}"'),
    ("rust", f'let secret: &str = "{WORD}";'),
    ("java", f'String accessKey = "{WORD}";'),
    ("ruby", f":password => '{WORD}'"),
    ("sql", f"ALTER USER joe PASSWORD '{WORD}'"),
    ("xml", f"<dbPassword>{WORD}</dbPassword>"),
    ("xml", f'<add key="Db.Password" value="{WORD}"/>'),
    ("json", f'{{"password": "{WORD}"}}'),
    # In configuration and on command lines, any value.
    ("yaml", f"password: {WORD} # the old one"),
    ("yaml", f"password: |\n  one\n  {WORD}\nuser: joe"),
    ("yaml", f"env:\n  - name: DB_PASSWORD\n    value: {WORD}"),
    ("ini", f"smtp_pass = {WORD}"),
    ("ini", f"spring.datasource.password={WORD}"),
    ("toml", f'connection_string = "{WORD}"'),
    ("dotenv", f"SESSION_COOKIE={WORD}"),
    ("shellscript", f"export TOKEN={WORD}"),
    ("shellscript", f"export TOKEN=one\\\n{WORD}"),
    ("shellscript", f"PGPASSWORD='{WORD}' psql"),
    ("shellscript", f'echo "${{TOKEN:-{WORD}}}"'),
    ("shellscript", f"tool --password {WORD} --user joe"),
    ("shellscript", f"tool --api-key={WORD}"),
    ("shellscript", f"mysql -u root -p{WORD} db"),
    ("shellscript", f"sshpass -p {WORD} ssh host"),
    ("shellscript", f"docker login -u joe -p {WORD} host"),
    ("shellscript", f"curl -u joe:{WORD} https://host"),
    ("shellscript", f'curl -H "X-Auth-Token: {WORD}" https://host'),
    ("shellscript", f"curl 'https://host/?access_token={WORD}&page=2'"),
    ("shellscript", f"aws configure set aws_secret_access_key {WORD}"),
    ("shellscript", f"echo {WORD} | docker login --password-stdin"),
    ("ini", f"machine host login joe password {WORD}"),
    ("shellscript", f"MYPASS={WORD} ./run"),
    ("shellscript", f"ssh-keygen -t rsa -N {WORD} -f k"),
    ("shellscript", f"openssl enc -aes-256-cbc -k {WORD} -in a"),
    ("shellscript", f"zip -r -P {WORD} a.zip a"),
    ("shellscript", f"7z a -p{WORD} a.7z a"),
    ("shellscript", f"kubectl create secret generic a --from-literal=foo={WORD}"),
    ("shellscript", f"kubectl create secret generic a --from-literal='foo=x {WORD}'"),
    # The value on the line below its name.
    (PYTHON, f'config = {{\n    "password":\n        "{WORD}",\n}}'),
    ("typescript", f"call({{\n  apiKey:\n    '{WORD}',\n}})"),
    ("typescript", f'const token =\n  "{WORD}";'),
    ("yaml", f"password:\n  {WORD}\nuser: joe"),
    ("yaml", f'password:\n  "{WORD}"\nuser: joe'),
    # In prose one word.
    (None, f"password: {WORD}"),
    (None, f"it was called with token={WORD} and failed"),
    (None, f"fatal: could not read https://joe:{WORD}@host/repo.git"),
]
NEGATIVES = [
    # Code that gets, passes or describes a secret holds none.
    (PYTHON, "token = get_token()"),
    (PYTHON, "password: str"),
    (PYTHON, "def login(user: str, password: str | None = None) -> Token: ..."),
    (PYTHON, 'token = os.environ["TOKEN"]'),
    (PYTHON, 'password = getpass("Password: ")'),
    (PYTHON, "api_key = settings.api_key"),
    (PYTHON, "import secrets"),
    (PYTHON, "from tokenize import generate_tokens"),
    (PYTHON, 'tokenize = "abc"'),
    (PYTHON, 'author = "Jane"'),
    (PYTHON, 'authors = ["Jane", "Joe"]'),
    (PYTHON, 'password_field = "password"'),
    (PYTHON, 'token_type = "bearer"'),
    (PYTHON, 'token_url = "https://host/oauth/token"'),
    (PYTHON, 'AUTH_BACKEND = "app.auth.Backend"'),
    (PYTHON, "max_tokens = 400"),
    (PYTHON, 'eos_token = "</s>"'),
    (PYTHON, 'tokens = "let x be 1"'),  # what a lexer makes
    (PYTHON, 'if token.value == "(":'),
    (PYTHON, 'if token.type != "NAME":'),
    (PYTHON, 'fields = ["password", "username"]'),
    (PYTHON, 'raise ParseError("token: unexpected end of file")'),
    (PYTHON, 'keyboard = "qwerty"'),
    (PYTHON, 'public_key = "id.pub"'),
    (PYTHON, 'cookie_name = "session"'),
    (PYTHON, 'compass = "north"'),
    (PYTHON, 'token = ""'),
    (PYTHON, 'url = f"postgres://{user}:{password}@{host}/db"'),
    (PYTHON, 'assert passed == "yes"'),
    (PYTHON, "class PasswordResetFormTokenGenerator2FactorAuthView: ..."),
    (PYTHON, 'pattern = r"[A-Za-z0-9+/]{20,}"'),
    (PYTHON, 'alphabet = "' + string.ascii_letters + string.digits + '"'),
    (PYTHON, "npm_config_registry = hf_hub_download"),  # begin like tokens, are words
    # Hashes and ids are public.
    (None, "commit " + chance(40, HEX)),
    (None, "id 3f2b8c1e-5d4a-4e6f-9b7c-1a2b3c4d5e6f"),
    ("json", '"integrity": "sha512-' + chance(86, ALNUM + "+/") + '=="'),
    (None, "sha256:" + chance(64, HEX)),
    ("yaml", "password: ${DB_PASSWORD}"),
    ("yaml", "token: <your token>"),
    ("yaml", "author: Jane Doe"),
    ("shellscript", "TOKEN=$(vault read token)"),
    ("shellscript", "docker run -p 8080:80 image"),
    ("shellscript", "mkdir -p a/b"),
    ("shellscript", 'git commit -m "Reset the password form"'),
    ("shellscript", "export PWD=/home/joe"),  # the working directory
    ("shellscript", "git clone git@host:team/repo.git"),
    (None, "Reset password: fix the link"),
    (None, "https://host:8080/path?page=2#part"),
    ("shellscript", "BYPASS=yes COMPASS=north ./run"),
    ("shellscript", "ssh-keygen -t rsa -f k"),
    ("shellscript", "ssh-keygen -N '' -f k"),
    ("shellscript", "zip -r a.zip a && mkdir -P b"),
    (PYTHON, 'class Token:\n    "What a lexer makes."'),
    ("yaml", "credentials:\n  user: joe\n"),
    ("yaml", "tokens_file: a\nsecrets:\n  - db\n"),
    (None, "basic authentication and bearer authentication"),
    (None, "tests/unit/test_http2_server_v3.py::TestServer::test_accepts_utf8"),
]


@pytest.mark.parametrize(("language", "text"), POSITIVES)
def test_masks_what_stands_in_the_place_of_a_secret(language: str | None, text: str) -> None:
    """Each of these has the password in it before, and not after."""
    gone(WORD, text, language)


@pytest.mark.parametrize(("language", "text"), NEGATIVES)
def test_leaves_everything_else_alone(language: str | None, text: str) -> None:
    """Each of these is the same afterwards."""
    assert check(text, language) == text


@pytest.mark.parametrize("name", FORMATS)
@pytest.mark.parametrize("language", [None, PYTHON, "yaml", "shellscript"])
def test_masks_known_tokens_anywhere(name: str, language: str | None) -> None:
    """Bare, in half a line, in a path, after an escape."""
    token = FORMATS[name]
    for text in (token, f'oo("{token}', f"a/{token}/b", f'"one\\n{token}"', f"({token})"):
        gone(token, text, language)


@pytest.mark.parametrize("key", [BASE64, BASE36, AWS_SECRET])
def test_masks_strings_of_chance(key: str) -> None:
    """A key without a name and without a known shape."""
    gone(key, f'x = "{key}"', PYTHON)
    assert looks_random(key)


def test_masks_a_key_in_every_state_of_being_typed() -> None:
    """Never more than a few characters of a known token are seen, nor of a string of chance."""
    for key, seen in ((GITHUB, 12), (BASE64, 12)):
        for length in range(seen, len(key)):
            gone(key[:length], f'x = "{key[:length]}"', PYTHON, unfinished=True)
    for length in range(2, len(WORD)):
        gone(WORD[:length], f"export TOKEN={WORD[:length]}", "shellscript")


def test_masks_private_keys() -> None:
    """Whole, in literals, without an end, without a beginning, with Windows line breaks."""
    escaped = "\\n".join([BEGIN, *PEM_LINES, END])
    joined = "\n".join(f'    "{line}\\n"' for line in [BEGIN, *PEM_LINES, END])
    for text in (
        PEM,
        PEM.replace("\n", "\r\n"),
        PEM.removesuffix(END),
        PEM.removeprefix(BEGIN),
        f'key = """{PEM}"""',
        f'key = "{escaped}"',
        f"key = (\n{joined}\n)",
        "    " + PEM.replace("\n", "\n    "),
    ):
        result = check(text, PYTHON)
        assert not any(line in result for line in PEM_LINES)
        if "key =" in text:
            ast.parse(result)


def test_follows_a_key_over_a_line_continuation() -> None:
    """Both halves go, in one literal and in two."""
    first, second = GITHUB[:20], GITHUB[20:]
    for text in (
        f'x = "{first}\\\n{second}"',
        f'x = "{first}" \\\n    "{second}"',
        f'x = ("{first}"\n     "{second}")',
        f'x = "{first}" + "{second}"',
    ):
        result = check(text, PYTHON)
        assert first not in result
        assert second not in result
        ast.parse(result)


def test_configuration_still_parses() -> None:
    """Numbers stay numbers, strings stay strings."""
    assert json.loads(check('{"password": 1234, "a": [1]}', "json")) == {"password": 1111, "a": [1]}
    assert tomllib.loads(check('pin_token = 99\nsecret = "a\\"b"', "toml"))["pin_token"] == 11


def every_event(key: str) -> list[Event]:
    """Each event of the union with the key in every text it has."""
    where, text = f"src/{key}.py", f'x = "{key}"'
    at = span(0, 0, 0, 1)
    return [
        Open(0, where, 1, key, text),
        Close(0, where),
        Save(0, where),
        Edit(0, where, 2, (Change(at, text), Change(None, f"oo('{key}")), origin=key),
        Focus(0, where, at),
        FileOperation(0, "renamed", where, where + "i"),
        Diagnostics(0, where, key, (DiagnosticItem(at, 1, text, key),)),
        Git(
            0,
            "commit",
            head=key,
            branch=key,
            paths=(where,),
            message=text,
            files=(CommittedFile(where, text, text),),
        ),
        Command(0, f"run {key}", 1, 0.5, text),
        TestResult(0, f"test[{key}]", key, where, text),
        SuggestionEvent(0, key, "shown", key, where, at),
        Answer(0, key, "dismissed"),
    ]


@pytest.mark.parametrize("key", FORMATS.values(), ids=FORMATS)
def test_no_field_of_any_event_keeps_a_key(key: str) -> None:
    """Checked on the wire form, so a field that is added later is covered."""
    for event in every_event(key):
        written = encode_event(redact_event(event))
        assert key.encode() not in written, type(event).__name__
        assert redact_event(redact_event(event)) == redact_event(event)


def test_the_planted_events_miss_no_field() -> None:
    """A new event, or a new text field of one, has to be planted above."""
    events = every_event("planted")
    assert {type(event) for event in events} == set(get_args(Event))
    for event in events:
        for field in msgspec.structs.fields(event):
            if field.type in (str, str | None):
                assert "planted" in getattr(event, field.name), (event, field.name)


def test_an_event_without_a_secret_is_the_same_object() -> None:
    """So that the usual case costs no copy."""
    for event in every_event("plain"):
        assert redact_event(event) == event
    save = Save(0, "src/authentication_token_password.py")
    assert redact_event(save) is save


def test_the_file_name_decides_how_an_edit_is_read() -> None:
    """An edit carries no language."""
    text = f"PASSWORD = {WORD}\n"
    for path, kept in (
        (".env.local", False),
        ("a.ini", False),
        ("Dockerfile", False),
        ("a.py", True),
    ):
        event = redact_event(Edit(0, path, 1, (Change(None, text),)))
        assert isinstance(event, Edit)
        assert (WORD in event.changes[0].text) is kept


@given(
    before=st.text(max_size=40),
    key=st.sampled_from(list(FORMATS.values())),
    after=st.text(max_size=40),
    language=st.sampled_from([None, PYTHON, "yaml", "shellscript", "json"]),
)
def test_a_planted_token_never_survives(
    before: str, key: str, after: str, language: str | None
) -> None:
    """Whatever stands around it; a letter or digit before it makes it another word for some."""
    gone(key, f"{before} {key}{after}", language)


@given(before=st.text(max_size=40), after=st.text(max_size=40))
def test_distinctive_tokens_need_no_edge(before: str, after: str) -> None:
    """Nothing around these can hide them."""
    for key in (GITHUB, GITHUB_FINE, GITLAB, SLACK, STRIPE, AWS, GOOGLE, OCEAN):
        gone(key, before + key + after)


PIECES = st.sampled_from(
    [
        *("token", "password", '"', "'", '"""', "=", ":", " ", "\n", "\r\n", "\r", "\\", "\\\n"),
        *("{", "}", "(", ")", "-", "--", "@", "://", "x", "1", "é", "\U0001f511", "\u2028", "f"),
        *(WORD, GITHUB[:14], BASE64[:24], BEGIN, END, "or", "export TOKEN=", "|", ",", "#"),
    ]
)


@given(
    text=st.one_of(st.text(), st.lists(PIECES, max_size=30).map("".join)),
    language=st.sampled_from([None, PYTHON, "yaml", "shellscript", "ini", "json"]),
    unfinished=st.booleans(),
)
def test_any_text_keeps_its_shape(text: str, language: str | None, unfinished: bool) -> None:
    """Length, lines, and once is enough, on anything."""
    check(text, language, unfinished=unfinished)


LITERALS = st.one_of(
    st.text(alphabet=st.characters(codec="utf-8"), max_size=30).map(repr),
    st.text(alphabet=ALNUM + "+/-_ \\'\"{}", max_size=40).map(repr),
    st.sampled_from([f'"""a\n{WORD}"""', f"f'{{x}}-{WORD}'", "('a'\n 'b')", repr(GITHUB), "b'a'"]),
    st.sampled_from(["1234", "get()", "x.y", "[1]", "None", "'a' 'b'", "rb'\\d'", "(yield)"]),
)
STATEMENTS = st.sampled_from(
    [
        *("token = {}", "password: str = {}", "f(password={}, user={})", "x = {{'secret': {}}}"),
        *("if api_key == {}: pass", "log({}, {})", "auth = ({}, {})", "x = ['--token', {}]"),
        *("os.environ['TOKEN'] = {}", "t = get('PASSWORD', {})", "# token: {!r}", "return_ = {}"),
        *("passphrase = {} or {}", "secret = x if y else {}", "x = {}\n{}", "token = {} + {}"),
    ]
)


@given(st.lists(st.tuples(STATEMENTS, LITERALS, LITERALS), max_size=6), st.booleans())
def test_python_still_parses(drawn: list[tuple[str, str, str]], unfinished: bool) -> None:
    """Every program that parsed before parses afterwards."""
    source = "\n".join(statement.format(one, two) for statement, one, two in drawn)
    try:
        ast.parse(source)
    except (SyntaxError, ValueError):
        return
    ast.parse(check(source, PYTHON, unfinished=unfinished))


def test_names_are_judged_by_their_parts() -> None:
    """The table of names, apart from what stands around them."""
    secret = (
        "token apiToken API_KEY apikey client_secret clientSecret dbPassword DB_PASS PGPASSWORD "
        "passphrase access_key AWS_SECRET_ACCESS_KEY privateKey private-key X-Api-Key auth "
        "Authorization credentials session_id PHPSESSID cookie dsn connectionString token_prod "
        "csrftoken refresh_tokens SECRET_KEY_BASE password2 jwt passwd pwd"
    )
    for name in secret.split():
        assert is_secret_name(name), name
    harmless = (
        "tokenize tokenizer author authors authored token_type tokens max_tokens num_token "
        "password_field passwordHint token_count secret_name auth_url PWD OLDPWD public_key key "
        "keys pass_through passed bypass monkey session cookie_name eos_token authority secretary"
    )
    for name in harmless.split():
        assert not is_secret_name(name), name


@pytest.mark.parametrize(
    "piece",
    ["password: [", 'token = "', "://a:", "password ", "eyJ", "\\", "curl -x ", "<password"],
)
def test_no_text_is_slow(piece: str) -> None:
    """Repeated pieces, and long gaps, cost about their length: a pattern that backtracks shows."""
    for text in (piece * 3_000, piece + " " * 30_000):
        began = time.perf_counter()
        for language in (PYTHON, "yaml", None):
            redact(text, language=language)
        assert time.perf_counter() - began < 3


ADVERSARIES = {
    "consonants": 'x = "' + "b" * 100_000 + 'A1"',
    "prefixes": "AGE-SECRET-KEY-" * 7_000,
    "more prefixes": "ruby" + "gems_" * 11_000,
    "programs": "mysql" * 20_000 + " -p",
    "one program": "mysql" + "-" * 100_000 + " -p",
    "flags": "htpasswd -" + "b" * 100_000,
    "names in one value": "token: " * 14_000,
    "names before comments": "token: a #" * 10_000,
    "names in one word": "token=a" * 14_000,
    "names in one call": "token:a" * 14_000 + "(",
    "blocks": "token: |\n" + " a: token: |\n" * 8_000,
    "spaces before an end": "token: |\n" + " " * 100_000 + "\r",
    "spaces after names": ("token:" + " " * 200) * 500,
    "wrappers": "token=" + "secret" * 16_000,
    "defaults": "token=${a-" * 10_000,
    "begins": (BEGIN + "\nAAAA\n") * 2_500,
    "ends": END * 3_500,
    "signs in a key": BEGIN + "\n" + "+" * 100_000 + "!",
    "spaces after a token": GITHUB + '"' + " " * 100_000,
    "tokens that go on": "ey" + "Jaaaaaaaaaaaa.\\\ney" * 6_000,
    "one line": '{"k":[' + '"token abc",' * 9_000 + "1]}",
    "quotes": '"token ' * 14_000,
}


@pytest.mark.parametrize("name", ADVERSARIES)
@pytest.mark.parametrize("language", [None, PYTHON, "yaml", "shellscript"])
def test_no_text_stops_the_world(name: str, language: str | None) -> None:
    """A pattern holds the interpreter until it is done, so 100 kB may not take long."""
    text = ADVERSARIES[name]
    began = time.process_time()
    redact(text, language=language, unfinished=True)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("name", FORMATS)
def test_a_long_line_hides_no_token(name: str) -> None:
    """Lines too long to be read at once are read in pieces, and tokens lie across their edges."""
    for place in (15_990, 19_990, 35_999, 1_000_000):
        text = "a = 1\n" + "b, " * (place // 3) + f'"{FORMATS[name]}"' + ", c" * 20_000
        assert FORMATS[name] not in redact(text, language=PYTHON)


def test_a_long_line_keeps_its_shape() -> None:
    """And what a name gives away goes there too."""
    text = "x = 1\n" + ", ".join(f'{{"id": {n}, "password": "{WORD}"}}' for n in range(4_000))
    gone(WORD, text + "\ny = 2\n", "json")
    gone(BASE64, "a " * 10_000 + BASE64 + " b" * 30_000 + "\n" + "c\n" * 30_000)


def settled(path: str, language: str, before: str, *edits: tuple[str, str]) -> Edit:
    """What the mirror of a document makes of the edits, redacted as the engine does it."""
    documents = Documents()
    documents.open(Open(0, path, 1, language, before))
    for version, (old, new) in enumerate(edits, 2):
        document = documents.get(path)
        assert document is not None
        line, column = next(
            (n, line.index(old)) for n, line in enumerate(document.lines) if old in line
        )
        there = span(line, column, line, column + len(old))
        documents.edit(Edit(version, path, version, (Change(there, new),)))
    edit, document = documents.settle(path), documents.get(path)
    assert edit is not None
    assert document is not None
    result = redact_edit(edit, document.lines, language)
    assert [change.range for change in result.changes] == [change.range for change in edit.changes]
    for old_change, change in zip(edit.changes, result.changes, strict=True):
        assert [units(line) for line in lines(change.text)] == [
            units(line) for line in lines(old_change.text)
        ]
    return result


@pytest.mark.parametrize(
    ("path", "before"),
    [
        ("a.py", 'x = 1\nAPI_TOKEN = (\n    "placeholder"\n)\ny = 2\n'),
        ("a.py", 'C = {\n    "password":\n        "placeholder",\n}\n'),
        ("a.yaml", "password: |\n  first\n  placeholder\nuser: joe\n"),
        ("a.yaml", "password: |\r\n  first\r\n  placeholder\r\nuser: joe"),
        ("a.py", f'# \U0001f511 "{STRIPE}"\ntoken = """\nplaceholder\n"""\n'),
        ("a.py", 'token = """\n' + "more\n" * 20 + 'placeholder\n"""\n'),
        ("a.sh", "export TOKEN=one\\\nplaceholder"),
    ],
)
@pytest.mark.parametrize("secret", [WORD, "correcthorsebattery", chance(40, HEX)])
def test_a_value_goes_when_its_name_was_not_touched(path: str, before: str, secret: str) -> None:
    """Only the line of the value is in the edit; the name is on another line of the text."""
    assert secret not in repr(settled(path, "plaintext", before, ("placeholder", secret)))


def test_edits_far_apart_are_found_where_they_ended_up() -> None:
    """Each change counts in the text before it, the text is that after all of them."""
    before = "".join(f'token = (\n    "old{n}"\n)\n' + "x = 1\n" * 100 for n in "abc")
    edits = [("olda", f'{WORD}"\n    "b'), ("oldb", WORD), ("oldc", f'1"\n    "2"\n    "{WORD}')]
    edit = settled("a.py", PYTHON, before, *edits)
    assert len(edit.changes) == 3
    assert WORD not in repr(edit)


def test_an_edit_of_another_shape_stays_as_it_is() -> None:
    """Ranges inside lines tell nothing about the text around them; `redact_event` follows."""
    edit = Edit(0, "a.py", 1, (Change(span(0, 3, 0, 4), "b"),))
    assert redact_edit(edit, ["a = c\n", ""]) is edit


@given(
    before=st.lists(PIECES, max_size=30).map("".join),
    edits=st.lists(st.tuples(st.integers(0, 20), st.integers(0, 9), PIECES), max_size=5),
)
def test_an_edit_in_its_context_keeps_its_shape(
    before: str, edits: list[tuple[int, int, str]]
) -> None:
    """The same ranges, lines and lengths, whatever is typed."""
    documents = Documents()
    documents.open(Open(0, "a.py", 1, PYTHON, before))
    for version, (line, column, text) in enumerate(edits, 2):
        where = span(line, column, line, column + 1)
        documents.edit(Edit(version, "a.py", version, (Change(where, text),)))
    edit, document = documents.settle("a.py"), documents.get("a.py")
    if edit is None or document is None:
        return
    result = redact_edit(edit, document.lines)
    for old, new in zip(edit.changes, result.changes, strict=True):
        assert new.range == old.range
        assert [units(line) for line in lines(new.text)] == [units(x) for x in lines(old.text)]


@pytest.mark.parametrize(
    ("language", "typed"),
    [
        ("ini", "export STRIPE="),
        ("shellscript", "export STRIPE="),
        ("yaml", "foo: "),
        (None, "is "),
    ],
)
def test_a_bare_key_shows_little_of_itself_while_it_is_typed(
    language: str | None, typed: str
) -> None:
    """No name, no known shape, no quotes: what reads like words may show for a while."""
    starts = [
        typed + chance(30, seed=seed)[:length] for seed in range(40) for length in range(8, 30)
    ]
    seen = [text for text in starts if redact(text, language=language, unfinished=True) == text]
    assert len(seen) < 0.15 * len(starts)


@pytest.mark.parametrize(
    "text",
    [
        "The OAuth2Client calls getElementById of XMLHttpRequest in iPhone15ProMax",
        "run sha256sum, base64url, utf8mb4 and ec2instance on ubuntu2204lts",
        "at 20261122T142527Z or 2026-11-22T14:25:27Z, 1920x1080p60",
        "tests/e2e/V2/db.py::TestServer",
        "image: x86_64-linux-gnu:v1beta1 and man2text",
        "PATH=$HOME/Library/Android/sdk JAVA_HOME=/opt/jdk17",
        "commit 3f2b8c1e9a7d, McDonalds, JSONDecodeError, PostgreSQL, JavaScript",
        "uses: actions/checkout@v4 python-version: 3.11",
    ],
)
@pytest.mark.parametrize("language", [None, "yaml", "ini", "shellscript", PYTHON])
def test_words_that_are_being_typed_stay(language: str | None, text: str) -> None:
    """Ordinary words, names, times and paths."""
    assert check(text, language, unfinished=True) == text


def test_is_fast_enough() -> None:
    """Well above 1 MB/s, far below what a quiet machine does, so that a busy one passes."""
    source = (Path(ast.__file__).read_text(encoding="utf-8") * 8)[:400_000]
    began = time.perf_counter()
    redact(source, language=PYTHON)
    assert len(source) / (time.perf_counter() - began) > 1_000_000
