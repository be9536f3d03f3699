"""Which system calls a submission may make: a filter made by libseccomp, for x86-64 and aarch64."""

from __future__ import annotations

import errno
import tempfile
from typing import Any

ALLOWED = """
    read write readv writev pread64 pwrite64 lseek close stat lstat statfs
    fstatfs access faccessat faccessat2 open openat readlink readlinkat getcwd chdir getdents64 getdents
    unlink unlinkat mkdir mkdirat rmdir rename renameat renameat2 ftruncate truncate fsync fdatasync
    umask poll ppoll select pselect6
    epoll_create1 epoll_ctl epoll_wait epoll_pwait eventfd2 sendto recvfrom sendmsg recvmsg
    shutdown getsockname mmap munmap mprotect mremap msync brk
    rt_sigaction rt_sigprocmask rt_sigreturn sigaltstack setitimer getitimer alarm pause restart_syscall
    nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times getpid gettid getppid
    getuid geteuid getgid getegid getpgrp getpgid getsid getgroups getrusage getrlimit uname
    sched_yield sched_getaffinity getrandom getcpu set_robust_list get_robust_list rseq exit exit_group
"""
"""No process is made, no program started, nobody signalled, nothing mounted, no socket opened or traced.

What outlives a process is left out, too: locks and leases, a file's mode and times, and what the machine
counts for all: its memory and load, and pipes, sockets and threads, which have their numbers in one row.
"""
NOT_OF_THE_CHANNEL = "fstat newfstatat statx dup dup2 dup3"
"""What may be done with every descriptor but that of the channel to the judge, a socket with a number."""

_CLONE_THREAD, _CLONE_PIDFD = 0x00010000, 0x1000
_CLONE_NEW_NAMESPACES = 0x7E020080  # NEWTIME, NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET
_TCGETS, _FIONBIO, _FIOCLEX, _FIONREAD = 0x5401, 0x5421, 0x5451, 0x541B
_ANOTHER_THAN_3 = ((1, 0), (2, 0), (4, 4), (8, 8), (16, 16), (32, 32))
"""Bits of a descriptor, each with what it is not in the channel's, which is 3; there are 64 descriptors."""
_DUPFD, _GETFD, _SETFD, _GETFL, _SETFL, _DUPFD_CLOEXEC = 0, 1, 2, 3, 4, 1030
_FUTEX_PRIVATE, _FUTEX_WAIT, _FUTEX_WAIT_BITSET = 128, 0, 9
_ADVICE = (0, 1, 2, 3, 4, 8, 14, 15, 102, 103)
"""How memory will be read, that it is free, how large its pages are, and where a thread's stack ends."""
_SO_TYPE, _SO_ERROR, _SO_ACCEPTCONN, _SO_PROTOCOL, _SO_DOMAIN = 3, 4, 30, 38, 39


class NoFilter(RuntimeError):
    """libseccomp, or pyseccomp, is not there."""


def filter_program() -> bytes:
    """Return the filter as a program for the kernel (BPF)."""
    try:
        import pyseccomp  # it looks for libseccomp when it is imported
    except (ImportError, RuntimeError) as error:
        raise NoFilter(f"{error}. Install libseccomp (Debian: libseccomp2) and pyseccomp (pip).") from error
    kit: Any = pyseccomp
    made = kit.SyscallFilter(kit.ERRNO(errno.EPERM))
    for name in ALLOWED.split():
        if _exists(kit, name):
            made.add_rule(kit.ALLOW, name)
    for bit, value in _ANOTHER_THAN_3:
        other = kit.Arg(0, kit.MASKED_EQ, bit, value)
        for name in NOT_OF_THE_CHANNEL.split():
            if _exists(kit, name):
                made.add_rule(kit.ALLOW, name, other)
        for command in (_DUPFD, _DUPFD_CLOEXEC):
            made.add_rule(kit.ALLOW, "fcntl", other, kit.Arg(1, kit.EQ, command))
    # A thread, which shares all that its process has, but no process, and no descriptor that has a number.
    mask = _CLONE_THREAD | _CLONE_NEW_NAMESPACES | _CLONE_PIDFD
    made.add_rule(kit.ALLOW, "clone", kit.Arg(0, kit.MASKED_EQ, mask, _CLONE_THREAD))
    made.add_rule(kit.ERRNO(errno.ENOSYS), "clone3")  # its flags cannot be seen; libc then takes clone
    # Threads wait for each other by an address of their process. By that of a library's text any process that
    # has it, too, could be met. A C library that waits so for the end of a thread is told to look once more.
    made.add_rule(kit.ALLOW, "futex", kit.Arg(1, kit.MASKED_EQ, _FUTEX_PRIVATE, _FUTEX_PRIVATE))
    for wait in (_FUTEX_WAIT, _FUTEX_WAIT_BITSET):
        made.add_rule(kit.ERRNO(errno.EAGAIN), "futex", kit.Arg(1, kit.MASKED_EQ, 0xFF, wait))
    for advice in _ADVICE:
        made.add_rule(kit.ALLOW, "madvise", kit.Arg(2, kit.MASKED_EQ, 0xFFFFFFFF, advice))
    for request in (_TCGETS, _FIONBIO, _FIOCLEX, _FIONREAD):
        made.add_rule(kit.ALLOW, "ioctl", kit.Arg(1, kit.EQ, request))
    for command in (_GETFD, _SETFD, _GETFL, _SETFL):
        made.add_rule(kit.ALLOW, "fcntl", kit.Arg(1, kit.EQ, command))
    for option in (_SO_TYPE, _SO_ERROR, _SO_ACCEPTCONN, _SO_PROTOCOL, _SO_DOMAIN):
        made.add_rule(kit.ALLOW, "getsockopt", kit.Arg(2, kit.EQ, option))
    # Limits may be read, not set: the new limit is a null pointer.
    made.add_rule(kit.ALLOW, "prlimit64", kit.Arg(2, kit.EQ, 0))
    with tempfile.TemporaryFile() as file:
        made.export_bpf(file)
        file.seek(0)
        return file.read()


def _exists(kit: Any, name: str) -> bool:
    """Whether this machine has a call of this name; aarch64 lacks the older ones."""
    return kit.resolve_syscall(kit.system_arch(), name) >= 0
