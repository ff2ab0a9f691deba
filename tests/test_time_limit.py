"""Whatever a learner's function does, it is stopped at its limit, and nothing of the limit stays behind."""

import contextlib
import signal
import sys
import threading
import time
import weakref

import pytest

from helpers import time_limit as module
from helpers.time_limit import TooSlow, time_limit

SHORT = 0.05
LONG = 30.0  # no loop below really runs for ever: one that is not stopped says so after this long


class Patience:
    """True for as long as anybody would wait, then a failed test."""

    def __init__(self):
        self.end = time.monotonic() + LONG
        self.ran_out = False

    def __bool__(self):
        self.ran_out = time.monotonic() > self.end
        return not self.ran_out


def spins(patience):
    while patience:
        pass


def swallows_exceptions(patience):
    while patience:
        try:
            sum(range(10))
        except Exception as error:
            print(error)


def swallows_everything(patience):
    while patience:
        try:
            sum(range(10))
        except BaseException:
            continue


def swallows_in_two_layers(patience):
    while patience:
        try:
            while patience:
                try:
                    sum(range(10))
                except BaseException:
                    continue
        except BaseException:
            continue


def swallows_once_then_spins(patience):
    try:
        spins(patience)
    except BaseException:
        spins(patience)


def swallows_and_returns(patience):
    try:
        spins(patience)
    except BaseException:
        return 1.0


def turns_it_into_another_error(patience):
    try:
        spins(patience)
    except BaseException as error:
        raise ValueError("something else") from error


def tries_again_in_finally(patience):
    try:
        spins(patience)
    finally:
        swallows_everything(patience)


def recurses(patience):
    def deeper(k):
        return deeper(k + 1) if k < 300 else spins(patience)

    deeper(0)


def loops_in_a_generator(patience):
    def endless():
        while patience:
            yield 1

    sum(endless())


ENDLESS = [
    spins,
    swallows_exceptions,
    swallows_everything,
    swallows_in_two_layers,
    swallows_once_then_spins,
    swallows_and_returns,
    turns_it_into_another_error,
    tries_again_in_finally,
    recurses,
    loops_in_a_generator,
]


def in_main(function):
    with time_limit(SHORT):
        return function()


def as_on_windows(function):
    with module._InterruptMain(SHORT):
        return function()


def in_thread(function):
    """Call `in_main` in a thread of its own, where time_limit takes its third way."""
    came = []

    def run():
        try:
            came.append((in_main(function), None))
        except BaseException as error:
            came.append((None, error))

    thread = threading.Thread(target=run)
    thread.start()
    thread.join()
    value, error = came[0]
    if error is not None:
        raise error
    return value


WAYS = [in_main, as_on_windows, in_thread]
# In another thread nothing raises twice, so code that swallows in two layers is beyond it, as its docstring says.
STOPPED = [
    pytest.param(way, function, id=f"{way.__name__}-{function.__name__}")
    for way in WAYS
    for function in ENDLESS
    if (way, function) != (in_thread, swallows_in_two_layers)
]


@pytest.fixture(autouse=True)
def nothing_stays_behind():
    numbers = (signal.SIGALRM, signal.SIGUSR1, signal.SIGINT)
    before = [signal.getsignal(number) for number in numbers]
    tracer, threads = sys.gettrace(), threading.active_count()
    yield
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    assert [signal.getsignal(number) for number in numbers] == before
    assert sys.gettrace() is tracer
    assert threading.active_count() == threads


@pytest.mark.parametrize(("way", "function"), STOPPED)
def test_endless_function_is_stopped(way, function):
    patience = Patience()
    with pytest.raises(TooSlow):
        way(lambda: function(patience))
    assert not patience.ran_out
    assert way(lambda: sum(range(100_000))) == 4999950000  # the next call runs undisturbed


@pytest.mark.parametrize("way", [in_main, in_thread])
def test_sleep_is_interrupted(way):
    naps = 0

    def sleeps():
        nonlocal naps
        for _ in range(200):
            naps += 1
            time.sleep(LONG / 200)

    with pytest.raises(TooSlow):
        way(sleeps)
    assert naps < 200


@pytest.mark.parametrize("way", WAYS)
def test_function_in_time_returns_its_value_and_its_own_errors(way):
    assert way(lambda: 7) == 7
    with pytest.raises(ZeroDivisionError):
        way(lambda: 1 / 0)
    with pytest.raises(KeyboardInterrupt):
        way(_interrupt_by_hand)


def _interrupt_by_hand():
    raise KeyboardInterrupt


