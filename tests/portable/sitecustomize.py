"""Takes away what `DLTEACH_TESTS_WITHOUT` names, in every interpreter that has this folder on its path.

`fork`, `fcntl` and `resource` are what Windows lacks and macOS does otherwise; `posix` is the rest of what Python on
Windows does not have, as far as what is here of Python itself and of the libraries can do without it.
"""

import os
import select
import signal
import sys
from collections.abc import Callable, Iterable
from types import ModuleType

WITHOUT = [name for name in os.environ.get("DLTEACH_TESTS_WITHOUT", "").split(",") if name]

MODULES: dict[str, str] = {"fork": "", "fcntl": "fcntl", "resource": "resource", "posix": "grp pwd syslog"}
ATTRIBUTES: dict[str, dict[ModuleType, str]] = {
    "fork": {os: "fork forkpty"},
    "posix": {
        os: "chown confstr ctermid fchdir fchown geteuid getegid getgid getgroups getloadavg getpgid getpgrp "
        "getpriority getresuid getsid killpg lchown lockf memfd_create mkfifo mknod nice O_ASYNC O_CLOEXEC "
        "O_DIRECTORY O_NOCTTY O_NOFOLLOW O_NONBLOCK O_SYNC openpty pathconf pread preadv posix_fadvise pwrite "
        "sched_getaffinity sched_setaffinity sched_yield sendfile seteuid setpgid setpriority setsid setuid "
        "sync sysconf tcgetpgrp tcsetpgrp ttyname wait3 wait4",
        signal: "SIGALRM SIGCONT SIGHUP SIGPIPE SIGQUIT SIGTSTP SIGTTIN SIGTTOU SIGUSR1 SIGUSR2 SIGXCPU SIGXFSZ "
        "alarm getitimer pause pthread_kill pthread_sigmask setitimer sigpending sigwait",
        select: "epoll poll",
    },
}


def take_away(names: Iterable[str]) -> Callable[[], None]:
    """Take away what is named; what is returned gives it back. Raises KeyError for a name that is none of these."""
    names = list(names)
    modules = [module for name in names for module in MODULES[name].split()]
    there = {module: sys.modules[module] for module in modules if module in sys.modules}
    attributes = [
        (owner, attribute, getattr(owner, attribute))
        for name in names
        for owner, some in ATTRIBUTES.get(name, {}).items()
        for attribute in some.split()
        if hasattr(owner, attribute)
    ]
    sys.modules.update(dict.fromkeys(modules))  # type: ignore[arg-type]  # None: as if it were not there
    for owner, attribute, _ in attributes:
        delattr(owner, attribute)

    def give_back() -> None:
        for owner, attribute, value in attributes:
            setattr(owner, attribute, value)
        for module in modules:
            del sys.modules[module]
        sys.modules.update(there)

    return give_back


if __name__ == "sitecustomize":
    take_away(WITHOUT)
