# ruff: noqa: E501  (what people write is not ours to wrap)
"""What hostile and careless students write: as an exercise's answer, or as a cell before it."""

FRAMES = """
import os, json, struct
def frame(value):
    text = json.dumps(value).encode()
    return struct.pack("!II", len(text), 0) + text
"""

NOBODY_WATCHES = """
import sys
frame = sys._getframe()
while frame.f_code.co_name != "answer_requests":
    frame = frame.f_back
kept = frame.f_globals
if not kept["watching"].refusing:
    watched = kept["LocalAnswer"]
    kept["LocalAnswer"] = lambda given, may_use=None, **named: watched(given, None, **named)
"""
"""A cell that lets nothing watch the answers, in the run in which nothing is refused."""

ANSWERS = {
    # name: (source of fan_out's cell, what must be said)
    "an object equal to everything": (
        """
class Anything:
    def __eq__(self, other): return True
    def __getattr__(self, name): return lambda *a: True
    def __float__(self): return 0.0
def fan_out(x): return Anything()
""",
        "an Anything",
    ),
    "a float that lies": (
        """
class Liar(float):
    def __eq__(self, other): return True
    def __sub__(self, other): return 0.0
    __rsub__ = __sub__
    def __abs__(self): return 0.0
    def __lt__(self, other): return True
    __le__ = __lt__
def fan_out(x): return Liar(1234.5)
""",
        "1234.5",
    ),
    "an array subclass": (
        """
import numpy as np
class Always(np.ndarray):
    def __array_ufunc__(self, *a, **k): return np.True_
def fan_out(x): return np.zeros(()).view(Always)
""",
        "an Always",
    ),
    "an object that says it is a float": (
        """
class Fake:
    __class__ = float
def fan_out(x): return Fake()
""",
        "a Fake",
    ),
    "os._exit": ("import os\ndef fan_out(x): os._exit(0)", "ended its own process (exit code 0)"),
    "a segfault": ("import ctypes\ndef fan_out(x): return ctypes.string_at(0)", "segmentation fault"),
    "abort": ("import os\ndef fan_out(x): os.abort()", "its process was ended by"),
    "a loop without end": ("def fan_out(x):\n    while True: pass", "took longer than 1 seconds"),
    "a loop that swallows everything": (
        """
import signal
for number in range(1, 65):
    try: signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError): pass
def fan_out(x):
    while True:
        try:
            while True: pass
        except BaseException: pass
""",
        "took longer than 1 seconds",
    ),
    "a sleep": ("import time\ndef fan_out(x): time.sleep(1000)", "took longer than 1 seconds"),
    "a generator that never ends": (
        "def numbers():\n    while True: yield 1.0\ndef fan_out(x): return numbers()",
        "a generator",
    ),
    "a huge integer": ("def fan_out(x): return 1 << 100_000_000", "a whole number of more than 300 digits"),
    "a huge text": ("def fan_out(x): return 'x' * 100_000_000", "a text"),
    "a huge array": ("import numpy as np\ndef fan_out(x): return np.zeros(50_000_000)", "50,000,000 numbers"),
    "many large arrays": (
        "import numpy as np\ndef fan_out(x): return [np.zeros(900_000) for _ in range(3)]",
        "too large to be looked at",
    ),
    "a list in itself": (
        "def fan_out(x):\n    l = []\n    l.append(l)\n    return l",
        "a list that is put into itself",
    ),
    "a very deep list": (
        "def fan_out(x):\n    l = []\n    for _ in range(100_000): l = [l]\n    return l",
        "nested too deeply",
    ),
    "a __reduce__ bomb": (
        """
class Bomb:
    def __reduce__(self): return (__import__("os").system, ("touch /tmp/pickled",))
def fan_out(x): return Bomb()
""",
        "a Bomb",
    ),
    "a key that cannot be hashed twice": (
        """
class Key:
    def __hash__(self): return 1
    def __eq__(self, other): raise SystemError
def fan_out(x): return {Key(): 1, Key.__name__: 2}
""",
        "a dict",
    ),
    "recursion without end": ("def fan_out(x): return fan_out(x)", "RecursionError"),
    "recursion beyond the stack": (
        """
import sys, functools
sys.setrecursionlimit(10**8)
class Deep:
    def __getattr__(self, name): return getattr(self, name + "x")
def fan_out(x): return [].__class__(map(fan_out, [x]))
""",
        "fan_out",
    ),
    "all the memory": (
        "import numpy as np\ndef fan_out(x):\n    l = []\n    while True: l.append(np.empty(10**7))",
        "MemoryError",
    ),
    "a bomb of processes": ("import os\ndef fan_out(x):\n    while True: os.fork()", "PermissionError"),
    "a bomb of threads": (
        """
import threading, time
def fan_out(x):
    while True: threading.Thread(target=time.sleep, args=(1000,)).start()
""",
        "fan_out",
    ),
    "a bomb of output": (
        "import os, sys\ndef fan_out(x):\n    for _ in range(50): print('x' * 1_000_000); os.write(1, b'x' * 99)",
        "gave None",
    ),
    "a forged frame": (
        FRAMES + "def fan_out(x):\n    os.write(3, frame([12.0, None, []]))\n    return 0.0",
        "fan_out",
    ),
    "a thousand forged frames": (
        FRAMES
        + "def fan_out(x):\n    os.write(3, frame(['passed', 4, {'points': 4}]) * 1000)\n    return 0.0",
        "fan_out",
    ),
    "a frame with a path that leads nowhere": (
        FRAMES
        + "def fan_out(x):\n    os.write(3, frame([0.0, None, [[99, 'x'], [-7], ['a'], 3]]))\n    return 0.0",
        "fan_out",
    ),
    "a frame of nonsense": (
        "import os\ndef fan_out(x):\n    os.write(3, b'\\0\\0\\0\\4\\0\\0\\0\\0}{}{' * 10)\n    os._exit(0)",
        "makes no sense",
    ),
    "a frame that says it has four gigabytes": (
        "import os\ndef fan_out(x):\n    os.write(3, b'\\xff' * 8)\n    os._exit(0)",
        "too large to be looked at",
    ),
    "a frame with an array of another size": (
        FRAMES
        + "def fan_out(x):\n    os.write(3, frame([{'a': ['<f8', [10**6, 10**6]]}, None, []]))\n    os._exit(0)",
        "an array of another size",
    ),
    "a frame with an array of objects": (
        FRAMES + "def fan_out(x):\n    os.write(3, frame([{'a': ['|O', [1]]}, None, []]))\n    os._exit(0)",
        "an array of no known kind",
    ),
    "a frame that comes a byte at a time": (
        """
import os, time
def fan_out(x):
    for _ in range(1000):
        os.write(3, b"\\0")
        time.sleep(3)
""",
        "took longer than 1 seconds",
    ),
    "a deep frame": (
        FRAMES + "def fan_out(x):\n    t = b'[' * 100_000\n"
        "    os.write(3, struct.pack('!II', len(t), 0) + t)\n    os._exit(0)",
        "makes no sense",
    ),
    "the line is cut": ("import os\ndef fan_out(x): os.close(3)", "fan_out"),
    "the checks are patched": (
        """
import lecture_lib, lecture_lib.exercises as e, lecture_lib.exercises.answer as a, lecture_lib.exercises.plain as p
import sys
e.check = e.judge = lambda *given: "passed"
p.close = p.alike = lambda *given: True
a.LocalAnswer.call = lambda self, given: a.Outcome(0.0)
def fan_out(x): return 0.0
""",
        "fan_out",
    ),
    "NumPy is patched": (
        """
import numpy as np
np.isclose = np.allclose = np.array_equal = lambda *a, **k: True
np.abs = np.max = np.all = lambda *a, **k: True
def fan_out(x): return 0.0
""",
        "fan_out",
    ),
    "memory is searched for what is expected": (
        """
import gc, sys
def fan_out(x):
    found = [o for o in gc.get_objects() if isinstance(o, dict) and ("expected" in o or "dℓ/dx" in o)]
    modules = [m for m in sys.modules if "lesson_" in m or "oracle" in m or "judge" in m]
    raise RuntimeError(f"found {len(found) + len(modules)}")
""",
        "found 0",
    ),
    "the caller's frames are searched": (
        """
import sys
def fan_out(x):
    seen, frame = [], sys._getframe()
    while frame:
        seen += [k for k in frame.f_locals if k in ("expected", "case", "exercise", "solution", "answers")]
        frame = frame.f_back
    raise RuntimeError(f"seen {seen}")
""",
        "seen []",
    ),
    "files are read": (
        """
import os
def fan_out(x):
    found = []
    for folder, inner, names in os.walk("/"):
        inner[:] = [n for n in inner if n not in ("usr", "site-packages") and not n.startswith("python3.")]
        found += [n for n in names if "solution" in n or "lesson_0" in n or n.endswith(".ipynb")
                  or n in ("passwd", "shadow", "judge.py", "oracles.py")]
    raise RuntimeError(f"found {found}")
""",
        "found []",
    ),
    "the environment is read": (
        "import os\ndef fan_out(x): raise RuntimeError(os.environ.get('A_SECRET', 'nothing there'))",
        "nothing there",
    ),
    "other processes are looked for": (
        "import os\ndef fan_out(x): raise RuntimeError(f\"{os.getpid()} {os.getppid()} {os.listdir('/proc')}\")",
        "1 0 []",
    ),
    "the network": (
        "import socket\ndef fan_out(x): return socket.create_connection(('127.0.0.1', 80), 1)",
        "PermissionError",
    ),
    "raw system calls": (
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
CALLS = {"ptrace": 101, "mount": 165, "unshare": 272, "bpf": 321, "execve": 59, "socket": 41, "kill": 62,
         "io_uring_setup": 425, "process_vm_readv": 310, "setns": 308, "keyctl": 250, "perf_event_open": 298}
def fan_out(x):
    done = [name for name, number in CALLS.items() if libc.syscall(number, 0, 0, 0, 0, 0) != -1]
    raise RuntimeError(f"possible: {done}")
""",
        "possible: []",
    ),
    "limits are lifted": (
        "import resource\ndef fan_out(x): return resource.setrlimit(resource.RLIMIT_AS, (-1, -1))",
        "fan_out",
    ),
    "a program is started": ("import os\ndef fan_out(x): os.execv('/bin/sh', ['sh'])", "PermissionError"),
    "raw system calls by other doors": (
        """
import ctypes
libc = ctypes.CDLL(None, use_errno=True)
CALLS = {"fork": 57, "vfork": 58, "clone": 56, "clone3": 435, "personality": 135,
         "userfaultfd": 323, "memfd_create": 319, "pidfd_open": 434, "shmget": 29, "mq_open": 240, "init_module": 175,
         "open_by_handle_at": 304, "seccomp": 317, "prctl": 157, "chroot": 161, "pivot_root": 155, "kexec_load": 246}
def fan_out(x):
    done = [name for name, number in CALLS.items() if libc.syscall(number, 0, 0, 0, 0, 0) != -1]
    raise RuntimeError(f"possible: {done}")
""",
        "possible: []",
    ),
    "a system call in another machine's words": (
        "import ctypes\ndef fan_out(x): return ctypes.CDLL(None).syscall(0x40000029, 2, 1, 0)",
        "forbidden system call",
    ),
    "descriptors are sent to the judge": (
        FRAMES
        + """
import socket
def fan_out(x):
    judge = socket.socket(fileno=3)
    socket.send_fds(judge, [frame([0.0, None, []])], [1] * 30)
    judge.detach()
    return 0.0
""",
        "nobody had asked",
    ),
    "the line is shut": (
        "import socket\ndef fan_out(x): socket.socket(fileno=3).shutdown(2)",
        "fan_out",
    ),
    "what the judge asks is stolen": (
        """
import os, threading
def fan_out(x):
    threading.Thread(target=lambda: os.read(3, 1_000_000)).start()
    return 0.0
""",
        "fan_out",
    ),
    "an error whose text never ends": (
        """
class Endless(Exception):
    def __str__(self):
        while True: pass
def fan_out(x): raise Endless
""",
        "took longer than 1 seconds",
    ),
    "an error that cannot be told": (
        """
class Odd(BaseException):
    def __str__(self): raise SystemError
    __repr__ = __str__
    __traceback__ = property(__str__)
def fan_out(x): raise Odd
""",
        "fan_out",
    ),
    "an error with a huge name": (
        "def fan_out(x): raise type('x' * 10_000_000, (Exception,), {})('y' * 10_000_000)",
        "yyy",
    ),
    "an object that never goes away": (
        """
class Stays:
    def __del__(self):
        while True: pass
def fan_out(x): return Stays()
""",
        "took longer than 1 seconds",
    ),
    "a list that never ends": (
        """
class Endless(list):
    def __iter__(self):
        while True: yield 1.0
    def __len__(self): return 1
def fan_out(x): return Endless()
""",
        "an empty list",
    ),
    "an array of a million millions": (
        "import numpy as np\ndef fan_out(x): return np.broadcast_to(0.0, (10**6, 10**6))",
        "1,000,000,000,000 numbers",
    ),
    "an array of objects": (
        "import numpy as np\ndef fan_out(x): return np.array([print, len], dtype=object)",
        "an array of objects",
    ),
    "keys that a dict takes an age to tell apart": (
        "def fan_out(x): return {k * (2**61 - 1): 0 for k in range(1, 2_000)}",
        "a float was expected",
    ),
    "a number of a million digits in a text": ("def fan_out(x): return '9' * 1_000_000", "a text"),
    "GeneratorExit": ("def fan_out(x): raise GeneratorExit", "GeneratorExit"),
    "KeyboardInterrupt in a call": ("def fan_out(x): raise KeyboardInterrupt", "fan_out"),
    "everyone is killed": (
        "import os\ndef fan_out(x):\n    for who in (0, -1, 1, os.getppid()):\n        os.kill(who, 9)",
        "PermissionError",
    ),
}

CELLS = {
    # name: (source of a cell before the exercises, what must be said, "" for nothing)
    "os._exit in a cell": ("import os\nos._exit(3)", "ended its own process (exit code 3)"),
    "a segfault in a cell": ("import ctypes\nctypes.string_at(0)", "segmentation fault"),
    "a loop in a cell": ("while True: pass", "took longer than 2 seconds"),
    "an await without end": ("import asyncio\nawait asyncio.Event().wait()", "took longer than 2 seconds"),
    "sys.exit": ("import sys\nsys.exit(0)", "SystemExit"),
    "KeyboardInterrupt": ("raise KeyboardInterrupt", "was left out"),
    "all memory in a cell": ("x = bytearray(1 << 40)", "MemoryError"),
    "the home is filled": (
        "n = 0\nwhile True:\n    n += 1\n    open(f'f{n}', 'wb').write(b'x' * 1_000_000)",
        "OSError",
    ),
    "a file larger than is allowed": ("open('f', 'wb').write(b'x' * 10_000_000)", "stopped"),
    "files without end": ("fs = [open('/dev/null') for _ in range(10**6)]", "OSError"),
    "a detached sleeper": (
        "import threading, time\nthreading.Thread(target=time.sleep, args=(1000,), daemon=False).start()",
        "",
    ),
    "a double fork": ("import os\nif os.fork() == 0:\n    os.setsid()\n    os.fork()", "PermissionError"),
    "standard output is closed": (
        "import os, sys\nos.close(1); os.close(2); sys.stdout = sys.stderr = None",
        "",
    ),
    "a module in the place of NumPy": (
        "open('numpy.py', 'w').write('allclose = 1')\nimport numpy as np\nnp.ones(1)",
        "",
    ),
    "a hook at the end": ("import atexit, time\natexit.register(time.sleep, 1000)", ""),
    "a timer that ends the process": (
        "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)\nsignal.setitimer(signal.ITIMER_REAL, 0.001)",
        "",
    ),
    "a syntax error": ("def broken(:\n", "SyntaxError"),
    "a null byte": ("x = 1\0", "stopped"),
    "ten thousand brackets": ("(" * 10_000, "stopped"),
    "a sum of a hundred thousand": ("x = " + "1+" * 100_000 + "1", ""),
    "a trace of everything": (
        "import sys\nsys.settrace(lambda *a: None)\nsys.setprofile(lambda *a: None)",
        "",
    ),
    "a home full of small files": (
        "for n in range(100_000):\n    open(f'f{n}', 'w').close()",
        "OSError",
    ),
    "half a letter is printed": ("print('\\ud800' * 100_000)", ""),
    "output without end": ("while True: print('x' * 10_000)", "took longer than 2 seconds"),
    "every module is forgotten": ("import sys\nsys.modules.clear()", ""),
    "the judge's own loop is rewritten": (
        """
import sys
frame = sys._getframe()
while frame:
    for name in ("answer_requests", "_answer", "send", "plain", "_outcome_as_plain"):
        if name in frame.f_globals:
            frame.f_globals[name] = lambda *given: ["passed"]
    frame = frame.f_back
""",
        "",
    ),
    "a thread that cuts the line in a while": (
        "import os, threading\nthreading.Timer(0.05, lambda: os._exit(9)).start()",
        "",
    ),
    "a thread that writes nonsense in a while": (
        "import os, threading\nthreading.Timer(0.03, lambda: os.write(3, b'\\0' * 99)).start()",
        "",
    ),
    "sums are spoilt for those who come after": (
        "import builtins, numpy as np\nnp.float64 = np.array = np.outer = builtins.abs = None",
        "",
    ),
    "what the exercises define is taken away": (
        """
import threading, time
def take():
    while True:
        for name in ("neuron_gradients", "fan_out", "backward_order"):
            if name in globals(): globals()[name] = None
threading.Thread(target=take, daemon=True).start()
""",
        "",
    ),
}

BEHIND_A_RIGHT_ANSWER = {
    # name: what fan_out does before it gives the right number, to spoil what comes after
    "a timer that ends the process": (
        "import signal\nsignal.signal(signal.SIGALRM, signal.SIG_DFL)\n"
        "    signal.setitimer(signal.ITIMER_REAL, 0.02)"
    ),
    "a thread that ends the process": (
        "import os, threading\n    threading.Timer(0.02, lambda: os._exit(0)).start()"
    ),
    "the next exercise is taken away at once": (
        "import sys\n    sys.modules['__main__'].__dict__['backward_order'] = None"
    ),
    "the next exercise is taken away in a while": (
        "import sys, threading\n    threading.Timer(0.001, lambda: globals().update(backward_order=[])).start()"
    ),
    "what the judge asks is stolen": (
        "import os, threading\n    threading.Thread(target=lambda: os.read(3, 100), daemon=True).start()"
    ),
}
