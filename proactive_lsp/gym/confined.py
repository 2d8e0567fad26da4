"""Inside fresh namespaces: make the disk read-only but for one folder, then become the program.

Started by `terminal` as `python -I confined.py FOLDER PROGRAM…`, with the standard library alone.
Exit code 125 means that the sandbox could not be made; the program was not started then.
"""

import ctypes
import os
import re
import resource
import struct
import sys
from pathlib import Path

_RDONLY, _NOSUID, _NODEV, _REMOUNT, _BIND, _REC, _PRIVATE = 1, 2, 4, 32, 4096, 16384, 1 << 18
_NO_NEW_PRIVILEGES, _DROP, _SECURE_BITS = 38, 24, 28
_NO_ROOT = 0b11  # user 0 gets nothing for being user 0, and that is for good
_MOST_CAPABILITIES = 64
# Covered by what is mounted on them: a user who is root may write to disks and switches there.
_COVERED = ("/proc", "/dev")
_DEVICES = ("null", "zero", "full", "random", "urandom")
_KEPT = {
    **{"ro": _RDONLY, "nosuid": _NOSUID, "nodev": _NODEV, "noexec": 8},
    **{"noatime": 1024, "nodiratime": 2048, "relatime": 1 << 21},
}
_LIMITS = (
    (resource.RLIMIT_CPU, 60),
    (resource.RLIMIT_AS, 4 << 30),
    (resource.RLIMIT_FSIZE, 64 << 20),
    (resource.RLIMIT_NPROC, 512),
    (resource.RLIMIT_CORE, 0),
)
_SECCOMP, _FILTER = 22, 2
# By machine: how the kernel calls it, and the number of the call that makes a socket.
_MACHINES = {"x86_64": (0xC000003E, 41), "aarch64": (0xC00000B7, 198)}
_URING = 425  # makes sockets as well, unseen by a filter
_UNIX = 1
_OCTAL = re.compile(r"\\([0-7]{3})")
_libc = ctypes.CDLL(None, use_errno=True)


def main(folder: str, program: list[str]) -> None:
    """Confine this process to the folder and replace it by the program."""
    _mount("none", "/", _REC | _PRIVATE)
    _mount(folder, folder, _BIND | _REC)
    git = f"{folder}/.git"
    if Path(git).is_dir():
        _mount(git, git, _BIND | _REC)
    for place, flags in _mounts():
        if place != folder and not _is_covered(place):
            _mount("none", place, _REMOUNT | _BIND | _RDONLY | flags)
    if not folder.startswith("/tmp/"):  # noqa: S108 - it becomes one of its own
        _mount("tmpfs", "/tmp", _NOSUID | _NODEV, kind="tmpfs")  # noqa: S108
    _few_devices()
    _mount("proc", "/proc", _RDONLY | _NOSUID | _NODEV, kind="proc")
    for what, most in _LIMITS:
        _, hard = resource.getrlimit(what)
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        resource.setrlimit(what, (most, most))
    # Without these it could mount everything as it was.
    for capability in range(_MOST_CAPABILITIES):
        _libc.prctl(_DROP, capability, 0, 0, 0)
    if _libc.prctl(_SECURE_BITS, _NO_ROOT, 0, 0, 0) or _libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0):
        raise OSError(ctypes.get_errno(), "its powers cannot be dropped")
    _no_local_sockets()
    os.chdir(folder)
    os.execve(program[0], program, os.environ)  # noqa: S606 - what was allowed by name


def _few_devices() -> None:
    """Cover `/dev` by a folder with nothing but what reads as nothing or as noise."""
    fresh = Path("/dev/shm")  # noqa: S108 - the one folder that each /dev has
    _mount("tmpfs", str(fresh), _NOSUID, kind="tmpfs")
    (fresh / "shm").mkdir(mode=0o1777)
    for name in _DEVICES:
        (fresh / name).touch()
        _mount(f"/dev/{name}", str(fresh / name), _BIND)
    (fresh / "fd").symlink_to("/proc/self/fd")
    _mount(str(fresh), "/dev", _BIND | _REC)


def _no_local_sockets() -> None:
    """Let no socket be made that reaches services of this machine by a path.

    A read-only disk does not keep anybody from asking one of them to run something.
    """
    machine = os.uname().machine
    if machine not in _MACHINES or sys.maxsize < 1 << 32:
        raise OSError(0, f"nobody knows how to filter calls on {machine}")
    name, socket = _MACHINES[machine]
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    allow, refuse, end = 0x7FFF0000, 0x00050000 | 13, 0x80000000
    # What, whither when it holds and when not, counted from the next, and with which value.
    steps = (
        (load, 0, 0, 4),  # the machine: old ones have other numbers
        (equal, 0, 8, name),
        (load, 0, 0, 0),  # the call
        (at_least, 4, 0, 0x40000000),  # the same calls by other numbers
        (equal, 3, 0, _URING),
        (equal, 0, 3, socket),
        (load, 0, 0, 16),  # its first argument
        (equal, 0, 1, _UNIX),
        (give, 0, 0, refuse),
        (give, 0, 0, allow),
        (give, 0, 0, end),
    )
    code = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *step) for step in steps))
    program = ctypes.create_string_buffer(struct.pack("@HP", len(steps), ctypes.addressof(code)))
    if _libc.prctl(_SECCOMP, _FILTER, program, 0, 0):
        raise OSError(ctypes.get_errno(), "calls cannot be filtered")


def _mount(source: str, place: str, flags: int, kind: str = "") -> None:
    done = _libc.mount(source.encode(), os.fsencode(place), kind.encode() or None, flags, None)
    if done != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), place)


def _mounts() -> list[tuple[str, int]]:
    """Where something is mounted, with the flags that must be kept."""
    found: list[tuple[str, int]] = []
    for line in Path("/proc/self/mountinfo").read_text().splitlines():
        fields = line.split(" ")
        place = _OCTAL.sub(lambda found: chr(int(found[1], 8)), fields[4])
        flags = sum(_KEPT.get(option, 0) for option in fields[5].split(","))
        found.append((place, flags))
    return found


def _is_covered(place: str) -> bool:
    return any(place == root or place.startswith(f"{root}/") for root in _COVERED)


if __name__ == "__main__":
    try:
        main(sys.argv[1], sys.argv[2:])
    except OSError as error:
        print(f"no sandbox: {error}", file=sys.stderr)  # noqa: T201
        sys.exit(125)
