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

SERIAL, TCP = "probewire/serial_link.py", "probewire/tcp_link.py"
DISCOVER, SIMULATOR = "probewire/discover.py", "probewire/simulator.py"
FALLBACK = "        if patience is None:\n            patience = self.patience\n"
SEND = "    def send(self, line: str, patience: Patience | None = None) -> None:"
NEW_SEND = "    def send(self, line: str, patience: Patience) -> None:"
RECEIVE = "    def receive(self, size: int, patience: Patience | None = None) -> bytes:"
NEW_RECEIVE = "    def receive(self, size: int, patience: Patience) -> bytes:"
DO_NOT_COME = (
    '        """Read exactly so many bytes; raises `LinkTimeout` when they do not come."""\n'
)
TAKES_NONE = '        """Write a line; raises `LinkTimeout` when the port takes none."""\n'


async def play(stage: Stage) -> None:
    await stage.open(SERIAL)
    await the_cable_forgets(stage)
    await the_rest_is_another_story(stage)
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
    stage.expect("twin-signature", TCP, SEND, NEW_SEND)
    await stage.save(SERIAL)
    # The sister class is to follow as well: what is less likely is ticked, too.
    await stage.accept(unsure=True)


async def the_rest_is_another_story(stage: Stage) -> None:
    """The sister class has reasons of its own to keep its patience for now: no."""
    await stage.save_all()
    await stage.dismiss()
    # Right after a no nothing is said, and this will not be said again.
    async with stage.quiet():
        await stage.save_all()
    await stage.pause(20, really=REST)


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
        "tests/test_meter.py",
        "    port = FakePort(ANSWERS, QUICK)",
        "    port = FakePort(ANSWERS)",
    )
    await stage.git("commit", "--all", "--message", "Links keep no patience; calls bring their own")
    await stage.accept()
    await stage.save_all()
    await stage.run_tests()
    async with stage.quiet():
        await stage.git("commit", "--all", "--message", "The simulator needs no patience either")
        await stage.pause(3)