@pytest.mark.parametrize("way", WAYS)
def test_limit_that_passes_as_the_function_returns_never_fires_outside(way, monkeypatch):
    """Functions that end within a hair of the limit: either answer will do, but later code is left alone."""
    monkeypatch.setattr(sys.modules[__name__], "SHORT", 0.002)
    answers = set()
    for k in range(60):
        end = time.perf_counter() + 0.002 + (k - 30) * 2e-5

        def nearly(end=end):
            while time.perf_counter() < end:
                pass
            return "in time"

        try:
            answers.add(way(nearly))
        except TooSlow:
            answers.add("stopped")
        sum(range(2000))  # a stray exception would appear here
    assert answers <= {"in time", "stopped"}


def test_context_managers_around_the_block_are_left_properly():
    """The second exception must not appear in what cleans up behind the learner's function."""
    for _ in range(5):
        left = []
        with contextlib.suppress(TooSlow), contextlib.ExitStack() as stack:
            for k in range(20):
                stack.callback(left.append, k)
            with time_limit(SHORT):
                swallows_once_then_spins(Patience())
        assert left == list(range(19, -1, -1))


@pytest.mark.parametrize("way", [module._IntervalTimer, module._InterruptMain])
def test_attempts_while_the_block_is_left_do_nothing(way):
    """As if the signal came when Python has entered __exit__ and not run a line of it yet."""
    limit = way(LONG)
    with limit:
        limit.handle(0, _frame_like(limit.__exit__.__func__.__code__, sys._getframe()))
    assert limit.attempts == 0


@pytest.mark.parametrize("way", [module._IntervalTimer, module._InterruptMain])
@pytest.mark.parametrize("called", [weakref.WeakKeyDictionary, weakref.WeakSet])
def test_attempts_in_the_callback_of_a_weak_reference_wait_for_the_next(way, called):
    """Python prints what is raised there, and goes on."""
    limit = way(LONG)
    with limit:
        limit.seconds = 0  # it is due
        limit.handle(0, _frame_like(called.__init__.__code__, sys._getframe()))
    assert limit.attempts == 0


def test_a_loop_over_weak_references_is_stopped_and_nothing_is_printed(capsys):
    class Key:
        pass

    def forgets_at_once():
        known = weakref.WeakKeyDictionary()
        while True:
            known[Key()] = 1

    for _ in range(5):
        with pytest.raises(TooSlow), time_limit(SHORT):
            forgets_at_once()
    assert capsys.readouterr().err == ""


def _frame_like(code, caller):
    class Frame:
        f_code, f_back = code, caller

    return Frame()


def test_limit_whose_block_is_gone_puts_itself_away():
    """An interrupt by hand can end a block before its __exit__ runs; the timer must not go on for ever."""

    def enters_and_leaves_without_exit():
        limit.__enter__()

    limit = module._IntervalTimer(0.01)
    enters_and_leaves_without_exit()
    patience = Patience()
    while patience and signal.getitimer(signal.ITIMER_REAL) != (0, 0):
        pass
    assert not patience.ran_out
    assert limit.attempts == 0


def test_blocks_nest():
    def stopped_inside_then_spins():
        with pytest.raises(TooSlow):
            in_main(lambda: spins(Patience()))
        spins(Patience())

    with pytest.raises(TooSlow), time_limit(2 * SHORT):
        stopped_inside_then_spins()
    with time_limit(LONG):
        assert in_main(lambda: 1) == 1
        left, repeat = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < left <= LONG
        assert repeat == pytest.approx(module.REPEAT)


def test_somebody_elses_alarm_goes_on():
    rang = []
    previous = signal.signal(signal.SIGALRM, lambda *given: rang.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 2 * SHORT)
        with pytest.raises(TooSlow):
            in_main(lambda: spins(Patience()))
        patience = Patience()
        while patience and not rang:
            pass
        assert rang == [True]
    finally:
        signal.signal(signal.SIGALRM, previous)


def test_tracing_of_a_debugger_is_restored():
    def tracer(frame, event, argument):
        return None

    before = sys.gettrace()
    try:
        sys.settrace(tracer)
        with pytest.raises(TooSlow):
            in_main(lambda: swallows_everything(Patience()))
        assert sys.gettrace() is tracer
    finally:
        sys.settrace(before)


@pytest.mark.parametrize("seconds", [0, -1, float("nan")])
def test_limit_has_to_be_positive(seconds):
    with pytest.raises(ValueError, match="seconds must be > 0"):
        time_limit(seconds)


def test_a_process_that_waits_for_its_turn_is_not_stopped_for_it(monkeypatch):
    """The clock passes the limit several times over while nothing is computed: only PATIENCE ends that."""
    monkeypatch.setattr(module, "PATIENCE", LONG / SHORT)
    for way in (in_main, in_thread):
        began = time.monotonic()
        assert way(lambda: time.sleep(4 * SHORT) or "done") == "done"
        assert time.monotonic() - began > 4 * SHORT
