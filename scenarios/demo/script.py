"""The demo: links stop keeping a patience, and every call has to bring its own.

The structure of one real change (see README.md beside the scenarios) lived through on a workspace
of our own: two sister classes lose a constructor parameter, their methods lose a default, and
calls in the library and in the tests follow.
"""

from stage import Stage

BY_WORD = True
# A person rests for half a minute after a dismissal; the story is played faster than that.
OPTIONS = {"reward": {"cooldownSeconds": 5.0}}
REST = 5.5

SERIAL, TCP, METER = "probewire/serial_link.py", "probewire/tcp_link.py", "probewire/meter.py"
DISCOVER, SIMULATOR = "probewire/discover.py", "probewire/simulator.py"
FALLBACK = "        if patience is None:\n            patience = self.patience\n"
SEND = "    def send(self, line: str, patience: Patience | None = None) -> None:"
NEW_SEND = "    def send(self, line: str, patience: Patience) -> None:"
RECEIVE = "    def receive(self, size: int, patience: Patience | None = None) -> bytes:"
NEW_RECEIVE = "    def receive(self, size: int, patience: Patience) -> bytes:"
TAKES_NONE = '        """Write a line; raises `LinkTimeout` when the port takes none."""\n'
STUCK = '        """Write a line; raises `LinkTimeout` when the connection is stuck."""\n'
DO_NOT_COME = (
    '        """Read exactly so many bytes; raises `LinkTimeout` when they do not come."""\n'
)

VOLTS = '        return float(ask(self.link, "MEAS:VOLT:DC?", self.patience))\n'
OHMS = '''
    def ohms(self) -> float:
        """Resistance between the two clamps, whatever the wires themselves add."""
        return float(ask(self.link, "MEAS:RES?", self.patience))
'''


async def play(stage: Stage) -> None:
    await stage.open(SERIAL)
    await the_cable_forgets(stage)
    await the_network_follows(stage)
    await questions_too(stage)
    await a_new_method(stage)
    await the_documents(stage)
    await a_script_does_the_rest(stage)


async def the_cable_forgets(stage: Stage) -> None:
    """A constructor loses its parameter, two methods its default: calls and a twin follow."""
    await stage.edit(SERIAL, "baud: int, patience: Patience) -> None:", "baud: int) -> None:")
    await stage.edit(
        SERIAL,
        "        self.baud = baud\n        self.patience = patience\n",
        "        self.baud = baud\n",
    )
    await stage.edit(SERIAL, SEND, NEW_SEND)
    await stage.edit(SERIAL, TAKES_NONE + FALLBACK, TAKES_NONE)
    await stage.edit(SERIAL, RECEIVE, NEW_RECEIVE)
    await stage.edit(SERIAL, DO_NOT_COME + FALLBACK, DO_NOT_COME)
    stage.expect(
        "broken-call",
        DISCOVER,
        "        link = SerialLink(port, baud=baud, patience=patience)",
        "        link = SerialLink(port, baud=baud)",
    )
    stage.expect("twin-body", TCP, SEND, NEW_SEND)
    await stage.save(SERIAL)
    await stage.accept()


async def the_network_follows(stage: Stage) -> None:
    """The card changed the sister class, so its calls are next; the rest of it is done by hand."""
    stage.expect(
        "broken-call",
        DISCOVER,
        '        return TcpLink(port, where.removeprefix("tcp:"), patience=patience)',
        '        return TcpLink(port, where.removeprefix("tcp:"))',
    )
    await stage.save_all()
    await stage.accept()
    await stage.edit(
        TCP,
        "        self.host = host\n        self.patience = patience\n",
        "        self.host = host\n",
    )
    await stage.edit(TCP, STUCK + FALLBACK, STUCK)
    await stage.edit(TCP, DO_NOT_COME + FALLBACK, DO_NOT_COME)
    await stage.save_all()
    await stage.pause(20, really=REST)
    await stage.run_tests()


async def questions_too(stage: Stage) -> None:
    """A required parameter: only the user has the values, so the places are pointed at."""
    await stage.open(METER)
    await stage.edit(
        METER,
        "question: str, patience: Patience | None = None) -> str:",
        "question: str, patience: Patience) -> str:",
    )
    asking = '            ask(link, "*IDN?")'
    # What to pass is the developer's to say, so the card only points.
    stage.expect("broken-call", DISCOVER, asking, asking)
    await stage.save(METER)
    await stage.edit(METER, 'ask(self.link, "*IDN?")', 'ask(self.link, "*IDN?", self.patience)')
    await stage.edit(DISCOVER, 'ask(link, "*IDN?")', 'ask(link, "*IDN?", patience)')
    await stage.edit("tests/test_meter.py", 'ask(link, "*IDN?")', 'ask(link, "*IDN?", QUICK)')
    await stage.save_all()
    await stage.run_tests()


async def a_new_method(stage: Stage) -> None:
    """Something is added, word by word: a definition half typed owes nothing, and no call can
    be owed to it yet.
    """
    async with stage.quiet():
        await stage.edit(METER, VOLTS, VOLTS + OHMS)
        await stage.save(METER)


async def the_documents(stage: Stage) -> None:
    """Words for people: nothing is owed for these."""
    readme, links = "README.md", "docs/links.md"
    await stage.open(links)
    async with stage.quiet():
        await stage.edit(
            links,
            "at its end. A link keeps the patience it was made with.\n",
            "at its end. Both want to be told how patient to be, every time: a link outlives the\n"
            "moment it was made in, and what was patient enough for a greeting is too little\n"
            "for a long measurement.\n",
        )
        await stage.save(links)
        await stage.open(readme)
        await stage.edit(
            readme,
            "How long to wait is a `Patience`. A link is given one when it is made and keeps it; "
            "each call may\nbring another one.\n",
            "How long to wait is a `Patience`. Each call brings one; links keep none.\n",
        )
        await stage.save(readme)


async def a_script_does_the_rest(stage: Stage) -> None:
    """Another program changes a file that no editor holds; its commit is what tells."""
    await stage.outside(
        SIMULATOR,
        "(self, answers: dict[str, str], patience: Patience)",
        "(self, answers: dict[str, str])",
    )
    await stage.outside(SIMULATOR, "\nfrom probewire.patience import Patience\n\n", "\n")
    stage.expect(
        "commit-owes",
        "probewire/cli.py",
        "    port = FakePort(DEMO, patience)",
        "    port = FakePort(DEMO)",
    )
    await stage.git("commit", "--all", "--message", "Links keep no patience; calls bring their own")
    await stage.accept()
    await stage.save_all()
    # The tests do need their patience for the rest of what they do.
    await stage.dismiss()
    await stage.run_tests()
    async with stage.quiet():
        await stage.git("commit", "--all", "--message", "The simulator needs no patience either")
        await stage.pause(3)
